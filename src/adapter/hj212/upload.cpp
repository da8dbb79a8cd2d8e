#include <algorithm>

#include "adapter/hj212/factors.h"
#include "adapter/hj212/judge.h"
#include "adapter/hj212/units.h"

namespace tocsin::hj212 {
namespace {

/// 数据标记. The letters of the standard in either case; what 2005 stations wrote in their place.
std::optional<observation::Flag> flag_of(std::string_view text, bool old) {
  if (text.empty()) return observation::Flag::none;
  if (text.size() > 1) return std::nullopt;
  const char letter =
      text[0] >= 'a' && text[0] <= 'z' ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
  if (observation::is_flag(letter)) return static_cast<observation::Flag>(letter);
  if (!old) return std::nullopt;
  switch (letter) {  // HJ/T 212-2005: P power failure; air stations 0 calibration, 2 abnormal
    case 'P':
    case '2':
      return observation::Flag::fault;
    case '0':
      return observation::Flag::calibration;
    case '1':
    case '3':
      return observation::Flag::normal;
    default:
      return std::nullopt;
  }
}

/// The value in the point's unit; keeps count when it cannot be in it.
double in_unit_of_point(Case& c, const Value& value, const observation::Point& point,
                        observation::Flag flag) {
  const std::string_view standard = standard_code(value.code);
  const std::string_view code = standard.empty() ? value.code : standard;
  for (const auto& [factor, unit] : c.profile().dialect.units)
    if (factor == code || factor == value.code)
      return convert(*value.number, unit, point.unit).value_or(*value.number);
  const bool speaks = flag == observation::Flag::normal || flag == observation::Flag::none;
  const bool level = value.stat == Stat::rtd || value.stat == Stat::avg;
  if (!speaks || !level) return *value.number;
  const UnitGuess guess = guess_unit(c.head().st, code, *value.number, point.unit);
  if (!guess.telling) return *value.number;
  const std::string aspect = "unit:" + std::string(code);
  tell(c, aspect, guess.other.empty() ? "" : aspect + ":" + std::string(guess.other));
  return *value.number;
}

void take_value(Case& c, const Value& value, const Measurement& frame_of) {
  const auto skip = [&](Skipped::Why why) {
    c.out.skipped.push_back({std::string(value.code), std::string(name_of(value.stat)), why});
  };
  const auto point = c.registry.point(*c.out.station, value.code, name_of(value.stat));
  if (!point) return skip(Skipped::Why::no_point);
  const bool old = !c.head().flag || c.head().flag->version() == Version::v2005;
  const auto flag = flag_of(value.flag.value_or(""), old);
  if (!flag) return skip(Skipped::Why::unknown_flag);
  const bool may_lack = *flag != observation::Flag::none && *flag != observation::Flag::normal;
  if (!value.number && !may_lack) return skip(Skipped::Why::bad_number);
  Measurement m = frame_of;
  m.point = *point;
  m.flag = *flag;
  if (value.number)
    m.value = in_unit_of_point(c, value, c.registry.stations().points()[*point], *flag);
  c.out.readings.push_back(m);
}

}  // namespace

Verdict take_values(Case& c) {
  const auto& values = c.values.read(c.cp, c.settings.values_max);
  if (c.values.cut_short()) return Aside::bad_frame;
  if (values.empty()) return std::nullopt;
  auto text = cp_field(c.cp, "DataTime");
  if (!text) text = cp_field(c.cp, "AlarmTime");
  const auto said = device_time(text.value_or(""));
  if (!said) return Aside::bad_time;
  const Instant start = *said + (c.profile().dialect.utc ? beijing_offset : Duration(0));
  if (start > c.now + c.settings.ahead_max) return Aside::time_ahead;
  if (start < c.now - c.settings.retention) return Aside::time_too_old;
  Measurement frame_of;
  const TimeMeaning meaning = time_meaning(c.out.cn);
  if (meaning.kind == TimeKind::period_start)
    frame_of.period =
        meaning.period > Duration(0) ? meaning.period : c.profile().settings.minute_period;
  frame_of.time = start + frame_of.period;
  for (const Value& value : values) take_value(c, value, frame_of);
  if (!c.out.readings.empty()) return std::nullopt;
  const bool no_point = std::ranges::all_of(
      c.out.skipped, [](const Skipped& s) { return s.why == Skipped::Why::no_point; });
  return no_point ? Aside::no_point : Aside::no_value;
}

}  // namespace tocsin::hj212
