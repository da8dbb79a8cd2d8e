#pragma once
// What a station said: one number at one point, when it was true and when we learned of it.
// Readings are measurements, not events: they live in a store of their own (adapter/reading_store),
// and an event quotes the readings it rests on by point id and time.

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tocsin::observation {

/// 测点序号. A dense index the store hands out for a point's id ("MN/w01018/rtd"). It is good for
/// one run of the store and never written anywhere: outside, a point is its id.
enum class PointKey : std::uint32_t {};

constexpr std::uint32_t index_of(PointKey key) { return static_cast<std::uint32_t>(key); }

/// 数据标记. HJ 212-2017 table 8 and HJ 212-2025: what the device says about its own value.
enum class Flag : char {
  none = 0,                ///< nothing was said
  normal = 'N',            ///< 正常
  stopped = 'F',           ///< 停运
  maintenance = 'M',       ///< 维护
  calibration = 'C',       ///< 校准
  set_by_hand = 'S',       ///< 手工输入
  fault = 'D',             ///< 故障
  no_communication = 'B',  ///< 通讯异常
  over_range = 'T',        ///< 超测量上限
};

/// True for the eight letters of the standard (upper case) and for 0, "nothing was said".
constexpr bool is_flag(char letter) {
  return letter == 0 || std::string_view("NFMCSDBT").find(letter) != std::string_view::npos;
}

/// What stands where a station reported that it has no value ("--", flag B without a number).
inline constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// 监测值. `time` is the instant the value was true of (event time), `arrival` the instant it
/// reached this node; both UTC. `value` is in the point's own unit, `no_value` when the station
/// reported that it has none.
struct Reading {
  Instant time{};
  Instant arrival{};
  double value = no_value;
  PointKey point{};
  Flag flag = Flag::none;

  bool has_value() const { return !std::isnan(value); }
};

}  // namespace tocsin::observation
