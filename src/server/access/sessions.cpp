#include "server/access/sessions.h"

#include <algorithm>

#include "server/access/secrets.h"

namespace tocsin::server {
namespace {

/// The head of the hash names a session; the whole hash opens it.
constexpr std::size_t id_size = 24;

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

Sessions::Opened Sessions::open(access::Principal principal) {
  const Duration now = clock_.steady();
  const std::lock_guard lock(mutex_);
  make_room(principal.login, now);
  Opened out;
  out.token = make_token(dice_);
  std::string hash = token_hash(out.token);
  out.session = {.id = hash.substr(0, id_size),
                 .principal = std::move(principal),
                 .csrf = make_token(dice_),
                 .expires_at = clock_.now() + settings_.whole};
  kept_[out.session.id] = {out.session, std::move(hash), now, now};
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
  const std::lock_guard lock(mutex_);
  return kept_.erase(std::string(id)) > 0;
}

std::size_t Sessions::close_login(std::string_view login, std::string_view but_id) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(kept_, [&](const auto& item) {
    return item.second.session.principal.login == login && item.first != but_id;
  });
}

std::size_t Sessions::review(const std::function<bool(access::Principal&)>& stays) {
  const std::lock_guard lock(mutex_);
  const std::size_t before = kept_.size();
  for (auto at = kept_.begin(); at != kept_.end();)
    at = stays(at->second.session.principal) ? std::next(at) : kept_.erase(at);
  return before - kept_.size();
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace tocsin::server
