#include "server/access/refusals.h"

#include <cstdio>

namespace tocsin::server {

int Refusals::stands_for(const AuditEntry& entry, const std::string& kind_key) {
  const Duration now = clock_.steady();
  const std::lock_guard lock(mutex_);
  std::string key = entry.source + "\n" + entry.login + "\n" + entry.code + "\n" + kind_key;
  if (seen_.size() >= kinds_max) {
    std::erase_if(seen_, [&](const auto& item) { return now - item.second.written >= quiet; });
    if (seen_.size() >= kinds_max) key = "many sources\n" + entry.code;
  }
  const auto [found, first] = seen_.try_emplace(std::move(key), Seen{now, 0});
  if (first) return 1;
  Seen& seen = found->second;
  ++seen.unwritten;
  if (now - seen.written < quiet) return 0;
  seen.written = now;
  return std::exchange(seen.unwritten, 0);
}

asio::awaitable<void> Refusals::note(AuditEntry entry, std::string kind_key) {
  entry.repeats = stands_for(entry, kind_key);
  if (entry.repeats == 0) co_return;
  const auto kept = co_await sink_.record(std::move(entry));
  // The refusal stands whether or not it could be written down.
  if (!kept) std::fprintf(stderr, "tocsin: audit lane: %s\n", kept.error().code.c_str());
}

}  // namespace tocsin::server
