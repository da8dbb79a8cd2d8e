#pragma once
// 后续告知. Calls with news to be handed over, by when the newest of them came up. What is too old
// to be told is left out when one asks, never when it is kept: a clock that ran a day ahead and was
// set back must not cost anybody his news.

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/time.h"

namespace tocsin::node {

class NewsWaits {
 public:
  /// `newest`: when the newest of this call's news came up; nothing: none waits.
  void set(const std::string& id, std::optional<Instant> newest) {
    if (const auto known = newest_.find(id); known != newest_.end()) {
      if (known->second == newest) return;
      const auto at = by_time_.find(known->second);
      at->second.erase(id);
      if (at->second.empty()) by_time_.erase(at);
      newest_.erase(known);
    }
    if (!newest) return;
    newest_.emplace(id, *newest);
    by_time_[*newest].insert(id);
  }

  /// Calls (ids) with news that came up after `from`. Costs what there is after it.
  template <class Visit>
  void after(Instant from, Visit visit) const {
    for (auto at = by_time_.upper_bound(from); at != by_time_.end(); ++at)
      for (const std::string& id : at->second) visit(id);
  }

 private:
  std::map<std::string, Instant> newest_;
  std::map<Instant, std::set<std::string>> by_time_;
};

}  // namespace tocsin::node
