// Accounts, for the operator: list, make, new password, lock, posts.

#include <algorithm>
#include <boost/json/array.hpp>

#include "log/json.h"
#include "server/desk/accounts.h"
#include "server/http/answers.h"
#include "server/http/import_routes.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;
using access::Access;
using http::Request;
using http::Response;

constexpr std::string_view bad_body = "http.bad_body";

struct Site {
  Desk& desk;
  Hasher& hasher;
  Sessions& sessions;
  const Clock& clock;
};

/// GET /api/v1/users
asio::awaitable<Response> list(Site site, Request request) {
  auto look = [](const node::Node& node) {
    std::vector<bj::object> out;
    for (const auto& [login, entry] : node.accounts().all()) {
      const auto account = account_of(node, login);
      if (!account) continue;
      bj::array posts;
      const auto& given = entry.state.created.posts;  // the others follow from the posts' register
      for (const HeldPost& post : account->posts)
        posts.push_back(
            bj::object{{"post", post.post},
                       {"title", post.title},
                       {"given", std::ranges::find(given, PostId{post.post}) != given.end()}});
      const auto last = node.logins().of(login);
      out.push_back({{"login", login},
                     {"name", account->person_name},
                     {"person", account->person},
                     {"posts", std::move(posts)},
                     {"disabled", account->disabled},
                     {"codes_left", account->break_glass.size()},
                     {"last_login_at", last ? bj::value(iso_utc(*last)) : bj::value(nullptr)}});
    }
    std::ranges::sort(out, {},
                      [](const bj::object& o) { return std::string(o.at("login").as_string()); });
    return out;
  };
  auto rows = co_await site.desk.ask(std::move(look));
  co_return page_of(request, std::move(rows), site.clock.now());
}

/// POST /api/v1/users
asio::awaitable<Response> create(Site site, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  account::Created made;
  made.login = in.text("login", 60);
  made.person = {in.text_or("person", "", 100)};
  made.operates = in.flag_or("operates", false);
  const std::string password = in.text("password", 200);
  if (const std::string post = in.text_or("post", "", 100); !post.empty())
    made.posts.push_back({post});
  for (std::string& post : in.texts("posts", 50)) made.posts.push_back({std::move(post)});
  if (!in.ok()) co_return http::problem(in.error());
  if (const auto strong = check_password(password, made.login); !strong)
    co_return http::problem(strong.error());
  auto known = [posts = made.posts](const node::Node& node) {
    return std::ranges::all_of(
        posts, [&](const PostId& id) { return node.books().posts.find(id.text) != nullptr; });
  };
  if (!co_await site.desk.ask(std::move(known)))
    co_return http::problem(Error{"account.unknown_post", "post", ""});
  auto hash = co_await site.hasher.hash(password);
  if (!hash) co_return http::problem(hash.error());
  made.password_hash = std::move(*hash);
  node::ChangeAccount command{made.login, made};
  co_return co_await submit(site.desk, request, std::move(command));
}

/// POST /api/v1/users/{login}/password
asio::awaitable<Response> set_password(Site site, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  const std::string password = in.text("password", 200), login = request.param("login");
  if (!in.ok()) co_return http::problem(in.error());
  if (const auto strong = check_password(password, login); !strong)
    co_return http::problem(strong.error());
  auto hash = co_await site.hasher.hash(password);
  if (!hash) co_return http::problem(hash.error());
  node::ChangeAccount command{login, account::PasswordSet{std::move(*hash)}};
  Response answer = co_await submit(site.desk, request, std::move(command));
  if (answer.status == 202) site.sessions.close_login(login);
  co_return answer;
}

/// What nobody may do to his own account: take the post he sits at, or, being an operator, give
/// himself a post that may issue: the county's word is not to hang on one person.
std::optional<Refusal> not_to_oneself(const node::Node& node, const access::Principal& who,
                                      const account::PostChanged& change) {
  if (change.takes.text == who.post && !who.post.empty())
    return Refusal{"account.not_yourself", "post"};
  const person::Post* post = node.books().posts.find(change.gives.text);
  const auto role = post == nullptr ? std::nullopt : access::parse_role(post->role);
  if (role && access::rights(*role).has(Access::issue))
    return Refusal{"account.not_to_yourself", "post"};
  return std::nullopt;
}

/// POST /api/v1/users/{login}/post: gives a post, takes one, or moves from one to another. Sessions
/// at a post that was taken end with the event (App, on_change).
asio::awaitable<Response> change_post(Site site, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  const std::string login = request.param("login"), post = in.text("post", 100);
  const std::string instead_of = in.text_or("instead_of", "", 100);
  const bool holds = in.flag_or("holds", true);
  if (!holds && !instead_of.empty()) in.refuse("instead_of", "only with a post that is given");
  if (!in.ok()) co_return http::problem(in.error());
  const account::PostChanged change{{holds ? post : ""}, {holds ? instead_of : post}};
  const access::Principal& actor = request.actor();
  auto look = [actor, change](const node::Node& node) {
    return not_to_oneself(node, actor, change);
  };
  if (login == actor.login)
    if (const auto no = co_await site.desk.ask(std::move(look))) co_return http::problem(*no);
  node::ChangeAccount command{login, change};
  co_return co_await submit(site.desk, request, std::move(command));
}

asio::awaitable<Response> set_disabled(Site site, Request request, bool disabled) {
  const std::string login = request.param("login");
  if (disabled && login == request.actor().login)
    co_return http::problem(Refusal{"account.not_yourself", "login"});
  node::ChangeAccount command{login, account::Disabled{disabled}};
  co_return co_await submit(site.desk, request, std::move(command));
}

}  // namespace

void add_user_routes(http::Router& router, Desk& desk, Hasher& hasher, Sessions& sessions,
                     const Clock& clock) {
  const Site site{desk, hasher, sessions, clock};
  const auto bind = [site](auto handler) -> http::Handler {
    return [site, handler](Request request) { return handler(site, std::move(request)); };
  };
  http::RouteInfo all{Access::operate, "Accounts", "operate"};
  all.query = {{"cursor", ""}, {"limit", "at most 500"}};
  all.answer = "#Page";
  router.get("/api/v1/users", std::move(all), bind(list));
  router.post("/api/v1/users",
              command_info(Access::operate, "Make an account", "operate",
                           R"({"type":"object","required":["login","password"],"properties":{
                           "login":{"type":"string"},"password":{"type":"string"},
                           "person":{"type":"string"},"post":{"type":"string"},
                           "posts":{"type":"array","items":{"type":"string"}},
                           "operates":{"type":"boolean"}}})"),
              bind(create));
  router.post(
      "/api/v1/users/{login}/password",
      command_info(Access::operate, "Give a new password; ends the login's sessions", "operate",
                   R"({"type":"object","required":["password"],"properties":{
                           "password":{"type":"string"}}})"),
      bind(set_password));
  router.post("/api/v1/users/{login}/post",
              command_info(Access::operate, "Give a post, take one, or move the account to another",
                           "operate",
                           R"({"type":"object","required":["post"],"properties":{
                           "post":{"type":"string"},
                           "holds":{"type":"boolean","default":true,
                           "description":"false: the post is taken away, its sessions end"},
                           "instead_of":{"type":"string",
                           "description":"a post taken at the same time"}}})"),
              bind(change_post));
  router.post("/api/v1/users/{login}/disable",
              command_info(Access::operate, "Lock an account", "operate"),
              [site](Request request) { return set_disabled(site, std::move(request), true); });
  router.post("/api/v1/users/{login}/enable",
              command_info(Access::operate, "Unlock an account", "operate"),
              [site](Request request) { return set_disabled(site, std::move(request), false); });
}

}  // namespace tocsin::server
