#pragma once
// 谁来应答. From the places a warning touches to the people who must answer, as ladders: the holder
// of the responsible post, its deputy, then the posts above. One ladder a responsible post, however
// many risk points it has. A post without a holder and a holder nobody can reach are steps over
// which the ladder goes at once; they stay in it, with the reason, because a hole must be seen.

#include <string>
#include <vector>

#include "base/time.h"
#include "domain/call/events.h"
#include "domain/person/post.h"

namespace tocsin::outreach {

/// 叫应时限（县值）. How long a rung is given, by level: index 0 red … 3 blue. Defaults of the
/// domain rules: second contact at 5 min, superior at 10 min for red and orange.
struct Policy {
  struct Waits {
    Duration holder = std::chrono::minutes(5), deputy = std::chrono::minutes(5),
             above = std::chrono::minutes(10);
  };
  Waits by_level[4] = {
      {},
      {},
      {std::chrono::minutes(15), std::chrono::minutes(15), std::chrono::minutes(30)},
      {std::chrono::minutes(30), std::chrono::minutes(30), std::chrono::hours(1)}};
};

/// What the ladder is about: one place with those responsible for it.
struct Place {
  RiskPointId id;
  std::string area;  ///< code
  int people = 0;
  std::vector<std::string> posts;  ///< responsible, in order
};

/// One call for each responsible post of the places; places without any are answered for by
/// `fallback` (the post that watches: the county duty room). `level` 1-4.
std::vector<call::Opened> plan(const WarningId& warning, int round, int level,
                               const std::vector<Place>& places, const person::Posts& posts,
                               const person::ReachMap& reach, const Policy& policy,
                               const std::string& fallback);

}  // namespace tocsin::outreach
