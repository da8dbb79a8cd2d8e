#include "adapter/hj212/command.h"

#include <algorithm>
#include <span>

#include "adapter/hj212/values.h"

namespace tocsin::hj212 {
namespace {

constexpr int always_up[] = {1013, 2072, 2081, 9015};
constexpr int always_down[] = {1000, 1002, 1012, 1022, 1032, 1042, 1062, 1064, 1072, 2012,
                               2022, 3011, 3012, 3013, 3014, 3016, 3021, 3022, 3024};
constexpr int notices_up[] = {1013, 1014, 2072};
constexpr int notices_down[] = {2012, 2022};

bool among(std::span<const int> list, int cn) { return std::ranges::find(list, cn) != list.end(); }

/// A CN that asks on the way down and brings on the way up: what only the upload has.
struct Both {
  int cn;
  std::string_view field;      ///< a field, or "" when an attribute tells
  std::string_view attribute;  ///< an attribute of any code
};
constexpr Both both_ways[] = {
    {1001, "", "Info"},       {1011, "SystemTime", ""},   {1021, "", "UpValue"},
    {1021, "", "LowValue"},   {1031, "ReportTarget", ""}, {1031, "AlarmTarget", ""},
    {1041, "ReportTime", ""}, {1061, "RtdInterval", ""},  {1063, "MinInterval", ""},
    {3015, "VaseNo", ""},     {3015, "DataTime", ""},     {3017, "CstartTime", ""},
    {3017, "CTime", ""},      {3018, "Stime", ""},        {3019, "", "SN"},
    {3019, "DataTime", ""},   {3020, "DataTime", ""},     {3020, "", "Info"},
};

bool brings(std::string_view cp, const Both& mark) {
  ItemReader reader(cp);
  Item item;
  while (reader.next(item)) {
    if (!mark.field.empty() && item.attribute.empty() && item.code == mark.field) return true;
    if (!mark.attribute.empty() && item.attribute == mark.attribute) return true;
  }
  return false;
}

/// 2xxx: data has a DataTime (AlarmTime in 2005) or values; a request has neither.
bool brings_data(std::string_view cp) {
  ItemReader reader(cp);
  Item item;
  while (reader.next(item))
    if (!item.attribute.empty() || item.code == "DataTime" || item.code == "AlarmTime") return true;
  return false;
}

bool asks_for_history(std::string_view cp) {
  return cp_field(cp, "BeginTime") && !cp_field(cp, "DataTime");
}

}  // namespace

std::string_view name_of(Direction direction) {
  switch (direction) {
    case Direction::up:
      return "up";
    case Direction::down:
      return "down";
    case Direction::reply:
      return "reply";
  }
  return {};
}

std::optional<std::string_view> cp_field(std::string_view cp, std::string_view name) {
  ItemReader reader(cp);
  Item item;
  while (reader.next(item))
    if (item.has_equals && item.attribute.empty() && item.code == name) return item.value;
  return std::nullopt;
}

Direction direction_of(const Head& head, std::optional<std::string_view> plain_cp) {
  const int cn = head.command();
  if (cn >= 9011 && cn <= 9014) return Direction::reply;
  if (among(always_up, cn)) return Direction::up;
  if (among(always_down, cn)) return Direction::down;
  if (!plain_cp) return Direction::up;
  const std::string_view cp = *plain_cp;
  if (cn == 1014)  // 2025: the host sends NewSK, the device asks for one without it
    return cp_field(cp, "NewSK") ? Direction::down : Direction::up;
  if (cn / 1000 == 2) return brings_data(cp) ? Direction::up : Direction::down;
  bool known = false;
  for (const Both& mark : both_ways) {
    if (mark.cn != cn) continue;
    known = true;
    if (brings(cp, mark)) return Direction::up;
  }
  return known || asks_for_history(cp) ? Direction::down : Direction::up;
}

std::optional<Acknowledgement> acknowledgement(const Head& head, Direction direction) {
  if (direction == Direction::reply || !head.flag || !head.flag->wants_ack()) return std::nullopt;
  const int cn = head.command();
  if (direction == Direction::up)
    return Acknowledgement{.by_host = true, .cn = among(notices_up, cn) ? 9013 : 9014};
  return Acknowledgement{.by_host = false, .cn = among(notices_down, cn) ? 9013 : 9011};
}

TimeMeaning time_meaning(int cn) {
  using std::chrono::hours, std::chrono::minutes;
  switch (cn) {
    case 2051:
      return {TimeKind::period_start, Duration(0)};
    case 2061:
      return {TimeKind::period_start, hours(1)};
    case 2031:
    case 2041:
      return {TimeKind::period_start, hours(24)};
    case 2111:
      return {TimeKind::period_start, minutes(5)};
    default:
      return {};
  }
}

Result<Instant> device_time(std::string_view digits) { return parse_compact_beijing(digits); }

}  // namespace tocsin::hj212
