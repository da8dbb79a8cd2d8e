#include "engine/rule/silence.h"

#include <algorithm>
#include <utility>

namespace tocsin::rule {

void Ear::also(Duration after, Instant watched_since, bool ever_heard) {
  subject_.after = std::max(subject_.after, after);
  subject_.watched_since = std::min(subject_.watched_since, watched_since);
  subject_.ever_heard |= ever_heard;
}

void Ear::note(Instant time, Instant arrival, Sound sound) {
  if (!arrived_ || arrival >= *arrived_) {
    arrived_ = arrival;
    latest_ = sound;
  }
  if (sound != Sound::good) return;
  const Instant alive = std::min(time, arrival);
  heard_ = heard_ ? std::max(*heard_, alive) : alive;
}

std::optional<Finding> Ear::end(Instant now) {
  if (!open_ || !heard_ || now - *heard_ > subject_.after) return std::nullopt;
  Episode ended = *std::exchange(open_, std::nullopt);
  ended.state = State::cleared;
  ended.ended = now;
  return Finding{.change = Change::cleared, .episode = std::move(ended), .readings = {}};
}

std::optional<Finding> Ear::hear(Instant time, Instant arrival, Sound sound) {
  note(time, arrival, sound);
  return open_ ? end(arrival) : std::nullopt;
}

Instant Ear::due() const {
  if (open_) return Instant::max();
  const Instant from = heard_ ? std::max(*heard_, subject_.watched_since) : subject_.watched_since;
  return from + subject_.after;
}

Silence Ear::why(Instant now) const {
  if (!arrived_) return subject_.ever_heard ? Silence::no_arrival : Silence::never_heard;
  if (now - *arrived_ > subject_.after) return Silence::no_arrival;
  switch (latest_) {
    case Sound::good:
      return Silence::only_old;
    case Sound::ahead:
    case Sound::too_old:
      return Silence::bad_clock;
    case Sound::no_value:
      return Silence::no_value;
  }
  std::unreachable();
}

std::optional<Finding> Ear::tick(Instant now) {
  if (open_) return end(now);
  if (now <= due()) return std::nullopt;
  const std::string& name = subject_.point.empty() ? subject_.station : subject_.point;
  open_ = Episode{.id = episode_id(subject_.rule->id, name, due()),
                  .rule = subject_.rule->id,
                  .version = subject_.version,
                  .point = subject_.point,
                  .station = subject_.station,
                  .onset = due() - subject_.after,
                  .instant = due(),
                  .ended = {},
                  .silence = why(now)};
  return Finding{.change = Change::opened, .episode = *open_, .readings = {}};
}

}  // namespace tocsin::rule
