#pragma once
// Runs a rulebook over readings in event time.
//
// What always holds:
//  - Once all has arrived, the standing episodes are a function of the readings alone: any split
//    into batches, any order within the lateness allowed, and any restarts in between give the same
//    ones. What was said too early is taken back by a finding, never silently.
//  - A reading whose time is impossible (more than 5 min ahead of its arrival) or older than the
//    lateness allowed never begins or ends anything; it is counted.
//  - Silence never clears an alarm, and a value never comes from nothing.
//
// What it leaves to others: what is done about a finding (grouping, issuing, calling), and keeping
// it. It owns no clock and no disk: after a restart it is told what was found and shown the
// readings of `lookback()` again.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "domain/observation/reading.h"
#include "domain/rulebook/rulebook.h"
#include "engine/rule/episode.h"

namespace tocsin::rule {

using observation::PointKey;
using observation::Reading;

/// 测点. What the register knows of a point. Keys are dense: memory is taken up to the greatest.
struct Point {
  PointKey key{};
  std::string id;
  std::string station;
  Duration interval{};      ///< how often it should report; 0: not known
  Instant watched_since;    ///< registered, or the node listening again after an outage of its own
  bool ever_heard = false;  ///< the store has a reading of it, of whatever time
};

struct Options {
  Duration ahead_max = std::chrono::minutes(5);  ///< event time may be this far ahead of arrival
  /// How long a reading may have been stored at the moment of a crash without its findings having
  /// been written down.
  Duration lag_max = std::chrono::hours(1);
  std::size_t history_max = 2048;  ///< readings kept a point for late ones to be fitted in
};

/// What was not judged, and why.
struct Counters {
  std::uint64_t judged = 0, late = 0, duplicate = 0, revised = 0;
  std::uint64_t unusable = 0;  ///< flags F M C D B, or no value
  std::uint64_t ahead = 0;     ///< impossible time
  std::uint64_t too_old = 0;   ///< older than the lateness, or than what is kept
};

class Evaluator {
 public:
  /// `points` is the register; a rule naming a point that is not in it waits for nothing there and
  /// is listed by unknown_points(). Change of rules or register: a new Evaluator, restored.
  Evaluator(const rulebook::Rulebook& book, std::span<const Point> points, Options options = {});
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;
  ~Evaluator();

  /// Judges readings as they come, in order of arrival (they may be of any time and any point).
  /// What one call brings is judged as a whole. Amortised O(rules of the point) for a reading newer
  /// than its point's newest; O(history kept) once a call for a point with late ones.
  std::vector<Finding> on_readings(std::span<const Reading> readings);

  /// Finds the stations that fell silent. Call it every second or so with the clock of arrivals.
  std::vector<Finding> tick(Instant now);

  /// After a restart, in this order, with T the arrival of the newest reading stored: restore()
  /// once with every episode that is open or ended (or was withdrawn) after T - lookback();
  /// replay() with the stored readings whose time is after T - lookback(), in any order, each in
  /// its last revision; resume() once, which says what had not been written down.
  void restore(std::span<const Episode> known);
  void replay(std::span<const Reading> readings);
  std::vector<Finding> resume(Instant now);

  /// How far back readings are needed, at most and for one point (0: no rule watches it).
  Duration lookback() const;
  Duration lookback(PointKey point) const;

  /// "RULE: POINT" for every point a rule names that the register does not have, or that has no
  /// interval where a missing-data rule needs one.
  const std::vector<std::string>& unknown_points() const;
  const Counters& counters() const;
  /// Readings of this point with an impossible time or too old, since the start.
  std::uint32_t bad_times(PointKey point) const;
  /// Episodes standing now, in order of rules and points.
  std::vector<Episode> standing() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::rule
