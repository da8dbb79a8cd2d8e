#pragma once
// What the evaluator says: that a rule's condition began, ended, or turned out not to have been.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "domain/observation/reading.h"
#include "domain/rulebook/rulebook.h"

namespace tocsin::rule {

/// 静默原因. Why a station counts as silent; each has its own words.
enum class Silence {
  none,         ///< not an episode of a missing-data rule
  never_heard,  ///< registered, and nothing ever came
  no_arrival,   ///< nothing arrives any more
  only_old,     ///< what arrives is true of an earlier time (backfill, or a slow clock)
  bad_clock,    ///< what arrives carries an impossible time
  no_value,     ///< what arrives says fault, no communication, or carries no value
};

/// For the person at the desk.
Text words(Silence why);

/// "never_heard" …: the form in JSON.
std::string_view name_of(Silence why);
std::optional<Silence> parse_silence(std::string_view name);

enum class State { open, cleared, withdrawn };

/// One reading an episode rests on.
struct Quote {
  Instant time;
  double value = observation::no_value;
  observation::Flag flag = observation::Flag::none;
  bool operator==(const Quote&) const = default;
};

/// 报警过程. One time during which a rule's condition held at one point (for missing data: at one
/// station). All instants but `ended` of a silence are event times.
struct Episode {
  std::string
      id;  ///< "RULE:SUBJECT:MS of instant": the same facts give the same id at every replay
  std::string rule;
  int version = 0;    ///< of the rulebook it was found under
  std::string point;  ///< empty when a whole station is silent
  std::string station;
  Instant onset;    ///< first reading of the run; silence: when the station was last heard
  Instant instant;  ///< when the condition became true, with its duration served
  double value = observation::no_value;  ///< the reading at `instant`; rate: the change
  State state = State::open;
  std::optional<Instant> ended;  ///< when it was over, also when withdrawn later
  bool found_late = false;       ///< nobody could have known at the time: the data came late
  bool by_hand = false;          ///< rests on a value entered by hand (flag S)
  Silence silence = Silence::none;
  bool operator==(const Episode&) const = default;
};

enum class Change {
  opened,     ///< the condition became true
  cleared,    ///< it is over
  resumed,    ///< it had been called over or withdrawn, and late data show that it goes on
  revised,    ///< late data moved its onset, instant, value or end; nothing to be done about it
  withdrawn,  ///< late data (or a change of rules) show that it never was, or was part of another
};

enum class Reason { none, late_data, merged, rule_changed, rule_removed };

/// 判定. One change of one episode, in the order in which it was found. A finding is a proposal of
/// a fact: whoever writes it down drops what the log already has under (episode id, change, ended).
struct Finding {
  Change change = Change::opened;
  Episode episode;                       ///< as it stands after the change
  Reason reason = Reason::none;          ///< for withdrawn
  double value = observation::no_value;  ///< the reading that cleared it, for cleared
  /// A person must decide though the rule says `auto`: red resting on a value entered by hand.
  bool needs_person = false;
  std::vector<Quote> readings;  ///< for opened: the first and last eight of those it rests on
};

/// The id an episode of this rule, subject (point id or station id) and instant has.
std::string episode_id(std::string_view rule, std::string_view subject, Instant instant);

}  // namespace tocsin::rule
