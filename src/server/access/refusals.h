#pragma once
// Refusals on their way to the audit lane. The first of a kind is written at once; the same again
// within a minute is counted and told with the next one, so that knocking cannot fill the log.

#include <mutex>
#include <string>
#include <unordered_map>

#include "adapter/clock/clock.h"
#include "server/access/ports.h"

namespace tocsin::server {

class Refusals {
 public:
  static constexpr Duration quiet{60'000};
  static constexpr std::size_t kinds_max = 4096;

  Refusals(const Clock& clock, AuditSink& sink) : clock_(clock), sink_(sink) {}
  /// `kind_key` groups what counts as the same (a route's pattern rather than its path).
  asio::awaitable<void> note(AuditEntry entry, std::string kind_key);

 private:
  struct Seen {
    Duration written{0};
    int unwritten = 0;
  };
  /// How many this entry stands for; 0: not to be written now.
  int stands_for(const AuditEntry& entry, const std::string& kind_key);

  const Clock& clock_;
  AuditSink& sink_;
  std::mutex mutex_;
  std::unordered_map<std::string, Seen> seen_;
};

}  // namespace tocsin::server
