#pragma once
// What has been said of one rule at one point, against what is now known to be so.

#include <functional>
#include <vector>

#include "engine/rule/episode.h"
#include "engine/rule/judge.h"

namespace tocsin::rule {

/// Who speaks: names that go into every episode of one rule at one point.
struct Speaker {
  const rulebook::Rule* rule = nullptr;
  int version = 0;
  std::string_view point, station;
  Instant settled_until = Instant::min();  ///< what ended until then is not judged any more
  Duration late_after{};                   ///< found later than this after its instant: found late
};

/// Makes `told` agree with `judged` (both in order of time) and says each difference once. An
/// episode told is the one judged during which it became true; so what late data move is revised,
/// not renamed. `known_at` is the arrival of what made the difference.
void reconcile(const Speaker& speaker, const std::vector<Judged>& judged,
               std::vector<Episode>& told, Instant known_at, std::vector<Finding>& out);

/// Forgets what can no longer change: over at or before `before`.
void forget(std::vector<Episode>& told, Instant before);

}  // namespace tocsin::rule
