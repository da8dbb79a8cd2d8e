#include "base/area.h"

#include <algorithm>
#include <array>

namespace tocsin {
namespace {

struct LevelName {
  AreaLevel level;
  std::string_view english;
  std::array<std::string_view, 3> chinese;
};

constexpr std::array<LevelName, 5> level_names{{
    {AreaLevel::province, "province", {"省级", "省", "自治区"}},
    {AreaLevel::city, "city", {"地级", "市", "地级市"}},
    {AreaLevel::county, "county", {"县级", "县", "区县"}},
    {AreaLevel::township, "township", {"乡级", "乡镇", "乡镇街道"}},
    {AreaLevel::village, "village", {"村级", "村", "村社区"}},
}};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string_view name_of(AreaLevel level) {
  for (const LevelName& name : level_names)
    if (name.level == level) return name.english;
  return "";
}

std::optional<AreaLevel> parse_area_level(std::string_view text) {
  for (const LevelName& name : level_names)
    if (name.english == text || std::ranges::find(name.chinese, text) != name.chinese.end())
      return name.level;
  return std::nullopt;
}

std::string_view short_area_code(std::string_view code) {
  if (!std::ranges::all_of(code, is_digit)) return {};
  while (level_of(code)) {
    const std::size_t tail = code.size() > 6 ? 3 : 2;
    if (code.size() == 2 || code.substr(code.size() - tail) != std::string_view("000", tail))
      return code;
    code.remove_suffix(tail);
  }
  return {};
}

std::optional<AreaLevel> level_of(std::string_view code) {
  for (const LevelName& name : level_names)
    if (code.size() == static_cast<std::size_t>(name.level)) return name.level;
  return std::nullopt;
}

std::string text_of(const AreaId& area) { return area.code + "@" + area.edition; }

bool is_register_id(std::string_view text, std::size_t size_max) {
  if (text.empty() || text.size() > size_max) return false;
  if (!is_digit(text.front()) && !is_letter(text.front())) return false;
  return std::ranges::all_of(
      text, [](char c) { return is_digit(c) || is_letter(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace tocsin
