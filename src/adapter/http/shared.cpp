#include <algorithm>
#include <vector>

#include "adapter/http/connection.h"

namespace tocsin::http {

void Shared::add(std::shared_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  connections_.insert(std::move(connection));
}

void Shared::remove(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
}

std::size_t Shared::count() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

void Shared::sweep() {
  const std::int64_t now = steady_ms();
  const std::lock_guard lock(mutex_);
  for (const auto& connection : connections_) {
    if (connection->deadline > now) continue;
    ++timeouts;
    connection->deadline = INT64_MAX;
    connection->close_soon();
  }
}

void Shared::close_idle() {
  const std::lock_guard lock(mutex_);
  for (const auto& connection : connections_)
    if (connection->idle_since != 0) connection->close_soon();
}

void Shared::close_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& connection : connections_) connection->close_soon();
}

bool Shared::close_oldest_idle() {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Connection> oldest;
  for (const auto& connection : connections_)
    if (connection->idle_since != 0 && (!oldest || connection->idle_since < oldest->idle_since))
      oldest = connection;
  if (!oldest) return false;
  oldest->idle_since = 0;
  oldest->close_soon();
  return true;
}

}  // namespace tocsin::http
