#pragma once
// Instants and durations. Inside the program time is UTC in milliseconds; a wall clock is never
// read here: `now` is handed in by whoever owns a clock (adapter/, sim/).

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

using Duration = std::chrono::milliseconds;
/// 时刻. UTC, milliseconds since 1970-01-01.
using Instant = std::chrono::sys_time<Duration>;

inline constexpr Duration beijing_offset = std::chrono::hours(8);

inline constexpr Instant instant_ms(std::int64_t ms) { return Instant(Duration(ms)); }
inline constexpr std::int64_t ms_of(Instant t) { return t.time_since_epoch().count(); }

/// "2026-11-22T02:00:03.120Z". Always UTC, always milliseconds.
std::string iso_utc(Instant t);

/// "2026-11-22T10:00:03+08:00", seconds precision: the form CAP 1.2 wants.
std::string iso_beijing(Instant t);

/// "2026-11-22 10:00:03" in Beijing time, for people.
std::string text_beijing(Instant t);

/// ISO 8601 date-time with zone ("Z" or "+08:00"), fraction optional (kept to milliseconds), years
/// 1970-2999. Error "time.bad" when malformed, out of range or without a zone.
Result<Instant> parse_iso(std::string_view text);

/// "YYYYMMDDhhmmss" or with "mmm" behind (14 or 17 digits), read as Beijing time, as HJ 212 and the
/// warning identifiers write it. Error "time.bad" when it is not a calendar instant.
Result<Instant> parse_compact_beijing(std::string_view digits);

/// "YYYYMMDDhhmmss" in Beijing time.
std::string compact_beijing(Instant t);

}  // namespace tocsin
