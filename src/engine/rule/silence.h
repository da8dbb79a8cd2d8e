#pragma once
// Missing data: one ear a station (or point) for each rule of that kind.

#include <optional>
#include <string>
#include <vector>

#include "domain/observation/reading.h"
#include "engine/rule/episode.h"

namespace tocsin::rule {

/// What one arrival is worth as a sign of life.
enum class Sound { good, ahead, too_old, no_value };

class Ear {
 public:
  struct Subject {
    const rulebook::Rule* rule = nullptr;
    int version = 0;
    std::string point;  ///< empty: the whole station
    std::string station;
    Duration after{};
    Instant watched_since;
    bool ever_heard = false;
  };

  explicit Ear(Subject subject) : subject_(std::move(subject)) {}

  /// Another point of the same station: the station is heard when any of them is.
  void also(Duration after, Instant watched_since, bool ever_heard);
  /// A reading came. Returns the end of the silence when this ends it.
  std::optional<Finding> hear(Instant time, Instant arrival, Sound sound);
  /// Takes note without a finding, for readings seen before a restart.
  void note(Instant time, Instant arrival, Sound sound);
  /// Returns the beginning of a silence, or its end when what was noted says so.
  std::optional<Finding> tick(Instant now);
  void restore(const Episode& episode) { open_ = episode; }

  /// When tick() will have something to say unless a reading comes before; max when it is silent.
  Instant due() const;
  const Subject& subject() const { return subject_; }
  const std::optional<Episode>& open() const { return open_; }

 private:
  Silence why(Instant now) const;
  std::optional<Finding> end(Instant now);

  Subject subject_;
  std::optional<Instant> heard_;    ///< greatest min(event time, arrival) of the good ones
  std::optional<Instant> arrived_;  ///< latest arrival of anything
  Sound latest_ = Sound::good;
  std::optional<Episode> open_;
};

}  // namespace tocsin::rule
