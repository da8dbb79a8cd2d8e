#include "base/time.h"

#include <cstdio>

namespace tocsin {
namespace {

struct Civil {
  int year, month, day, hour, minute, second, ms;
};

Civil civil(Instant t, Duration offset) {
  const auto local = t + offset;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day ymd(day);
  const std::chrono::hh_mm_ss<Duration> clock(local - day);
  return {static_cast<int>(ymd.year()),
          static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()),
          static_cast<int>(clock.subseconds().count())};
}

/// Reads exactly `n` decimal digits at `at`; -1 when one of them is none.
int digits(std::string_view text, std::size_t at, std::size_t n) {
  if (at + n > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + n; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

Result<Instant> make(const Civil& c, Duration offset, std::string_view text) {
  namespace ch = std::chrono;
  const ch::year_month_day ymd(ch::year(c.year), ch::month(static_cast<unsigned>(c.month)),
                               ch::day(static_cast<unsigned>(c.day)));
  const bool in_range = c.year >= 1970 && c.year <= 2999 && ymd.ok() && c.hour >= 0 &&
                        c.hour < 24 && c.minute >= 0 && c.minute < 60 && c.second >= 0 &&
                        c.second < 60 && c.ms >= 0;
  if (!in_range) return fail("time.bad", "", std::string(text.substr(0, 40)));
  return Instant(ch::sys_days(ymd)) + ch::hours(c.hour) + ch::minutes(c.minute) +
         ch::seconds(c.second) + Duration(c.ms) - offset;
}

/// Reads ".123456" at `at`, keeps milliseconds, moves `at` behind it. False when malformed.
bool fraction(std::string_view text, std::size_t& at, int& ms) {
  if (at >= text.size() || text[at] != '.') return true;
  std::size_t n = 0;
  int scale = 100;
  for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++n, scale /= 10)
    ms += (text[at] - '0') * scale;
  return n > 0 && n <= 9;
}

}  // namespace

std::string iso_utc(Instant t) {
  const Civil c = civil(t, Duration(0));
  char out[40];
  const int n = std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year,
                              c.month, c.day, c.hour, c.minute, c.second, c.ms);
  return std::string(out, static_cast<std::size_t>(n));
}

std::string iso_beijing(Instant t) {
  const Civil c = civil(t, beijing_offset);
  char out[40];
  const int n = std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", c.year,
                              c.month, c.day, c.hour, c.minute, c.second);
  return std::string(out, static_cast<std::size_t>(n));
}

std::string text_beijing(Instant t) {
  const Civil c = civil(t, beijing_offset);
  char out[40];
  const int n = std::snprintf(out, sizeof out, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month,
                              c.day, c.hour, c.minute, c.second);
  return std::string(out, static_cast<std::size_t>(n));
}

std::string compact_beijing(Instant t) {
  const Civil c = civil(t, beijing_offset);
  char out[40];
  const int n = std::snprintf(out, sizeof out, "%04d%02d%02d%02d%02d%02d", c.year, c.month, c.day,
                              c.hour, c.minute, c.second);
  return std::string(out, static_cast<std::size_t>(n));
}

Result<Instant> parse_iso(std::string_view text) {
  const auto bad = [&] { return fail("time.bad", "", std::string(text.substr(0, 40))); };
  const bool shaped = text.size() >= 20 && text.size() <= 40 && text[4] == '-' && text[7] == '-' &&
                      (text[10] == 'T' || text[10] == ' ') && text[13] == ':' && text[16] == ':';
  if (!shaped) return bad();
  Civil c{digits(text, 0, 4),
          digits(text, 5, 2),
          digits(text, 8, 2),
          digits(text, 11, 2),
          digits(text, 14, 2),
          digits(text, 17, 2),
          0};
  if (c.month < 0 || c.day < 0) return bad();
  std::size_t at = 19;
  if (!fraction(text, at, c.ms)) return bad();
  const std::string_view zone = text.substr(at);
  if (zone == "Z") return make(c, Duration(0), text);
  const bool offset = zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':';
  const int hours = offset ? digits(zone, 1, 2) : -1, minutes = offset ? digits(zone, 4, 2) : -1;
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return bad();
  const Duration shift = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return make(c, zone[0] == '+' ? shift : -shift, text);
}

Result<Instant> parse_compact_beijing(std::string_view text) {
  if (text.size() != 14 && text.size() != 17)
    return fail("time.bad", "", std::string(text.substr(0, 40)));
  const Civil c{digits(text, 0, 4),
                digits(text, 4, 2),
                digits(text, 6, 2),
                digits(text, 8, 2),
                digits(text, 10, 2),
                digits(text, 12, 2),
                text.size() == 17 ? digits(text, 14, 3) : 0};
  if (c.month < 0 || c.day < 0) return fail("time.bad", "", std::string(text.substr(0, 40)));
  return make(c, beijing_offset, text);
}

}  // namespace tocsin
