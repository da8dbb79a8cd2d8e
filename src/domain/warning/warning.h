#pragma once
// 预警. The state of one warning, how events make it and which decisions are open. It holds always:
// a warning has one level at a time and a history of them; once cancelled or expired it never comes
// back (a new one names it). Whom it calls is the affair of the room `call`.

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/warning/events.h"

namespace tocsin::warning {

enum class Phase : std::uint8_t { none, in_force, cancelled, expired };

/// A level it had, since when, why and by whom.
struct LevelEntry {
  Instant at;
  Level level = Level::blue;
  std::string reason, by;
};

struct Warning {
  Phase phase = Phase::none;
  Issued issued;  ///< as first issued; `level` below is the one that stands
  Level level = Level::blue;
  Instant issued_at, changed_at;  ///< changed_at: last level change or joined alarm
  std::string issued_by, acknowledged_by;
  std::vector<LevelEntry> levels;
  std::vector<AlarmId> alarms;  ///< all that raised it or joined
  std::optional<Source> source;
  Instant ended_at;
  std::string ended_by, ended_reason;
};

/// The fold. Total: every event is accepted in every state, because it has already happened.
Warning evolve(Warning w, const Event& event, const log::Meta& meta);

/// 发布. All eight mandatory fields of 突发事件应对法 art. 63-64 are checked; `identifier` and
/// `sender` come from the office's settings, the time of issue from the header.
struct Issue {
  Issued what;
};
/// What an officer writes anew when the level changes. What is left empty holds on.
struct NewWords {
  std::string headline{}, description{}, instruction{};
  std::optional<Instant> expires{};
};
struct ChangeLevel {
  Level level;
  std::string reason;
  std::optional<Source> source{};
  NewWords words{};
};
struct Join {
  Source source;
};
struct Acknowledge {};
struct Cancel {
  std::string reason;
};
struct Expire {};

/// The longest a warning may stand before somebody prolongs it: longer is a slip of the keyboard.
inline constexpr Duration stands_max = std::chrono::days(31);

/// The decisions. Each says what happens next, or why not; none changes anything itself.
/// Refusals: "warning.already_issued", "warning.field_missing" (names the field),
/// "warning.not_in_force", "warning.expired", "warning.no_change" (the level it has, and no later
/// end), "warning.reason_missing", "warning.expires_too_late" (beyond `stands_max`),
/// "warning.expires_earlier" (a change of level may prolong a warning, never shorten it),
/// "warning.not_due".
std::expected<Event, Refusal> decide(const Warning& w, const Issue& command, Instant now);
std::expected<Event, Refusal> decide(const Warning& w, const ChangeLevel& command, Instant now);
std::expected<Event, Refusal> decide(const Warning& w, const Join& command, Instant now);
std::expected<Event, Refusal> decide(const Warning& w, const Acknowledge& command, Instant now);
std::expected<Event, Refusal> decide(const Warning& w, const Cancel& command, Instant now);
std::expected<Event, Refusal> decide(const Warning& w, const Expire& command, Instant now);

/// The reason in the log when a node prolongs it: what the rule found has not ended.
inline constexpr std::string_view goes_on = "引起预警的情况还在";
/// 延长. It goes on at its level until `until`.
LevelChanged prolonged(const Warning& w, const std::string& reason, Instant until);
/// Whether the step (of `levels`) prolonged the warning and left its level as it was.
bool was_prolonged(const Warning& w, std::size_t step);

/// Since when it has the level it has: what people are told as the time of issue.
Instant level_since(const Warning& w);

/// When it will expire by itself; nothing when it does not stand.
std::optional<Instant> due(const Warning& w);

/// When it was over, or will be: at its end, and at the latest when it expires, whoever says so and
/// whenever. Nothing when it was never issued. The time its personal data may be kept counts from
/// here.
std::optional<Instant> over_at(const Warning& w);

/// The room, for node/shelf.h.
struct Warnings {
  static constexpr std::string_view kind = "warning";
  using State = Warning;
  using Event = warning::Event;
  static Result<Event> decode(std::string_view type, int version, std::string_view body) {
    return warning::decode(type, version, body);
  }
  static State evolve(State state, const Event& event, const log::Meta& meta) {
    return warning::evolve(std::move(state), event, meta);
  }
};

}  // namespace tocsin::warning
