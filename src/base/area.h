#pragma once
// 行政区划代码. Division codes (GB/T 2260 to the county, GB/T 10114 below it) and the edition they
// were published in. A code alone names nothing for long: the list of 2025 calls 331126001 another
// subdistrict than the list of 2022 does. So everything that lies somewhere keeps code *and*
// edition.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

/// 区划编号. `code` in its shortest form ("331126", "331126001", "331126001209"), `edition` the
/// year or name of the list ("2022").
struct AreaId {
  std::string code;
  std::string edition;

  auto operator<=>(const AreaId&) const = default;
};

/// 区划级别; the value is the number of digits of its code.
enum class AreaLevel : std::uint8_t {
  province = 2,  // 省级
  city = 4,      // 地级
  county = 6,    // 县级
  township = 9,  // 乡级
  village = 12,  // 村级
};

/// "county", "township" …
std::string_view name_of(AreaLevel level);
/// English or Chinese ("township", "乡级", "乡镇"); nullopt when it is no level.
std::optional<AreaLevel> parse_area_level(std::string_view text);

/// The shortest form of a code: "331126000000" and "331126" are the same county. Empty when the
/// text is no division code (digits only; 2, 4, 6, 9 or 12 of them).
std::string_view short_area_code(std::string_view code);

/// Level of a code in its shortest form; nullopt when it is no code.
std::optional<AreaLevel> level_of(std::string_view code);

/// "331126001@2022", the form an area has in messages for people.
std::string text_of(const AreaId& area);

/// 1 to `size_max` characters of A-Z a-z 0-9 . _ - that begin with a letter or digit: what an
/// edition or the id of a register row may hold.
bool is_register_id(std::string_view text, std::size_t size_max = 64);

}  // namespace tocsin
