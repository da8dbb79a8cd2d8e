#pragma once
// What a frame is for: who sent it, what its time means, and what the standard answers to it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapter/hj212/frame.h"
#include "base/time.h"

namespace tocsin::hj212 {

/// Who speaks. `up`: 现场机 to 上位机; `down`: 上位机 to 现场机; `reply`: 9011-9014, either way.
enum class Direction : std::uint8_t { up, down, reply };
std::string_view name_of(Direction direction);

/// Told from CN and, where one CN serves both ways (1011, 2051, 3020, …), from what CP holds: a
/// request carries BeginTime or parameters, an upload the thing asked for. `cp` in plain text;
/// nullopt when it is encrypted and cannot be read: then it is an upload, which is what encryption
/// is for, unless CN is one only a host sends. An unknown CN is taken for an upload: private
/// commands (9021 login) come from devices.
Direction direction_of(const Head& head, std::optional<std::string_view> cp);

/// The answer the standard has for a frame.
struct Acknowledgement {
  bool by_host = true;  ///< else by the device
  int cn = 9014;        ///< 9011 请求应答, 9013 通知应答, 9014 数据应答
};

/// nullopt when none is due: a reply, no Flag, or A not set. A wrong CRC is the caller's to weigh.
std::optional<Acknowledgement> acknowledgement(const Head& head, Direction direction);

/// What DataTime stands for.
enum class TimeKind : std::uint8_t { instant, period_start };
struct TimeMeaning {
  TimeKind kind = TimeKind::instant;
  Duration period{0};  ///< length; 0 for 2051, whose length is a setting of the station (1063)
};

/// 2051, 2061, 2031, 2041, 2111: start of a period. Everything else: the instant.
TimeMeaning time_meaning(int cn);

/// DataTime and the like: 14 digits, Beijing time without a zone; 17 digits (…mmm) are read too.
/// Error "time.bad".
Result<Instant> device_time(std::string_view digits);

/// The value of field `name` (no "-" in it) of a plain CP body; nullopt when absent.
std::optional<std::string_view> cp_field(std::string_view cp, std::string_view name);

}  // namespace tocsin::hj212
