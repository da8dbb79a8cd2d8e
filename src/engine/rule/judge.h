#pragma once
// One rule at one point, reading by reading in event time: pure steps over a history.

#include <optional>
#include <vector>

#include "domain/rulebook/rulebook.h"
#include "engine/rule/history.h"

namespace tocsin::rule {

/// A value rule with what depends on the point it is applied to.
struct Check {
  const rulebook::Rule* rule = nullptr;
  Duration gap{};      ///< readings further apart make no common duration
  Duration context{};  ///< how far before a reading the condition looks
};

/// `interval` 0: not known; then a gap of a day breaks a run.
Check make_check(const rulebook::Rule& rule, Duration interval);

/// Where the rule stands after some reading.
struct Run {
  enum class Phase : std::uint8_t { idle, pending, active, clearing };
  Phase phase = Phase::idle;
  bool by_hand = false;
  Instant last;        ///< the reading before
  Instant onset;       ///< pending, active, clearing
  Instant instant;     ///< active, clearing
  Instant over_since;  ///< clearing
  double value = observation::no_value;

  bool stands() const { return phase == Phase::active || phase == Phase::clearing; }
};

enum class Step { none, began, ended };

/// Takes the run over the i-th reading.
Step step(const Check& check, const History& history, std::size_t i, Run& run);

/// A time during which the condition held.
struct Judged {
  Instant onset, instant;
  std::optional<Instant> ended;
  double value = observation::no_value;
  double end_value = observation::no_value;
  bool by_hand = false;
};

/// step(), noting in `out` what began and ended. A run that stands is the last of `out`.
void judge_one(const Check& check, const History& history, std::size_t i, Run& run,
               std::vector<Judged>& out);

/// Goes over all that is not folded, from `base`. Appends to `out`; returns the run after the last.
Run judge(const Check& check, const History& history, Run base, std::vector<Judged>& out);

}  // namespace tocsin::rule
