#pragma once
// 预警. What can happen to a warning. Field names follow CAP 1.2 <info>; all instants are UTC. What
// an old phone must be able to read for ever (level, area, words, expiry, who must answer) is the
// frozen core: members may be added beside it, none of it changes meaning.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/figure.h"
#include "base/id.h"
#include "base/level.h"
#include "base/time.h"
#include "log/room.h"

namespace tocsin::warning {

using tocsin::Level;  // 四级预警

/// 实况、演练、测试 (CAP <status>). Only `actual` may reach a real channel.
enum class Status : std::uint8_t { actual, exercise, test };

/// 发布对象. `responsible`: only those who must act are called; `everyone`: it may go on the public
/// feed, which for some hazards is another office's right (issuing.h).
enum class Audience : std::uint8_t { responsible, everyone };

/// What raised it; absent when a person issued it by hand. A quotation, so that the warning can be
/// opened down to the reading.
struct Source {
  AlarmId alarm;
  std::string rule, station, point, unit;
  double value = 0;
  Instant at;
  std::optional<ChangeWithin> change{};  ///< where `value` is a difference

  bool operator==(const Source&) const = default;
};

/// 预警发布. A warning went out. v1.
struct Issued {
  static constexpr std::string_view type = "warning.issued";
  std::string identifier;  ///< ZZZZZZDDDUUUXX_YYYYMMDDhhmmss[_N] (GB/T 35965.1)
  std::string hazard;      ///< GB/T 35561 code
  Level level = Level::blue;
  Status status = Status::exercise;
  Audience audience = Audience::responsible;
  std::vector<std::string> areas;  ///< GB/T 2260 + GB/T 10114 codes; at least one
  std::string edition;             ///< of those codes
  Instant onset, expires;          ///< onset < expires
  std::string headline, description, instruction;
  std::string headline_en, instruction_en;  ///< where ours; empty when a person typed the words
  std::string sender;                       ///< 发布单位
  std::string family;                       ///< rule family, for grouping; empty by hand
  std::vector<RiskPointId> riskpoints;
  std::optional<Source> source;
};

/// 改写. What a graver finding says in place of the words the warning went out with.
struct Rewording {
  std::string headline, description, instruction;
  std::string headline_en, instruction_en;
  Instant expires;  ///< the warning stands at least until then
};

/// 预警级别调整、延长. Raised or lowered while it stood, or prolonged at the level it has.
struct LevelChanged {
  static constexpr std::string_view type = "warning.level_changed";
  Level level = Level::blue;
  std::string reason;
  std::optional<Source> source{};    ///< when a reading, not a person, was the reason
  std::optional<Rewording> words{};  ///< without them those it went out with hold on
};

/// 并入. A further alarm of the same family on the same risk points: no new warning, no new call.
struct AlarmJoined {
  static constexpr std::string_view type = "warning.alarm_joined";
  Source source;
};

/// 值班确认. Somebody at the desk has seen it; no answer of anybody called.
struct Acknowledged {
  static constexpr std::string_view type = "warning.acknowledged";
};

/// 预警解除. Folded even after it expired: saying that it is over is itself a fact.
struct Cancelled {
  static constexpr std::string_view type = "warning.cancelled";
  std::string reason;
};

/// 预警到期. Nobody cancelled it; its time was over.
struct Expired {
  static constexpr std::string_view type = "warning.expired";
};

using Event = std::variant<Issued, LevelChanged, AlarmJoined, Acknowledged, Cancelled, Expired>;

/// Bytes of any version ever written become today's value. Errors: "event.unknown_type" (kept and
/// passed on unread), "event.bad_body" (names the member).
Result<Event> decode(std::string_view type, int version, std::string_view json_body);
log::Written encode(const Event& event);

}  // namespace tocsin::warning
