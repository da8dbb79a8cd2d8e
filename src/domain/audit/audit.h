#pragma once
// 审计. What the audit lane says beside the accounts themselves: who came in, who was refused, what
// was shown or taken out. Read back by place in the log; of all that only when each login last came
// in is kept in memory.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "log/room.h"

namespace tocsin::audit {

/// v1. Entity id "audit/notes". Never holds a password, a token or a code.
struct Noted {
  static constexpr std::string_view type = "audit.noted";
  std::string kind;                 ///< "login", "login_refused", "refused", "export", "reveal" …
  std::string login, person, post;  ///< as far as known
  std::string source;               ///< network address
  std::string what;                 ///< route, or the reason typed
  std::string code;                 ///< why refused
  int repeats = 1;
};

/// Whether a body as `encode` writes it is of somebody who got in: a look at its bytes, for those
/// who pass over most of a long log.
bool tells_of_login(std::string_view json_body);
Result<Noted> decode(std::string_view type, int version, std::string_view json_body);
log::Written encode(const Noted& note);

/// 最近登录. When each login last came in, by password or by break-glass.
class LastLogins {
 public:
  void take(const Noted& note, Instant at);
  std::optional<Instant> of(std::string_view login) const;

 private:
  std::map<std::string, Instant, std::less<>> at_;
};

}  // namespace tocsin::audit
