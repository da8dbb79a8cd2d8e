#pragma once
// The inside of the evaluator; only evaluator.cpp, watching.cpp and watching_build.cpp include it.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/rule/evaluator.h"
#include "engine/rule/ledger.h"
#include "engine/rule/silence.h"

namespace tocsin::rule {

/// One value rule at one point.
struct Watch {
  Check check;
  Run live, base;  ///< after the newest reading, and after the newest one folded
  std::vector<Episode> told;
};

struct PointState {
  bool known = false;
  std::string id, station;
  Duration interval{}, context{}, lookback{};
  std::vector<std::uint32_t> watches, ears;
  History history;
  std::size_t fold_at = 64;
  std::uint32_t bad_times = 0;
  bool dirty = false;  ///< to be judged again as a whole at the end of the batch
  Instant known_at;    ///< latest arrival of the batch that made it dirty
};

struct Evaluator::Impl {
  rulebook::Rulebook book;
  Options options;
  std::vector<PointState> points;  // by key
  std::vector<Watch> watches;
  std::vector<Ear> ears;
  std::vector<std::string> unknown;
  std::vector<std::uint32_t> dirty;
  std::vector<Judged> judged;    // scratch
  std::vector<Episode> orphans;  // restored, without a rule or point today
  Counters counters;
  Instant next_due = Instant::min();
  std::optional<Instant> newest_arrival;  ///< of what was replayed

  Impl(const rulebook::Rulebook& rules, std::span<const Point> register_, Options limits);
  void add_points(std::span<const Point> register_);
  void watch_values(const rulebook::Rule& rule,
                    const std::map<std::string_view, std::uint32_t>& at);
  void watch_silence(const rulebook::Rule& rule, const rulebook::Missing& missing,
                     const std::map<std::string_view, std::uint32_t>& at,
                     std::span<const Point> register_);

  PointState* state_of(PointKey key) {
    const std::uint32_t i = index_of(key);
    return i < points.size() && points[i].known ? &points[i] : nullptr;
  }
  Speaker speaker(const Watch& watch, const PointState& point) const {
    return {.rule = watch.check.rule,
            .version = book.version,
            .point = point.id,
            .station = point.station,
            .settled_until = point.history.folded_until(),
            .late_after = watch.check.gap};
  }

  Sound sound_of(const Reading& r) const;
  /// Fits the reading in. True when all rules of the point have to be judged again.
  bool take(PointState& point, const Reading& r, Sound sound, bool judge_now);
  void mark(std::uint32_t index, Instant arrival);
  void judge_again(PointState& point, std::vector<Finding>& out);
  void judge_watch(const PointState& point, Watch& watch, std::vector<Finding>& out);
  void quote(const Watch& watch, const PointState& point, Finding& finding) const;
  void fold(PointState& point, Instant horizon);
  void settle(const PointState& point, Watch& watch, Instant trusted) const;
  void resume(PointState& point, Instant now, std::vector<Finding>& out);
};

}  // namespace tocsin::rule
