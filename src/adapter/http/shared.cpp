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

bool Shared::make_room() {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Connection> longest;
  for (const auto& connection : connections_)
    if (connection->owing_since != 0 &&
        (!longest || connection->owing_since < longest->owing_since))
      longest = connection;
  if (!longest) return false;
  longest->idle_since = longest->owing_since = 0;
  longest->close_soon();
  return true;
}

}  // namespace tocsin::http
