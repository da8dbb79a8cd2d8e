#pragma once
// What follows when accounts or posts change: whoever lost his post is logged out of it, and those
// who must know are told by mail that somebody broke the glass. Called on the node's thread.

#include <map>
#include <mutex>
#include <set>
#include <string>

#include "server/access/sessions.h"
#include "server/desk/desk.h"
#include "server/mailer/mailer.h"

namespace tocsin::server {

class RightsWatch {
 public:
  /// `mailer` may be null: no mail server is configured.
  RightsWatch(Sessions& sessions, Mailer* mailer) : sessions_(sessions), mailer_(mailer) {}

  /// The state at the start: codes used before are not told again.
  void begin(const node::Node& node);
  void changed(const node::Node& node, const std::set<std::string>& entities);
  /// Name of the county out of its divisions; from any thread.
  std::string county() const;

 private:
  void know_the_county(const node::Node& node);

  Sessions& sessions_;
  Mailer* mailer_;
  std::map<std::string, Instant> codes_used_;  // login -> when last told
  mutable std::mutex mutex_;
  std::string county_;
};

}  // namespace tocsin::server
