#include "adapter/http/target.h"

#include "base/encode.h"

namespace tocsin::http {
namespace {

constexpr std::size_t target_max = 8 * 1024;
constexpr std::size_t pairs_max = 100;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string at_byte(std::size_t i) { return "byte " + std::to_string(i); }

}  // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_space, std::string_view code,
                                   std::size_t offset, bool allow_newlines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t start = i;
    char c = text[i];
    if (c == '%') {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return fail(std::string(code), at_byte(offset + i), "a % without two hex digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    const auto byte = static_cast<unsigned char>(c);
    const bool newline = c == '\n' || c == '\r' || c == '\t';
    if (byte == 0x7f || (byte < 0x20 && !(allow_newlines && newline)))
      return fail(std::string(code), at_byte(offset + start), "a control character");
    out.push_back(c);
  }
  if (!valid_utf8(out)) return fail(std::string(code), at_byte(offset), "not UTF-8");
  return out;
}

Result<Pairs> parse_pairs(std::string_view text, std::string_view code, std::size_t offset,
                          bool allow_newlines) {
  Pairs out;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('&', start), text.size());
    const std::string_view pair = text.substr(start, end - start);
    if (!pair.empty()) {
      if (out.size() == pairs_max)
        return fail(std::string(code), at_byte(offset + start), "more than 100 pairs");
      const std::size_t cut = std::min(pair.find('='), pair.size());
      auto name = percent_decode(pair.substr(0, cut), true, code, offset + start);
      if (!name) return std::unexpected(name.error());
      const std::size_t value_at = std::min(cut + 1, pair.size());
      auto value = percent_decode(pair.substr(value_at), true, code, offset + start + value_at,
                                  allow_newlines);
      if (!value) return std::unexpected(value.error());
      out.emplace_back(std::move(*name), std::move(*value));
    }
    start = end + 1;
  }
  return out;
}

Result<Target> split_target(std::string_view target) {
  if (target.empty() || target.front() != '/')
    return fail("http.bad_target", "byte 0", "the request target must begin with /");
  if (target.size() > target_max)
    return fail("http.bad_target", at_byte(target_max), "the request target is longer than 8 kB");
  for (std::size_t i = 0; i < target.size(); ++i)
    if (target[i] <= 0x20 || target[i] == 0x7f)
      return fail("http.bad_target", at_byte(i), "not printable ASCII");
  target = target.substr(0, target.find('#'));
  const std::size_t mark = std::min(target.find('?'), target.size());
  return Target{target.substr(0, mark), target.substr(std::min(mark + 1, target.size()))};
}

std::string_view cookie_of(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (!pair.empty() && (pair.front() == ' ' || pair.front() == '\t')) pair.remove_prefix(1);
    while (!pair.empty() && (pair.back() == ' ' || pair.back() == '\t')) pair.remove_suffix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      std::string_view value = pair.substr(name.size() + 1);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      return value;
    }
  }
  return {};
}

}  // namespace tocsin::http
