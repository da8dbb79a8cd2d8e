#pragma once
// Figures about the running server, and the small translations from configuration to parts.

#include <atomic>
#include <set>
#include <string>

#include "adapter/http/server.h"
#include "adapter/smtp/client.h"
#include "server/board/boards.h"
#include "server/config.h"
#include "server/desk/desk.h"
#include "server/link/page.h"
#include "server/mailer/mailer.h"
#include "server/watch/hj212_listener.h"
#include "server/watch/watch.h"

namespace tocsin::server {

/// What the rim keeps for the node's row.
struct RimCounters {
  std::atomic<bool> streams = false, relief = false;
  std::atomic<bool> register_damaged = false;

  void look_at(const node::Node& node);
  /// As above, when one of the entities that changed is a register.
  void look_at(const node::Node& node, const std::set<std::string>& entities);
};

/// What an operator is told of a damaged register, and what to do.
std::string line_of(const node::DamagedRegister& damaged);

RimFacts rim_facts(const std::string& folder, const Desk* desk, const Watch* watch,
                   const RimCounters& rim);

/// The text exposition format of Prometheus.
std::string metrics_text(const Desk& desk, const Watch& watch, const Hj212Listener* hj212,
                         const Mailer* mailer, const http::Server* server, const Hub& hub);

/// Set-aside frames and dialects to approve, as the board `ingest`.
void publish_ingest(Hub& hub, const std::vector<IngestNotice>& notices, const Field& field,
                    Instant now);

http::ListenSettings listen_settings(const ListenConfig& at);
std::string url_of(const ListenConfig& at, std::uint16_t port);
smtp::Account smtp_account(const SmtpConfig& config);
LinkPlace link_place(const Config& config);
/// Base address of the desk, for links in the public feed.
std::string public_url(const Config& config);

}  // namespace tocsin::server
