#pragma once
// 定时. Deadlines kept beside the state they are derived from. A wait never lasts longer than its
// length, whatever the clock does: remaining = min(length, due - now) whenever a deadline is set,
// and when the clock is seen to have been put back, all deadlines go back with it, so that what had
// been waited is not waited again.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/text_key.h"
#include "base/time.h"

namespace tocsin::node {

class Timers {
 public:
  /// Sets the one timer of `key`: due at since + length, at most `length` from `now`.
  void set(const std::string& key, Instant since, Duration length, Instant now);
  void drop(const std::string& key);

  /// Takes the keys that are due.
  std::vector<std::string> due(Instant now);
  std::optional<Instant> next() const;
  /// Keys of all that is waited for, sorted.
  std::vector<std::string> keys() const;

 private:
  struct Wait {
    Instant since;
    Duration length;
    Instant deadline;
  };
  static Instant deadline_of(Instant since, Duration length, Instant now);
  void observe(Instant now);

  TextMap<Wait> waits_;
  std::set<std::pair<Instant, std::string>> order_;
  Instant last_now_{};
};

}  // namespace tocsin::node
