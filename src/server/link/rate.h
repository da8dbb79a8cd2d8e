#pragma once
// So many a minute for each key, in bounded memory.

#include <mutex>
#include <string>
#include <unordered_map>

#include "adapter/clock/clock.h"

namespace tocsin::server {

class RateLimit {
 public:
  static constexpr std::size_t keys_max = 10'000;

  RateLimit(const Clock& clock, int per_minute) : clock_(clock), per_minute_(per_minute) {}
  /// Counts one; false when it is one too many.
  bool take(const std::string& key);
  /// Looks without counting.
  bool full(const std::string& key) const;
  std::size_t keys() const;

 private:
  struct Window {
    Duration begun{0};
    int count = 0;
  };
  bool current(const Window& window) const;

  const Clock& clock_;
  int per_minute_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Window> windows_;
};

}  // namespace tocsin::server
