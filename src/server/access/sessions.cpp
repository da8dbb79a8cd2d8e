#include "server/access/sessions.h"

#include <algorithm>

#include "server/access/secrets.h"

namespace tocsin::server {
namespace {

/// The head of the hash names a session; the whole hash opens it.
constexpr std::size_t id_size = 24;

/// Made from the token, so that nothing but the token's hash has to be kept for it: who holds the
/// cookie of a session that outlived a restart is given the same again.
std::string csrf_of(std::string_view token) { return token_hash("csrf " + std::string(token)); }

}  // namespace

bool Sessions::alive(const Kept& kept, Duration now) const {
  return now - kept.used < settings_.idle && now - kept.opened < settings_.whole;
}

void Sessions::drop_oldest(const std::function<bool(const Kept&)>& which) {
  auto oldest = kept_.end();
  for (auto it = kept_.begin(); it != kept_.end(); ++it)
    if (which(it->second) && (oldest == kept_.end() || it->second.used < oldest->second.used))
      oldest = it;
  if (oldest != kept_.end()) kept_.erase(oldest);
}

void Sessions::make_room(std::string_view login, Duration now) {
  std::erase_if(kept_, [&](const auto& item) { return !alive(item.second, now); });
  const auto is_his = [&](const Kept& kept) { return kept.session.principal.login == login; };
  const auto his =
      std::ranges::count_if(kept_, [&](const auto& item) { return is_his(item.second); });
  if (static_cast<std::size_t>(his) >= settings_.per_login_max) drop_oldest(is_his);
  if (kept_.size() >= settings_.all_max) drop_oldest([](const Kept&) { return true; });
}

void Sessions::tell(bool something) const {
  if (something && changed_) changed_();
}

Sessions::Opened Sessions::open(access::Principal principal) {
  const Duration now = clock_.steady();
  Opened out;
  {
    const std::lock_guard lock(mutex_);
    make_room(principal.login, now);
    out.token = make_token(dice_);
    std::string hash = token_hash(out.token);
    out.session = {.id = hash.substr(0, id_size),
                   .principal = std::move(principal),
                   .csrf = csrf_of(out.token),
                   .expires_at = clock_.now() + settings_.whole};
    kept_[out.session.id] = {out.session, std::move(hash), now, now};
  }
  tell(true);
  return out;
}

Result<Session> Sessions::find(std::string_view token) {
  if (token.empty()) return fail("access.no_session", "", "log in first");
  const std::string hash = token_hash(token);
  const Duration now = clock_.steady();
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(hash.substr(0, id_size));
  if (found == kept_.end() || !same_secret(found->second.hash, hash))
    return fail("access.no_session", "", "log in first");
  if (!alive(found->second, now)) {
    kept_.erase(found);
    return fail("access.expired", "", "the session is over, log in again");
  }
  found->second.used = now;
  found->second.session.csrf = csrf_of(token);
  return found->second.session;
}

std::string Sessions::over(std::string_view id) {
  const Duration now = clock_.steady();
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(std::string(id));
  if (found == kept_.end()) return "ended";
  return alive(found->second, now) ? "" : "expired";
}

bool Sessions::close(std::string_view id) {
  bool was = false;
  {
    const std::lock_guard lock(mutex_);
    was = kept_.erase(std::string(id)) > 0;
  }
  tell(was);
  return was;
}

std::size_t Sessions::close_login(std::string_view login, std::string_view but_id) {
  std::size_t ended = 0;
  {
    const std::lock_guard lock(mutex_);
    ended = std::erase_if(kept_, [&](const auto& item) {
      return item.second.session.principal.login == login && item.first != but_id;
    });
  }
  tell(ended > 0);
  return ended;
}

std::vector<KeptSession> Sessions::kept() const {
  const Duration now = clock_.steady();
  // To the second: the two clocks never agree to the millisecond twice.
  const auto on_the_wall = [&, wall = clock_.now()](Duration at) {
    return Instant(std::chrono::floor<std::chrono::seconds>(wall - (now - at)));
  };
  const std::lock_guard lock(mutex_);
  std::vector<KeptSession> out;
  for (const auto& [id, kept] : kept_)
    if (alive(kept, now))
      out.push_back(
          {kept.hash, kept.session.principal, on_the_wall(kept.opened), on_the_wall(kept.used)});
  return out;
}

void Sessions::take_back(std::vector<KeptSession> sessions) {
  const Duration now = clock_.steady();
  const Instant wall = clock_.now();
  // A clock put back makes nobody younger than new.
  const auto age = [&](Instant at) { return std::max(Duration(0), Duration(wall - at)); };
  const std::lock_guard lock(mutex_);
  for (KeptSession& one : sessions) {
    Kept kept{{.id = one.hash.substr(0, id_size),
               .principal = std::move(one.principal),
               .csrf = {},
               .expires_at = wall + settings_.whole - age(one.opened)},
              std::move(one.hash),
              now - age(one.opened),
              now - age(one.used)};
    if (!alive(kept, now)) continue;
    std::string id = kept.session.id;
    kept_.insert_or_assign(std::move(id), std::move(kept));
  }
}

std::size_t Sessions::review(const std::function<bool(access::Principal&)>& stays) {
  std::size_t ended = 0;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = kept_.begin(); at != kept_.end();) {
      const bool may_stay = stays(at->second.session.principal);
      ended += may_stay ? 0 : 1;
      at = may_stay ? std::next(at) : kept_.erase(at);
    }
  }
  tell(ended > 0);
  return ended;
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace tocsin::server
