#include "server/link/rate.h"

#include <algorithm>

namespace tocsin::server {
namespace {

constexpr Duration minute{60'000};

}  // namespace

bool RateLimit::current(const Window& window) const {
  return clock_.steady() - window.begun < minute;
}

bool RateLimit::take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (windows_.size() >= keys_max) {
    std::erase_if(windows_, [&](const auto& item) { return !current(item.second); });
    // Still full within one minute: forget all rather than refuse those who did nothing.
    if (windows_.size() >= keys_max) windows_.clear();
  }
  Window& window = windows_[key];
  if (window.count == 0 || !current(window)) window = {clock_.steady(), 0};
  return ++window.count <= per_minute_;
}

bool RateLimit::full(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = windows_.find(key);
  return found != windows_.end() && current(found->second) && found->second.count >= per_minute_;
}

std::size_t RateLimit::keys() const {
  const std::lock_guard lock(mutex_);
  return windows_.size();
}

}  // namespace tocsin::server
