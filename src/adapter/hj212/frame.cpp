#include "adapter/hj212/frame.h"

#include <charconv>

namespace tocsin::hj212 {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

std::optional<Flag> parse_flag(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < 0 || value > 255) return std::nullopt;
  return Flag{value};
}

void take(Head& head, std::string_view name, std::string_view value) {
  struct Slot {
    std::string_view name;
    std::string_view Head::* at;
  };
  static constexpr Slot slots[] = {
      {"QN", &Head::qn},     {"ST", &Head::st},   {"CN", &Head::cn},
      {"PW", &Head::pw},     {"MN", &Head::mn},   {"Flag", &Head::flag_text},
      {"PNUM", &Head::pnum}, {"PNO", &Head::pno}, {"RF", &Head::rf}};
  for (const Slot& slot : slots) {
    if (!same_name(slot.name, name)) continue;
    head.*slot.at = value;
    if (slot.at == &Head::pw) head.has_pw = true;
    return;
  }
}

/// Splits "CP=&&body&&" into its body; `text` starts behind "CP=".
void take_cp(Segment& out, std::string_view text) {
  out.has_cp = true;
  text = trim(text);
  out.opened = text.starts_with("&&");
  if (out.opened) text.remove_prefix(2);
  const std::size_t close = text.rfind("&&");
  out.closed = close != std::string_view::npos;
  if (out.closed) {
    out.text_behind_cp = close + 2 != text.size();
    text = text.substr(0, close);
    while (text.ends_with("&&")) text.remove_suffix(2);
  }
  out.cp = text;
}

}  // namespace

Version Flag::version() const {
  const int version = value >> 2;
  return version <= 2 ? static_cast<Version>(version) : Version::unknown;
}

int Head::command() const {
  int value = 0;
  if (cn.size() != 4) return -1;
  for (const char c : cn) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Segment parse_segment(std::string_view segment) {
  Segment out;
  std::size_t cp = segment.find("CP=&&");
  if (cp == std::string_view::npos) cp = segment.find("CP=");
  out.head_text = segment.substr(0, cp);
  for_each_head_item(out.head_text, [&](std::string_view name, std::string_view value) {
    take(out.head, name, value);
  });
  out.head.flag = parse_flag(out.head.flag_text);
  if (cp != std::string_view::npos) take_cp(out, segment.substr(cp + 3));
  return out;
}

std::string plain_segment(const Segment& segment, std::string_view plain_cp) {
  std::string out;
  out.reserve(segment.head_text.size() + plain_cp.size() + 7);
  out.append(segment.head_text).append("CP=&&").append(plain_cp).append("&&");
  return out;
}

}  // namespace tocsin::hj212
