#pragma once
// The four colours, shared by every room that speaks of warnings.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin {

/// 预警级别. 1 红 is the gravest (突发事件应对法 art. 63). The number is what HTTP and the log
/// carry.
enum class Level : std::uint8_t { red = 1, orange = 2, yellow = 3, blue = 4 };

constexpr bool graver(Level a, Level b) {
  return static_cast<std::uint8_t>(a) < static_cast<std::uint8_t>(b);
}

inline constexpr std::array<std::string_view, 4> level_names{"red", "orange", "yellow", "blue"};

/// "red", "orange", "yellow", "blue".
constexpr std::string_view name_of(Level level) {
  return level_names[static_cast<std::size_t>(level) - 1];
}

constexpr std::optional<Level> parse_level(std::string_view name) {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i] == name) return static_cast<Level>(i + 1);
  return std::nullopt;
}

}  // namespace tocsin
