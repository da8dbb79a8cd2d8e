#include "node/warning_times.h"

namespace tocsin::node {

void WarningTimes::set(const std::string& id, const warning::Warning& warning) {
  using warning::Phase;
  Known& known = known_[id];
  const Known now{warning.issued_at, warning.ended_at, warning.phase};
  if (known.phase != Phase::none) issued_.erase({known.issued, id});
  if (known.phase != Phase::none && known.phase != Phase::in_force) ended_.erase({known.ended, id});
  known = now;
  if (now.phase != Phase::none) issued_.emplace(now.issued, id);
  if (now.phase == Phase::in_force) {
    in_force_.insert(id);
  } else {
    in_force_.erase(id);
    if (now.phase != Phase::none) ended_.emplace(now.ended, id);
  }
}

}  // namespace tocsin::node
