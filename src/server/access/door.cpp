#include "server/access/door.h"

#include <algorithm>
#include <cstdio>

namespace tocsin::server {
namespace {

std::unexpected<NoEntry> no(NoEntry why) { return std::unexpected(std::move(why)); }

access::Principal principal_of(const Account& account, const HeldPost& post, bool break_glass) {
  return {.login = account.login,
          .person = account.person,
          .person_name = account.person_name,
          .post = post.post,
          .post_title = post.title,
          .role = post.role,
          .area = post.area,
          .area_name = post.area_name,
          .break_glass = break_glass};
}

}  // namespace

Door::Door(Parts parts) : parts_(std::move(parts)), throttle_(parts_.clock, parts_.throttle) {}

TrySource Door::source_of(const Caller& caller, const std::string& login) const {
  return {caller.address, login, parts_.devices.name_of(caller.device_mark, login)};
}

asio::awaitable<NoEntry> Door::refuse(std::string kind, const TrySource& source, Error why) {
  AuditEntry entry;
  entry.kind = std::move(kind);
  entry.login = source.login;
  entry.source = source.address;
  entry.code = why.code;
  std::string key = entry.kind;
  co_await parts_.refusals.note(std::move(entry), std::move(key));
  co_return NoEntry{std::move(why)};
}

asio::awaitable<void> Door::tell(std::string kind, const access::Principal& who, std::string source,
                                 std::string what) {
  AuditEntry entry{.kind = std::move(kind),
                   .login = who.login,
                   .person = who.person,
                   .post = who.post,
                   .source = std::move(source),
                   .what = std::move(what),
                   .code = {}};
  const auto kept = co_await parts_.audit.record(std::move(entry));
  // A full disk keeps nobody out of the room where it is seen to.
  if (!kept) std::fprintf(stderr, "tocsin: audit lane: %s\n", kept.error().code.c_str());
}

asio::awaitable<Entry<void>> Door::take_try(const TrySource& source, const std::string& kind) {
  const Duration wait = throttle_.take(source);
  if (wait == Duration(0)) co_return Entry<void>();
  NoEntry why = co_await refuse(kind, source, {"access.throttled", "", "too many tries"});
  why.wait = wait;
  co_return no(std::move(why));
}

asio::awaitable<Entry<Account>> Door::check_password_of(std::string login, std::string password,
                                                        TrySource source, std::string kind) {
  Entry<void> taken = co_await take_try(source, kind);
  if (!taken) co_return no(std::move(taken.error()));
  std::optional<Account> account = co_await parts_.book.find(login);
  const bool usable = account && !account->disabled;
  std::string stored = usable ? account->password_hash : std::string();
  Result<bool> same =
      co_await parts_.hasher.verify(std::move(stored), std::move(password), !source.device.empty());
  if (!same) {
    throttle_.give_back(source);
    co_return no(NoEntry{same.error(), Duration(1'000)});
  }
  if (!*same)
    co_return no(co_await refuse(kind, source, {"access.bad_login", "", "login or password"}));
  throttle_.succeeded(source);
  co_return std::move(*account);
}

asio::awaitable<Entry<HeldPost>> Door::choose_post(Account account, std::optional<std::string> post,
                                                   TrySource source, std::string kind) {
  if (account.posts.empty())
    co_return no(
        co_await refuse(kind, source, {"access.no_post", "", "this account holds no post"}));
  if (!post && account.posts.size() == 1) co_return account.posts.front();
  if (!post)
    co_return no(NoEntry{{"session.choose_post", "post", "several posts are held"},
                         Duration(0),
                         std::move(account.posts)});
  const auto held = std::ranges::find(account.posts, *post, &HeldPost::post);
  if (held == account.posts.end())
    co_return no(co_await refuse(
        kind, source, {"access.post_not_held", "post", "this account does not hold it"}));
  co_return *held;
}

LoggedIn Door::enter(const Account& account, const HeldPost& post, bool break_glass) {
  return {parts_.sessions.open(principal_of(account, post, break_glass)),
          parts_.devices.make(account.login, parts_.dice)};
}

asio::awaitable<Entry<LoggedIn>> Door::log_in(std::string login, std::string password,
                                              std::optional<std::string> post, Caller caller) {
  const TrySource source = source_of(caller, login);
  Entry<Account> account =
      co_await check_password_of(std::move(login), std::move(password), source, "login_refused");
  if (!account) co_return no(std::move(account.error()));
  Entry<HeldPost> held = co_await choose_post(*account, std::move(post), source, "login_refused");
  if (!held) co_return no(std::move(held.error()));
  LoggedIn in = enter(*account, *held, false);
  co_await tell("login", in.opened.session.principal, caller.address, {});
  co_return in;
}

asio::awaitable<Entry<LoggedIn>> Door::break_glass(std::string login, std::string code,
                                                   std::string reason,
                                                   std::optional<std::string> post, Caller caller) {
  TrySource source = source_of(caller, login);
  source.way = "glass";
  const std::string kind = "break_glass_refused";
  Entry<void> taken = co_await take_try(source, kind);
  if (!taken) co_return no(std::move(taken.error()));
  const std::optional<Account> account = co_await parts_.book.find(login);
  const std::string hash = printed_code_hash(code);
  bool good = false;
  if (account)
    for (const std::string& kept : account->break_glass) good |= same_secret(kept, hash);
  if (!good || account->disabled || account->posts.empty())
    co_return no(co_await refuse(kind, source, {"access.bad_code", "code", "login or code"}));
  throttle_.succeeded(source);
  Entry<HeldPost> held = co_await choose_post(*account, std::move(post), source, kind);
  if (!held) co_return no(std::move(held.error()));
  Result<void> used = co_await parts_.book.use_break_glass(login, hash, reason);
  if (!used) co_return no(NoEntry{used.error()});
  const access::Principal who = principal_of(*account, *held, true);
  AuditEntry entry{.kind = "break_glass",
                   .login = who.login,
                   .person = who.person,
                   .post = who.post,
                   .source = caller.address,
                   .what = std::move(reason),
                   .code = {}};
  Result<void> told = co_await parts_.audit.record(std::move(entry));
  if (!told) co_return no(NoEntry{told.error()});
  co_return enter(*account, *held, true);
}

asio::awaitable<bool> Door::setup_needed() { co_return co_await parts_.book.empty(); }

asio::awaitable<Entry<void>> Door::set_up(std::string token, std::string login,
                                          std::string password, Caller caller) {
  const TrySource source = source_of(caller, "setup");
  Entry<void> taken = co_await take_try(source, "setup_refused");
  if (!taken) co_return no(std::move(taken.error()));
  const bool needed = co_await parts_.book.empty();
  if (!needed)
    co_return no(
        co_await refuse("setup_refused", source, {"access.setup_done", "", "an account exists"}));
  if (parts_.setup_token_hash.empty() ||
      !same_secret(printed_code_hash(token), parts_.setup_token_hash))
    co_return no(co_await refuse("setup_refused", source,
                                 {"access.bad_setup_token", "token", "not the token printed"}));
  throttle_.succeeded(source);
  const Result<void> strong = server::check_password(password, login);
  if (!strong) co_return no(NoEntry{strong.error()});
  Result<std::string> hash = co_await parts_.hasher.hash(std::move(password));
  if (!hash) co_return no(NoEntry{hash.error(), Duration(1'000)});
  FirstOperator first{login, std::move(*hash)};
  Result<void> made = co_await parts_.book.create_first_operator(std::move(first));
  if (!made) co_return no(NoEntry{made.error()});
  access::Principal who;
  who.login = login;
  co_await tell("setup", who, caller.address, {});
  co_return Entry<void>();
}

asio::awaitable<Entry<void>> Door::change_password(access::Principal principal, std::string session,
                                                   std::string old_password,
                                                   std::string new_password, Caller caller) {
  const TrySource source = source_of(caller, principal.login);
  const Result<void> strong = server::check_password(new_password, principal.login);
  if (!strong) co_return no(NoEntry{{strong.error().code, "new", strong.error().detail}});
  Entry<Account> account = co_await check_password_of(principal.login, std::move(old_password),
                                                      source, "password_refused");
  if (!account) {
    // The session is good: 400 with the field, and not the 401 that would send him to log in.
    if (account.error().error.code == "access.bad_login")
      account.error().error = {"access.bad_old_password", "old", "not the present password"};
    co_return no(std::move(account.error()));
  }
  Result<std::string> hash = co_await parts_.hasher.hash(std::move(new_password));
  if (!hash) co_return no(NoEntry{hash.error(), Duration(1'000)});
  Result<void> set = co_await parts_.book.set_password(principal.login, std::move(*hash));
  if (!set) co_return no(NoEntry{set.error()});
  parts_.sessions.close_login(principal.login, session);
  co_await tell("password_changed", principal, caller.address, {});
  co_return Entry<void>();
}

asio::awaitable<void> Door::log_out(access::Principal principal, std::string session,
                                    Caller caller) {
  parts_.sessions.close(session);
  co_await tell("logout", principal, caller.address, {});
}

}  // namespace tocsin::server
