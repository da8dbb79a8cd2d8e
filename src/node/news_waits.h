#pragma once
// 后续告知. Calls with news to be handed over, by when the newest of them came up. What is too old
// to be told is left out when one asks, never when it is kept: a clock that ran a day ahead and was
// set back must not cost anybody his news.

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/text_key.h"
#include "base/time.h"

namespace tocsin::node {

/// How long news are worth telling.
inline constexpr Duration news_last = std::chrono::hours(24);

class NewsWaits {
 public:
  /// `newest`: when the newest of this call's news came up; nothing: none waits.
  void set(const std::string& id, std::optional<Instant> newest) {
    if (const auto known = newest_.find(id); known != newest_.end()) {
      if (known->second == newest) return;
      by_time_.erase({known->second, id});
      newest_.erase(known);
    }
    if (!newest) return;
    newest_.emplace(id, *newest);
    by_time_.emplace(*newest, id);
  }

  /// Calls (ids) with news that came up after `from`. Costs what there is after it.
  template <class Visit>
  void after(Instant from, Visit visit) const {
    const auto next = by_time_.lower_bound({from + Duration(1), std::string()});
    for (auto at = next; at != by_time_.end(); ++at) visit(at->second);
  }

 private:
  TextMap<Instant> newest_;
  std::set<std::pair<Instant, std::string>> by_time_;
};

}  // namespace tocsin::node
