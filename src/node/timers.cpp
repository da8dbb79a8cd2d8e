#include "node/timers.h"

#include <algorithm>

namespace tocsin::node {

Instant Timers::deadline_of(Instant since, Duration length, Instant now) {
  const Duration left = std::min(length, since + length - now);
  return now + std::max(left, Duration(0));
}

void Timers::observe(Instant now) {
  if (now < last_now_) {
    order_.clear();
    for (auto& [key, wait] : waits_) {
      wait.deadline -= last_now_ - now;
      order_.insert({wait.deadline, key});
    }
  }
  last_now_ = now;
}

void Timers::set(const std::string& key, Instant since, Duration length, Instant now) {
  observe(now);
  const auto [at, made] = waits_.try_emplace(key);
  if (!made) {
    const bool same = at->second.since == since && at->second.length == length;
    if (same) return;  // the deadline stands: it must not move because somebody looked
    order_.erase({at->second.deadline, key});
  }
  const Instant deadline = deadline_of(since, length, now);
  at->second = {since, length, deadline};
  order_.insert({deadline, key});
}

void Timers::drop(const std::string& key) {
  const auto at = waits_.find(key);
  if (at == waits_.end()) return;
  order_.erase({at->second.deadline, key});
  waits_.erase(at);
}

std::vector<std::string> Timers::due(Instant now) {
  observe(now);
  std::vector<std::string> out;
  while (!order_.empty() && order_.begin()->first <= now) {
    out.push_back(order_.begin()->second);
    waits_.erase(out.back());
    order_.erase(order_.begin());
  }
  return out;
}

std::vector<std::string> Timers::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, wait] : waits_) out.push_back(key);
  std::ranges::sort(out);
  return out;
}

std::optional<Instant> Timers::next() const {
  if (order_.empty()) return std::nullopt;
  return order_.begin()->first;
}

}  // namespace tocsin::node
