#include "server/desk/accounts.h"

#include <algorithm>

namespace tocsin::server {
namespace {

/// A login may hold any text in a refusal; in the log's header only its alphabet may stand.
std::string header_safe(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 60))
    if (log::header_text(std::string_view(&c, 1)) && c != '/') out += c;
  return out.empty() ? "unknown" : out;
}

HeldPost held(const node::Node& node, const person::Post& post) {
  const std::string area = node.books().code_of(post.area);
  return {post.id, post.title, access::parse_role(post.role).value_or(access::Role::responsible),
          area, node.books().area_name(area)};
}

}  // namespace

std::optional<Account> account_of(const node::Node& node, const std::string& login) {
  const account::Account& a = node.accounts().state(login);
  if (!a.exists || a.password_hash.empty()) return std::nullopt;
  Account out{login, a.created.person.text, "", a.password_hash, a.disabled, {}, a.codes};
  out.person_name =
      a.created.person.empty() ? login : node.books().person_name(a.created.person.text);
  const person::Posts& posts = node.books().posts;
  for (const PostId& id : a.created.posts)
    if (const person::Post* post = posts.find(id.text)) out.posts.push_back(held(node, *post));
  if (!a.created.person.empty())
    for (const person::Post* post : posts.of_person(a.created.person.text))
      if (std::ranges::find(out.posts, post->id, &HeldPost::post) == out.posts.end())
        out.posts.push_back(held(node, *post));
  if (a.created.operates)
    out.posts.push_back({"", "系统管理员", access::Role::operator_, node.setup().area,
                         node.books().area_name(node.setup().area)});
  return out;
}

bool still_holds(const node::Node& node, access::Principal& who) {
  const auto account = account_of(node, who.login);
  if (!account || account->disabled) return false;
  const auto held = std::ranges::find(account->posts, who.post, &HeldPost::post);
  if (held == account->posts.end()) return false;
  who.person_name = account->person_name;
  who.post_title = held->title;
  who.role = held->role;
  who.area = held->area;
  who.area_name = held->area_name;
  return true;
}

void go_on_with(std::vector<KeptSession> before, Sessions& sessions, const node::Node& node) {
  std::erase_if(before, [&](const KeptSession& kept) {
    return kept.opened < node.accounts().state(kept.principal.login).shut_at;
  });
  sessions.take_back(std::move(before));
  sessions.review([&](access::Principal& who) { return still_holds(node, who); });
}

asio::awaitable<bool> NodeAccounts::empty() {
  co_return co_await desk_.ask([](const node::Node& node) { return node.nobody_has_an_account(); });
}

asio::awaitable<std::optional<Account>> NodeAccounts::find(std::string login) {
  auto look = [login = std::move(login)](const node::Node& node) {
    return account_of(node, login);
  };
  co_return co_await desk_.ask(std::move(look));
}

asio::awaitable<std::optional<IngestKey>> NodeAccounts::find_ingest_key(std::string key_hash) {
  auto look = [key_hash = std::move(key_hash)](const node::Node& node) -> std::optional<IngestKey> {
    for (const auto& [id, entry] : node.accounts().all()) {
      const account::IngestKeySet& key = entry.state.ingest;
      if (!key.key_hash.empty() && key.key_hash == key_hash && !entry.state.disabled)
        return IngestKey{key.name, key.area};
    }
    return std::nullopt;
  };
  co_return co_await desk_.ask(std::move(look));
}

asio::awaitable<Result<void>> NodeAccounts::change(std::string login, account::Event event,
                                                   bool first) {
  node::Request request{"account/" + header_safe(login), "",
                        node::ChangeAccount{login, std::move(event), first}};
  const Submitted done = co_await desk_.submit(std::move(request));
  if (done.failed) co_return std::unexpected(*done.failed);
  if (!done.decided) co_return fail(done.decided.error().code, done.decided.error().field);
  co_return Result<void>();
}

asio::awaitable<Result<void>> NodeAccounts::create_first_operator(FirstOperator first) {
  account::Created created{first.login, first.password_hash, {}, {}, true};
  account::Event event = std::move(created);
  co_return co_await change(first.login, std::move(event), true);
}

asio::awaitable<Result<void>> NodeAccounts::set_password(std::string login, std::string hash) {
  account::Event event = account::PasswordSet{std::move(hash)};
  co_return co_await change(std::move(login), std::move(event));
}

asio::awaitable<Result<void>> NodeAccounts::use_break_glass(std::string login,
                                                            std::string code_hash,
                                                            std::string reason) {
  account::Event event = account::CodeUsed{std::move(code_hash), std::move(reason)};
  co_return co_await change(std::move(login), std::move(event));
}

asio::awaitable<Result<void>> NodeAudit::record(AuditEntry entry) {
  const std::string by = entry.post.empty() ? "account/" + header_safe(entry.login)
                                            : "post/" + header_safe(entry.post);
  audit::Noted note{entry.kind,   entry.login, entry.person, entry.post,
                    entry.source, entry.what,  entry.code,   entry.repeats};
  node::Request request{by, "", node::Note{std::move(note)}};
  const Submitted done = co_await desk_.submit(std::move(request));
  if (done.failed) co_return std::unexpected(*done.failed);
  co_return Result<void>();
}

}  // namespace tocsin::server
