#include "adapter/hj212/factors.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace tocsin::hj212 {
namespace {

constexpr std::string_view rows =
#include "adapter/hj212/factor_rows.inc"
    ;

struct Table {
  std::vector<Factor> printed;
  std::vector<const Factor*> by_code, by_code_2005;
};

std::array<std::string_view, 6> columns(std::string_view line) {
  std::array<std::string_view, 6> out;
  for (auto& column : out) {
    const std::size_t bar = std::min(line.find('|'), line.size());
    column = line.substr(0, bar);
    line.remove_prefix(std::min(bar + 1, line.size()));
  }
  return out;
}

Table read_rows() {
  Table out;
  for (std::string_view rest = rows; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    const auto [table, code, code_2005, unit, format, name] = columns(line);
    out.printed.push_back({table, code, code_2005, unit, format, name});
  }
  for (const Factor& factor : out.printed) {
    out.by_code.push_back(&factor);
    if (!factor.code_2005.empty()) out.by_code_2005.push_back(&factor);
  }
  const auto by = [](std::string_view Factor::* column) {  // of equals, the one printed first
    return [column](const Factor* a, const Factor* b) {
      return std::pair(a->*column, a) < std::pair(b->*column, b);
    };
  };
  std::ranges::sort(out.by_code, by(&Factor::code));
  std::ranges::sort(out.by_code_2005, by(&Factor::code_2005));
  return out;
}

const Table& table() {
  static const Table read = read_rows();
  return read;
}

const Factor* look_up(const std::vector<const Factor*>& sorted, std::string_view key,
                      std::string_view Factor::* column) {
  const auto found = std::ranges::lower_bound(sorted, key, {}, column);
  return found != sorted.end() && (*found)->*column == key ? *found : nullptr;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::span<const Factor> factors() { return table().printed; }

const Factor* find_factor(std::string_view code) {
  if (const Factor* exact = look_up(table().by_code, code, &Factor::code)) return exact;
  const bool numbered = code.size() == 6 && (code[0] == 'e' || code[0] == 'g') &&
                        is_digit(code[4]) && is_digit(code[5]);
  if (!numbered) return nullptr;
  const char pattern[6] = {code[0], code[1], code[2], code[3], 'x', 'x'};
  return look_up(table().by_code, std::string_view(pattern, 6), &Factor::code);
}

const Factor* find_factor_2005(std::string_view code) {
  return look_up(table().by_code_2005, code, &Factor::code_2005);
}

std::string_view standard_code(std::string_view code) {
  if (find_factor(code) != nullptr) return code;
  const Factor* old = find_factor_2005(code);
  return old != nullptr ? old->code : std::string_view{};
}

}  // namespace tocsin::hj212
