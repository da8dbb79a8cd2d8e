#include "engine/rule/evaluator.h"

#include <algorithm>

#include "engine/rule/watching.h"

namespace tocsin::rule {

Evaluator::Evaluator(const rulebook::Rulebook& book, std::span<const Point> points, Options options)
    : impl_(std::make_unique<Impl>(book, points, options)) {}
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;
Evaluator::~Evaluator() = default;

std::vector<Finding> Evaluator::on_readings(std::span<const Reading> readings) {
  std::vector<Finding> out;
  for (const Reading& r : readings) {
    PointState* const point = impl_->state_of(r.point);
    if (point == nullptr) continue;
    const Sound sound = impl_->sound_of(r);
    for (const std::uint32_t e : point->ears)
      if (auto end = impl_->ears[e].hear(r.time, r.arrival, sound)) {
        out.push_back(std::move(*end));
        impl_->next_due = Instant::min();
      }
    if (impl_->take(*point, r, sound, true)) impl_->mark(index_of(r.point), r.arrival);
  }
  for (const std::uint32_t i : impl_->dirty) {
    PointState& point = impl_->points[i];
    impl_->judge_again(point, out);
    if (point.history.size() >= point.fold_at)
      impl_->fold(point, point.known_at - impl_->book.lateness);
  }
  impl_->dirty.clear();
  return out;
}

std::vector<Finding> Evaluator::tick(Instant now) {
  std::vector<Finding> out;
  if (now < impl_->next_due) return out;
  impl_->next_due = Instant::max();
  for (Ear& ear : impl_->ears) {
    if (auto finding = ear.tick(now)) out.push_back(std::move(*finding));
    impl_->next_due = std::min(impl_->next_due, ear.due());
  }
  return out;
}

void Evaluator::restore(std::span<const Episode> known) {
  const auto keep = [&](const Episode& e) {
    for (Ear& ear : impl_->ears)
      if (ear.subject().rule->id == e.rule && ear.subject().point == e.point &&
          ear.subject().station == e.station && e.silence != Silence::none) {
        if (e.state == State::open) ear.restore(e);
        return true;
      }
    for (const PointState& point : impl_->points)
      if (point.known && point.id == e.point && e.silence == Silence::none)
        for (const std::uint32_t w : point.watches)
          if (impl_->watches[w].check.rule->id == e.rule) {
            impl_->watches[w].told.push_back(e);
            return true;
          }
    return false;
  };
  for (const Episode& e : known)
    if (!keep(e) && e.state == State::open) impl_->orphans.push_back(e);
  for (Watch& watch : impl_->watches) std::ranges::sort(watch.told, {}, &Episode::instant);
}

void Evaluator::replay(std::span<const Reading> readings) {
  for (const Reading& r : readings) {
    PointState* const point = impl_->state_of(r.point);
    if (point == nullptr) continue;
    const Sound sound = impl_->sound_of(r);
    impl_->newest_arrival = std::max(impl_->newest_arrival.value_or(r.arrival), r.arrival);
    for (const std::uint32_t e : point->ears) impl_->ears[e].note(r.time, r.arrival, sound);
    impl_->take(*point, r, sound, false);
  }
}

std::vector<Finding> Evaluator::resume(Instant now) {
  std::vector<Finding> out;
  for (Episode& e : impl_->orphans) {
    e.state = State::withdrawn;
    e.ended = now;
    out.push_back({.change = Change::withdrawn,
                   .episode = e,
                   .reason = Reason::rule_removed,
                   .readings = {}});
  }
  impl_->orphans.clear();
  for (PointState& point : impl_->points)
    if (!point.watches.empty()) impl_->resume(point, now, out);
  impl_->next_due = Instant::min();
  for (Finding& f : tick(now)) out.push_back(std::move(f));
  return out;
}

Duration Evaluator::lookback() const {
  Duration longest{};
  for (const PointState& point : impl_->points) longest = std::max(longest, point.lookback);
  return longest;
}

Duration Evaluator::lookback(PointKey key) const {
  const PointState* const point = impl_->state_of(key);
  return point == nullptr ? Duration::zero() : point->lookback;
}

const std::vector<std::string>& Evaluator::unknown_points() const { return impl_->unknown; }
const Counters& Evaluator::counters() const { return impl_->counters; }

std::uint32_t Evaluator::bad_times(PointKey key) const {
  const PointState* const point = impl_->state_of(key);
  return point == nullptr ? 0 : point->bad_times;
}

std::vector<Episode> Evaluator::standing() const {
  std::vector<Episode> out;
  for (const Watch& watch : impl_->watches)
    for (const Episode& e : watch.told)
      if (e.state == State::open) out.push_back(e);
  for (const Ear& ear : impl_->ears)
    if (ear.open()) out.push_back(*ear.open());
  return out;
}

}  // namespace tocsin::rule
