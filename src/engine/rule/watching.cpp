// How a reading is fitted in, and how what it changes is found.

#include "engine/rule/watching.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tocsin::rule {
namespace {

using observation::Flag;

bool usable(const Reading& r) {
  switch (r.flag) {
    case Flag::none:
    case Flag::normal:
    case Flag::set_by_hand:
      return std::isfinite(r.value);
    case Flag::over_range:
      return !std::isinf(r.value);
    default:
      return false;
  }
}

/// Stopped, in maintenance or calibrating is alive; faulty and speechless is not.
bool alive(const Reading& r) {
  switch (r.flag) {
    case Flag::fault:
    case Flag::no_communication:
      return false;
    case Flag::none:
    case Flag::normal:
    case Flag::set_by_hand:
      return std::isfinite(r.value);
    default:
      return true;
  }
}

}  // namespace

Sound Evaluator::Impl::sound_of(const Reading& r) const {
  if (r.time - r.arrival > options.ahead_max) return Sound::ahead;
  if (r.arrival - r.time > book.lateness) return Sound::too_old;
  return alive(r) ? Sound::good : Sound::no_value;
}

bool Evaluator::Impl::take(PointState& point, const Reading& r, Sound sound, bool judge_now) {
  if (sound == Sound::ahead || sound == Sound::too_old) {
    ++(sound == Sound::ahead ? counters.ahead : counters.too_old);
    ++point.bad_times;
    return false;
  }
  if (point.watches.empty()) return false;
  if (!usable(r)) {
    ++counters.unusable;
    return point.history.erase(r.time);  // a revision may take a value back
  }
  switch (point.history.put(Sample(r.time, r.value, r.flag))) {
    case History::Fate::duplicate:
      ++counters.duplicate;
      return false;
    case History::Fate::before_folded:
      ++counters.too_old;
      ++point.bad_times;
      return false;
    case History::Fate::replaced:
      ++counters.revised;
      return true;
    case History::Fate::inserted:
      ++counters.late;
      ++counters.judged;
      return true;
    case History::Fate::appended:
      ++counters.judged;
      break;
  }
  if (!judge_now || point.dirty) return false;
  bool changed = false;
  for (const std::uint32_t w : point.watches)
    changed |= step(watches[w].check, point.history, point.history.size() - 1, watches[w].live) !=
               Step::none;
  if (!changed && point.history.size() >= point.fold_at) fold(point, r.arrival - book.lateness);
  return changed;
}

void Evaluator::Impl::mark(std::uint32_t index, Instant arrival) {
  PointState& point = points[index];
  point.known_at = point.dirty ? std::max(point.known_at, arrival) : arrival;
  if (std::exchange(point.dirty, true)) return;
  dirty.push_back(index);
}

void Evaluator::Impl::judge_again(PointState& point, std::vector<Finding>& out) {
  for (const std::uint32_t w : point.watches) judge_watch(point, watches[w], out);
  point.dirty = false;
}

void Evaluator::Impl::judge_watch(const PointState& point, Watch& watch,
                                  std::vector<Finding>& out) {
  judged.clear();
  watch.live = judge(watch.check, point.history, watch.base, judged);
  if (judged.empty() && watch.told.empty()) return;
  const std::size_t before = out.size();
  reconcile(speaker(watch, point), judged, watch.told, point.known_at, out);
  for (std::size_t i = before; i < out.size(); ++i)
    if (out[i].change == Change::opened) quote(watch, point, out[i]);
}

void Evaluator::Impl::quote(const Watch& watch, const PointState& point, Finding& finding) const {
  constexpr std::size_t each_end = 8;
  const Instant from = finding.episode.onset - watch.check.context;
  for (std::size_t i = 0; i < point.history.size(); ++i) {
    const Sample& s = point.history[i];
    if (s.time() < from) continue;
    if (s.time() > finding.episode.instant) break;
    if (finding.readings.size() == 2 * each_end)
      finding.readings.erase(finding.readings.begin() + each_end);
    finding.readings.push_back({s.time(), s.value(), s.flag()});
  }
}

/// Moves the base on: what is before `horizon` can have no reading before it any more, and beyond
/// `history_max` readings a late one has to be refused.
void Evaluator::Impl::fold(PointState& point, Instant horizon) {
  History& history = point.history;
  const std::size_t keep = options.history_max / 2;
  while (history.folded() < history.size()) {
    const bool old = history[history.folded()].time() < horizon;
    const bool too_many =
        history.size() >= options.history_max && history.size() - history.folded() > keep;
    if (!old && !too_many) break;
    for (const std::uint32_t w : point.watches)
      step(watches[w].check, history, history.folded(), watches[w].base);
    history.fold_one();
  }
  for (const std::uint32_t w : point.watches)
    if (!watches[w].told.empty()) forget(watches[w].told, history.folded_until());
  if (history.folded() > 0) history.trim(history.folded_until() - point.context);
  point.fold_at = std::max<std::size_t>(64, std::min(options.history_max, history.size() * 2));
  if (history.size() + keep / 2 > point.fold_at) point.fold_at = history.size() + keep / 2;
}

namespace {

void begin(Run& run, const Episode& e) {
  run.phase = Run::Phase::active;
  run.onset = e.onset;
  run.instant = e.instant;
  run.value = e.value;
  run.by_hand = e.by_hand;
}

/// Where the run may have begun before the readings shown, what was told is believed.
void believe(const std::vector<Episode>& told, Instant now, Run& run) {
  for (const Episode& e : told) {
    if (e.state == State::withdrawn) continue;
    if (e.instant == now && !run.stands()) begin(run, e);
    if (e.ended == now) run.phase = Run::Phase::idle;
  }
}

}  // namespace

/// Brings the base of one rule to `trusted`: from there on the readings shown are enough to judge
/// by.
void Evaluator::Impl::settle(const PointState& point, Watch& watch, Instant trusted) const {
  const History& history = point.history;
  const rulebook::Rule& rule = *watch.check.rule;
  const Instant first = history.empty() ? Instant::max() : history[0].time();
  // Before this, what looks back sees too little.
  const Instant sees_from = trusted - watch.check.gap - std::max(rule.hold_for, rule.clear_for);
  for (const Episode& e : watch.told)
    if (e.state != State::withdrawn && e.instant < first && (!e.ended || *e.ended >= first))
      begin(watch.base, e);
  for (std::size_t i = 0; i < history.size() && history[i].time() < trusted; ++i) {
    const Instant now = history[i].time();
    if (now < sees_from)
      watch.base.last = now;
    else
      step(watch.check, history, i, watch.base);
    believe(watch.told, now, watch.base);
  }
}

void Evaluator::Impl::resume(PointState& point, Instant now, std::vector<Finding>& out) {
  const Instant trusted =
      std::min(now, newest_arrival.value_or(now)) - book.lateness - options.lag_max;
  for (const std::uint32_t w : point.watches) settle(point, watches[w], trusted);
  History& history = point.history;
  while (history.folded() < history.size() && history[history.folded()].time() < trusted)
    history.fold_one();
  for (const std::uint32_t w : point.watches) forget(watches[w].told, history.folded_until());
  point.known_at = now;
  judge_again(point, out);
  fold(point, trusted);
}

}  // namespace tocsin::rule
