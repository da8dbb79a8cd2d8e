#include "base/figure.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "base/unit.h"

namespace tocsin {
namespace {

std::string number_text(double value) {
  std::array<char, 32> out{};
  constexpr int digits = 6;
  const auto end =
      std::to_chars(out.data(), out.data() + out.size(), value, std::chars_format::general, digits);
  return {out.data(), end.ptr};
}

std::string measured_text(double value, std::string_view unit) {
  std::string out = number_text(value);
  if (!unit.empty()) out += " " + unit_text(unit);
  return out;
}

/// In the largest unit that goes into it whole, seconds at the least.
Text length_text(Duration length) {
  using std::chrono::hours, std::chrono::minutes;
  const auto whole = [&](auto unit) { return length % unit == Duration::zero(); };
  const auto in = [&](auto unit, const char* zh, const char* en) {
    const std::string n = std::to_string(length / unit);
    return Text{n + " " + zh, n + " " + en};
  };
  if (whole(hours(1))) return in(hours(1), "小时", "h");
  if (whole(minutes(1))) return in(minutes(1), "分钟", "min");
  return in(std::chrono::seconds(1), "秒", "s");
}

}  // namespace

Text figure_text(double value, std::string_view unit, const std::optional<ChangeWithin>& change) {
  if (!change) return {measured_text(value, unit), measured_text(value, unit)};
  const Text per = length_text(change->per);
  const std::string by = measured_text(std::abs(value), unit);
  Text out{per.zh + (value < 0 ? "降 " : "涨 ") + by,
           (value < 0 ? "fell " : "rose ") + by + " within " + per.en};
  if (change->level) {
    const std::string to = measured_text(*change->level, unit);
    out.zh += "，到 " + to;
    out.en += ", to " + to;
  }
  return out;
}

}  // namespace tocsin
