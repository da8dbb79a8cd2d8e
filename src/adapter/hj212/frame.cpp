#include "adapter/hj212/frame.h"

#include <algorithm>
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

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Splits `cp`, "CP=&&body&&", into its marks and its body; a mark may be & or &&& by mistake.
/// `data` is behind "=".
void take_cp(Segment& out, const std::string_view cp, std::size_t data) {
  std::string_view text = trim(cp.substr(data));
  const std::size_t run = std::min(text.find_first_not_of('&'), text.size());
  out.has_cp = true;
  out.opened = run >= 2;
  out.extra_ampersand = run == 3 && text.size() > 3;
  text.remove_prefix(out.extra_ampersand ? 3 : std::min<std::size_t>(run, 2));
  out.cp_mark = cp.substr(0, static_cast<std::size_t>(text.data() - cp.data()));
  const std::size_t close = text.rfind("&&");
  out.closed = close != std::string_view::npos;
  if (out.closed) {
    out.text_behind_cp = close + 2 != text.size();
    text = text.substr(0, close);
    while (text.ends_with("&&")) text.remove_suffix(2);
  }
  if (text.ends_with('&')) {
    text.remove_suffix(1);
    out.extra_ampersand |= out.closed;
  }
  out.cp = text;
}

/// Where the name CP begins that the "=" at `equals` belongs to; npos when it is another name.
std::size_t cp_name_before(std::string_view text, std::size_t equals) {
  while (equals > 0 && is_blank(text[equals - 1])) --equals;
  const bool cp = equals >= 2 && same_name(text.substr(equals - 2, 2), "CP");
  return cp ? equals - 2 : std::string_view::npos;
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
  const auto cp = find_cp(segment);
  out.head_text = segment.substr(0, cp ? cp->name : segment.size());
  for_each_head_item(out.head_text, [&](std::string_view name, std::string_view value) {
    take(out.head, name, value);
  });
  out.head.flag = parse_flag(out.head.flag_text);
  if (cp) take_cp(out, segment.substr(cp->name), cp->data - cp->name);
  return out;
}

std::optional<CpMark> find_cp(std::string_view segment) {
  constexpr std::size_t none = std::string_view::npos;
  for (std::size_t at = segment.find("&&"); at != none; at = segment.find("&&", at + 1)) {
    std::size_t behind = at;
    while (behind > 0 && is_blank(segment[behind - 1])) --behind;
    if (behind == 0 || segment[behind - 1] != '=') continue;
    const std::size_t name = cp_name_before(segment, behind - 1);
    if (name != none) return CpMark{name, at};
  }
  for (std::size_t at = segment.find('='); at != none; at = segment.find('=', at + 1)) {
    const std::size_t name = cp_name_before(segment, at);
    if (name == none) continue;
    const bool item = name == 0 || is_blank(segment[name - 1]) || segment[name - 1] == ';' ||
                      segment[name - 1] == ',';
    if (item || segment.substr(name, 3) == "CP=") return CpMark{name, at + 1};
  }
  return std::nullopt;
}

std::string plain_segment(const Segment& segment, std::string_view plain_cp) {
  std::string out;
  const std::string_view mark = segment.opened ? segment.cp_mark : "CP=&&";
  out.reserve(segment.head_text.size() + mark.size() + plain_cp.size() + 2);
  out.append(segment.head_text).append(mark).append(plain_cp).append("&&");
  return out;
}

}  // namespace tocsin::hj212
