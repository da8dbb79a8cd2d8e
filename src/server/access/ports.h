#pragma once
// What the access room needs of the house: accounts (they live in the log) and the audit lane. The
// server wires the node behind these two; tests use plain maps.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/access/access.h"

namespace tocsin::server {

namespace asio = boost::asio;

/// 任岗. One post an account may log in to.
struct HeldPost {
  std::string post, title;
  access::Role role = access::Role::responsible;
  std::string area, area_name;  // division code and its name
};

/// 账号.
struct Account {
  std::string login;
  std::string person, person_name;
  std::string password_hash;  // libsodium's argon2id string
  bool disabled = false;
  std::vector<HeldPost> posts;
  std::vector<std::string> break_glass;  // break_glass_hash() of the codes not used yet
};

/// A program allowed to send readings.
struct IngestKey {
  std::string name;
  std::string area;  // division code its readings belong to
};

struct FirstOperator {
  std::string login, password_hash;
};

class AccountBook {
 public:
  virtual ~AccountBook() = default;
  /// True while no account exists: set-up is needed.
  virtual asio::awaitable<bool> empty() = 0;
  virtual asio::awaitable<std::optional<Account>> find(std::string login) = 0;
  /// `key_hash`: lower-case hex SHA-256 of the key as sent.
  virtual asio::awaitable<std::optional<IngestKey>> find_ingest_key(std::string key_hash) = 0;
  /// The changes below are events and return once they are on disk.
  /// Error "access.setup_done" when another was quicker.
  virtual asio::awaitable<Result<void>> create_first_operator(FirstOperator first) = 0;
  virtual asio::awaitable<Result<void>> set_password(std::string login, std::string hash) = 0;
  /// Strikes one code out; error "access.code_used" when it is no longer there.
  virtual asio::awaitable<Result<void>> use_break_glass(std::string login, std::string code_hash,
                                                        std::string reason) = 0;
};

/// One line for the audit lane. Never holds a password, a token or a code.
struct AuditEntry {
  /// "login", "login_refused", "logout", "refused", "break_glass",
  /// "break_glass_refused", "setup", "setup_refused", "password_changed", "password_refused".
  std::string kind;
  std::string login, person, post;  // as far as known
  std::string source;               // address
  std::string what;                 // "POST /api/v1/warnings", or the reason typed at break-glass
  std::string code;                 // why it was refused: "access.no_right"
  int repeats = 1;  // the same refusal again within the minute is counted, not written
};

class AuditSink {
 public:
  virtual ~AuditSink() = default;
  /// Returns once it is on disk. Error "store.…": the caller decides whether to go on without.
  virtual asio::awaitable<Result<void>> record(AuditEntry entry) = 0;
};

}  // namespace tocsin::server
