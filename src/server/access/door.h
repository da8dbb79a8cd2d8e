#pragma once
// Logging in: password, break-glass code, first set-up. Each way in is throttled by source, takes
// the same time for logins that do not exist, and is told to the audit lane.

#include <optional>
#include <string>
#include <vector>

#include "server/access/hasher.h"
#include "server/access/ports.h"
#include "server/access/refusals.h"
#include "server/access/secrets.h"
#include "server/access/sessions.h"
#include "server/access/throttle.h"

namespace tocsin::server {

/// Why nobody got in. `posts` where several are held and none was named; `wait` with 429.
struct NoEntry {
  Error error;
  Duration wait{0};
  std::vector<HeldPost> posts{};
};

template <class T>
using Entry = std::expected<T, NoEntry>;

struct Caller {
  std::string address;
  std::string device_mark;  // the cookie as sent
};

struct LoggedIn {
  Sessions::Opened opened;
  std::string device_mark;  // for the cookie
};

class Door {
 public:
  struct Parts {
    const Clock& clock;
    Dice& dice;
    AccountBook& book;
    AuditSink& audit;
    Refusals& refusals;
    Sessions& sessions;
    Hasher& hasher;
    DeviceMarks devices;
    ThrottleSettings throttle{};
    std::string setup_token_hash{};  // printed_code_hash; empty: no set-up from outside
  };
  explicit Door(Parts parts);

  /// Errors: "access.throttled", "access.busy", "access.bad_login" (also for disabled accounts),
  /// "access.no_post", "session.choose_post", "access.post_not_held" (field "post"). `post`: none
  /// where none was named; "" is a choice too: the operator's seat, which is no post.
  asio::awaitable<Entry<LoggedIn>> log_in(std::string login, std::string password,
                                          std::optional<std::string> post, Caller caller);
  /// One of the printed codes, used up only once the post is chosen. The session waits until the
  /// audit lane has it on disk. Errors: "access.bad_code", "access.throttled", "store.…", and those
  /// about the post as above.
  asio::awaitable<Entry<LoggedIn>> break_glass(std::string login, std::string code,
                                               std::string reason, std::optional<std::string> post,
                                               Caller caller);
  /// Errors "access.setup_done", "access.bad_setup_token", "access.weak_password".
  asio::awaitable<Entry<void>> set_up(std::string token, std::string login, std::string password,
                                      Caller caller);
  /// Ends the login's other sessions. Errors "access.bad_login" (field "old"),
  /// "access.weak_password".
  asio::awaitable<Entry<void>> change_password(access::Principal principal, std::string session,
                                               std::string old_password, std::string new_password,
                                               Caller caller);
  asio::awaitable<void> log_out(access::Principal principal, std::string session, Caller caller);
  asio::awaitable<bool> setup_needed();

 private:
  TrySource source_of(const Caller& caller, const std::string& login) const;
  asio::awaitable<Entry<void>> take_try(const TrySource& source, const std::string& kind);
  asio::awaitable<NoEntry> refuse(std::string kind, const TrySource& source, Error why);
  asio::awaitable<Entry<Account>> check_password_of(std::string login, std::string password,
                                                    TrySource source, std::string kind);
  asio::awaitable<Entry<HeldPost>> choose_post(Account account, std::optional<std::string> post,
                                               TrySource source, std::string kind);
  LoggedIn enter(const Account& account, const HeldPost& post, bool break_glass);
  asio::awaitable<void> tell(std::string kind, const access::Principal& who, std::string source,
                             std::string what);

  Parts parts_;
  Throttle throttle_;
};

}  // namespace tocsin::server
