#include "server/watch/cursor.h"

#include <algorithm>

#include "adapter/keyring_file/private_file.h"

namespace tocsin::server {
namespace {

constexpr Duration lag_least = std::chrono::hours(1), lag_most = std::chrono::days(20);

}  // namespace

std::optional<Instant> read_cursor(const std::string& path) {
  const auto text = keyring_file::read_private(path);
  if (!text || !*text) return std::nullopt;
  const auto at = parse_iso(**text);
  return at ? std::optional(*at) : std::nullopt;
}

Result<void> write_cursor(const std::string& path, Instant told_until) {
  return keyring_file::replace_private(path, iso_utc(told_until), false);
}

Duration lag_to_cover(std::optional<Instant> told_until, std::optional<Instant> newest_arrival) {
  if (!told_until || !newest_arrival) return lag_least;
  return std::clamp(*newest_arrival - *told_until + lag_least, lag_least, lag_most);
}

}  // namespace tocsin::server
