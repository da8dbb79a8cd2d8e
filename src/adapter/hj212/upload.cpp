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

bool has_point(const Case& c, std::string_view code) {
  const auto& stations = c.registry.stations();
  return std::ranges::any_of(stations.points_of(*c.out.station),
                             [&](auto point) { return stations.points()[point].code == code; });
}

void take_value(Case& c, const Value& value, const Measurement& frame_of) {
  const auto skip = [&](Aside why) {
    const bool beside = why == Aside::no_point && has_point(c, value.code);
    c.out.skipped.push_back(
        {std::string(value.code), std::string(name_of(value.stat)), why, beside});
  };
  const auto point = c.registry.point(*c.out.station, value.code, name_of(value.stat));
  if (!point) return skip(Aside::no_point);
  const bool old = !c.head().flag || c.head().flag->version() == Version::v2005;
  const auto flag = flag_of(value.flag.value_or(""), old);
  if (!flag) return skip(Aside::bad_flag);
  const bool may_lack = *flag != observation::Flag::none && *flag != observation::Flag::normal;
  const bool readable = value.number && !value.torn;
  if (!readable && !may_lack) return skip(Aside::no_value);
  Measurement m = frame_of;
  m.point = *point;
  m.flag = *flag;
  if (readable) m.value = in_unit_of_point(c, value, c.registry.stations().points()[*point], *flag);
  c.out.readings.push_back(m);
}

/// A field that is a factor's value in some other spelling: "w01018_Rtd", "w01018".
bool names_factor(const Case& c, std::string_view name) {
  const auto plain = [](char l) {
    return (l >= '0' && l <= '9') || (l >= 'a' && l <= 'z') || (l >= 'A' && l <= 'Z');
  };
  const auto end = std::ranges::find_if_not(name, plain);
  const std::string_view code(name.begin(), end);
  if (find_factor(code) != nullptr || find_factor_2005(code) != nullptr) return true;
  return has_point(c, code);
}

/// Why none of the frame was taken: the one reason there is, else that nothing could be used.
Aside common_reason(const std::vector<Skipped>& skipped) {
  const bool one =
      std::ranges::all_of(skipped, [&](const Skipped& s) { return s.why == skipped.front().why; });
  return one ? skipped.front().why : Aside::no_value;
}

}  // namespace

Verdict take_values(Case& c) {
  const auto& values = c.values.read(c.cp, c.settings.values_max);
  if (c.values.cut_short()) return Aside::bad_frame;
  for (const Item& item : c.values.others())
    if (!item.attribute.empty() || names_factor(c, item.code))
      c.out.skipped.push_back(
          {std::string(item.code), std::string(item.attribute), Aside::bad_attribute, false});
  if (values.empty() && c.out.skipped.empty()) return std::nullopt;
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
  return common_reason(c.out.skipped);
}

}  // namespace tocsin::hj212
