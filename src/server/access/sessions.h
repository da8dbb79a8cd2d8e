#pragma once
// 会话. Who is logged in. Tokens are kept as hashes; what has to outlive a restart goes through
// session_file.h.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapter/clock/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "domain/access/access.h"

namespace tocsin::server {

struct SessionSettings {
  Duration idle{30 * 60'000};        // without a request
  Duration whole{12 * 60 * 60'000};  // from login
  std::size_t per_login_max = 8;     // the oldest ends
  std::size_t all_max = 4096;
};

struct Session {
  std::string id;  // names the session without opening it
  access::Principal principal;
  std::string csrf;
  Instant expires_at{};  // by the wall clock, for the screen
};

/// 会话留存. What a session is made of again after a restart. Instants by the wall clock.
struct KeptSession {
  std::string hash;  // of the token, which stands nowhere
  access::Principal principal;
  Instant opened{}, used{};
};

class Sessions {
 public:
  /// Called after sessions began or ended, before whoever asked for it has his answer.
  using Changed = std::function<void()>;

  Sessions(const Clock& clock, Dice& dice, SessionSettings settings)
      : clock_(clock), dice_(dice), settings_(settings) {}

  struct Opened {
    std::string token;  // for the cookie, kept nowhere
    Session session;
  };
  Opened open(access::Principal principal);
  /// The session of a token, its idle time renewed. Errors "access.no_session", "access.expired".
  Result<Session> find(std::string_view token);
  /// Why a session is over: "" while it lives, "expired", "ended". Does not renew it.
  std::string over(std::string_view id);
  /// False when it was gone already.
  bool close(std::string_view id);
  /// All of a login but one ("" for all): after a password change, when an account is disabled or
  /// loses a post. Returns how many.
  std::size_t close_login(std::string_view login, std::string_view but_id = {});
  /// Looks at everybody's rights anew after accounts or posts have changed: `stays` may bring role,
  /// area and names up to date; where it says no (the post was taken away, the account locked) the
  /// session ends. Returns how many ended.
  std::size_t review(const std::function<bool(access::Principal&)>& stays);
  std::size_t count() const;
  /// Those that live, for `take_back` after a restart.
  std::vector<KeptSession> kept() const;
  /// Goes on with sessions of before, but for those whose time was over meanwhile by the clock on
  /// the wall. Rights may have changed since: `review` is to follow.
  void take_back(std::vector<KeptSession> sessions);
  void on_change(Changed changed) { changed_ = std::move(changed); }
  const SessionSettings& settings() const { return settings_; }

 private:
  struct Kept {
    Session session;
    std::string hash;
    Duration opened{0}, used{0};
  };
  bool alive(const Kept& kept, Duration now) const;
  void make_room(std::string_view login, Duration now);
  void drop_oldest(const std::function<bool(const Kept&)>& which);
  void tell(bool something) const;

  const Clock& clock_;
  Dice& dice_;
  SessionSettings settings_;
  Changed changed_;  // set once, before anybody asks
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Kept> kept_;  // by id
};

}  // namespace tocsin::server
