#pragma once
// Accounts and the audit lane, as the access room asks for them, out of the node.

#include "server/access/ports.h"
#include "server/access/sessions.h"
#include "server/desk/desk.h"

namespace tocsin::server {

/// The account of a login as the access room knows it, or nothing.
std::optional<Account> account_of(const node::Node& node, const std::string& login);

/// True while whoever logged in so still may: the account is not locked and holds the post. Brings
/// role, area and names up to date.
bool still_holds(const node::Node& node, access::Principal& who);

/// After a restart: takes back the sessions whose holders still may, but none opened before its
/// account's password was set or the account locked. That may have happened while the server
/// stood, or between the event and the file of the sessions.
void go_on_with(std::vector<KeptSession> before, Sessions& sessions, const node::Node& node);

class NodeAccounts final : public AccountBook {
 public:
  explicit NodeAccounts(Desk& desk) : desk_(desk) {}

  asio::awaitable<bool> empty() override;
  asio::awaitable<std::optional<Account>> find(std::string login) override;
  asio::awaitable<std::optional<IngestKey>> find_ingest_key(std::string key_hash) override;
  asio::awaitable<Result<void>> create_first_operator(FirstOperator first) override;
  asio::awaitable<Result<void>> set_password(std::string login, std::string hash) override;
  asio::awaitable<Result<void>> use_break_glass(std::string login, std::string code_hash,
                                                std::string reason) override;

 private:
  asio::awaitable<Result<void>> change(std::string login, account::Event event, bool first = false);
  Desk& desk_;
};

class NodeAudit final : public AuditSink {
 public:
  explicit NodeAudit(Desk& desk) : desk_(desk) {}
  asio::awaitable<Result<void>> record(AuditEntry entry) override;

 private:
  Desk& desk_;
};

}  // namespace tocsin::server
