#include "node/warning_times.h"

namespace tocsin::node {

using warning::Phase;

void WarningTimes::forget(const std::string& id, const Known& known) {
  const auto kind = *known.kind;
  issued_.erase({known.issued, id});
  if (kind->first.phase == Phase::in_force)
    in_force_.erase(id);
  else
    ended_.erase({known.ended, id});
  if (--kind->second == 0) counts_.erase(kind);
}

void WarningTimes::set(const std::string& id, const warning::Warning& warning) {
  Known& known = known_[id];
  if (known.kind) forget(id, known);
  known = {warning.issued_at, warning.ended_at, {}};
  if (warning.phase == Phase::none) return;
  issued_.emplace(known.issued, id);
  if (warning.phase == Phase::in_force)
    in_force_.insert(id);
  else
    ended_.emplace(known.ended, id);
  Kind kind{warning.phase, warning.issued.edition, warning.issued.areas};
  known.kind = counts_.try_emplace(std::move(kind), 0).first;
  ++(*known.kind)->second;
}

}  // namespace tocsin::node
