#include "node/warning_times.h"

namespace tocsin::node {

using warning::Phase;

void WarningTimes::count(const Kind& kind, bool one_more) {
  const auto at = counts_.try_emplace(kind, 0).first;
  if (one_more)
    ++at->second;
  else if (--at->second == 0)
    counts_.erase(at);
}

void WarningTimes::set(const std::string& id, const warning::Warning& warning) {
  Known& known = known_[id];
  if (known.kind.phase != Phase::none) {
    issued_.erase({known.issued, id});
    if (known.kind.phase != Phase::in_force) ended_.erase({known.ended, id});
    count(known.kind, false);
  }
  in_force_.erase(id);
  known = {warning.issued_at,
           warning.ended_at,
           {warning.phase, warning.issued.edition, warning.issued.areas}};
  if (warning.phase == Phase::none) return;
  issued_.emplace(known.issued, id);
  if (warning.phase == Phase::in_force)
    in_force_.insert(id);
  else
    ended_.emplace(known.ended, id);
  count(known.kind, true);
}

}  // namespace tocsin::node
