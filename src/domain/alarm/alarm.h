#pragma once
// 警报. What a rule found in the readings, and what was done about it: a warning issued or joined,
// a proposal waiting for a person, or declined. An alarm's id is derived from rule, point and
// instant, so a replay after a crash finds it already here. It quotes the readings that raised it;
// those are exempt from retention.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/figure.h"
#include "base/id.h"
#include "base/result.h"
#include "base/text.h"
#include "base/time.h"
#include "log/room.h"

namespace tocsin::alarm {

using Words = tocsin::Text;  // 双语文字

/// A reading as quoted: when it was measured, what it said.
struct Quoted {
  Instant at;
  double value = 0;
  std::string flag;
};

/// 触发. v1. `missing` alarms (静默) have no value; `level` 0 then means "no warning by itself".
struct Raised {
  static constexpr std::string_view type = "alarm.raised";
  std::string rule, family, hazard;
  int rule_version = 1, level = 0;
  bool missing = false, automatic = false, found_late = false;
  std::string point, station, unit;
  double value = 0;                    ///< of a rule about change: the difference
  std::optional<ChangeWithin> change;  ///< of such a rule: within which time
  Instant onset;  ///< first reading of the run; of a silence: when the station was last heard
  Instant at;     ///< event time at which the condition became true, its duration served
  bool by_hand = false;  ///< rests on a value entered by hand (flag S): never goes out by itself
  std::string silence;   ///< of a missing-data alarm: why ("no_arrival", "bad_clock" …)
  Words name, instruction;
  Duration group_window{}, valid{};
  std::vector<RiskPointId> riskpoints;
  std::vector<Quoted> quoted;
};

/// How long a warning of it stands, or is prolonged: as its rule has it, else six hours.
inline Duration stands_for(const Raised& what) {
  return what.valid.count() > 0 ? what.valid : Duration(std::chrono::hours(6));
}

/// 已发布 / 已并入. The warning it became part of.
struct Linked {
  static constexpr std::string_view type = "alarm.linked";
  WarningId warning;
};

/// 不发布. A person looked and declined.
struct Declined {
  static constexpr std::string_view type = "alarm.declined";
  std::string reason;
};

/// 恢复. The condition ended (for silence: heard again).
struct Cleared {
  static constexpr std::string_view type = "alarm.cleared";
  Instant at;
  std::optional<double> value;
};

/// 又起. It had been called over, and late data show that it goes on.
struct Resumed {
  static constexpr std::string_view type = "alarm.resumed";
};

/// 撤回. Late data (or a change of rules) show that it never was. What it led to stands until a
/// person ends it.
struct Withdrawn {
  static constexpr std::string_view type = "alarm.withdrawn";
  std::string reason;
};

/// 订正. Late data moved when it began, became true or ended, or what was measured then. What was
/// told and quoted stands in `Raised`; whoever judges on has to begin from this.
struct Revised {
  static constexpr std::string_view type = "alarm.revised";
  Instant onset, at;
  std::optional<double> value;   ///< absent: none, as of a silence
  std::optional<Instant> ended;  ///< of one that was over: when, as known now
  bool by_hand = false;

  bool operator==(const Revised&) const = default;
};

using Event = std::variant<Raised, Linked, Declined, Cleared, Resumed, Withdrawn, Revised>;
Result<Event> decode(std::string_view type, int version, std::string_view json_body);
log::Written encode(const Event& event);

enum class Phase : std::uint8_t { none, noted, waiting, linked, declined };

struct Alarm {
  Phase phase = Phase::none;
  Raised raised;  ///< as it was told
  Revised known;  ///< the facts as known now; `ended` is in `cleared`
  Instant raised_at, ended_at;
  WarningId warning;
  std::string decided_by, reason;
  std::optional<Cleared> cleared;
  bool withdrawn = false;
};

Alarm evolve(Alarm a, const Event& event, const log::Meta& meta);

/// As it was told, with the facts as they are known now. Which value a change ended at is known of
/// the instant it was told of only.
Raised as_known(const Alarm& a);

/// Refusals "alarm.already_raised", "alarm.not_waiting", "alarm.reason_missing", "alarm.unknown",
/// "alarm.no_change". One that was to go out by itself and could not is declined like one that
/// waits.
std::expected<Event, Refusal> raise(const Alarm& a, const Raised& what);
std::expected<Event, Refusal> decline(const Alarm& a, const std::string& reason);
std::expected<Event, Refusal> clear(const Alarm& a, const Cleared& what);
std::expected<Event, Refusal> resume(const Alarm& a);
std::expected<Event, Refusal> withdraw(const Alarm& a, const std::string& reason);
std::expected<Event, Refusal> revise(const Alarm& a, const Revised& what);

struct Alarms {
  static constexpr std::string_view kind = "alarm";
  using State = Alarm;
  using Event = alarm::Event;
  static Result<Event> decode(std::string_view type, int version, std::string_view body) {
    return alarm::decode(type, version, body);
  }
  static State evolve(State state, const Event& event, const log::Meta& meta) {
    return alarm::evolve(std::move(state), event, meta);
  }
};

}  // namespace tocsin::alarm
