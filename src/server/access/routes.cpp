#include "server/access/routes.h"

#include <boost/json/array.hpp>

#include "adapter/http/message.h"
#include "log/json.h"
#include "server/access/gate.h"

namespace tocsin::server {
namespace {

using access::Access;
using http::Request;
using http::Response;
namespace bj = boost::json;

constexpr std::string_view bad_body = "http.bad_body";

Caller caller_of(const Request& request) {
  return {request.peer.address, std::string(request.cookie(device_cookie))};
}

/// The post named, "" among them; none where the member is missing.
std::optional<std::string> post_of(json::Fields& fields) {
  if (!fields.has("post")) return std::nullopt;
  return fields.text("post", 100);
}

Response refused(const NoEntry& why) {
  Response response = http::problem(why.error);
  if (!why.posts.empty()) {
    bj::array posts;
    for (const HeldPost& post : why.posts)
      posts.push_back(bj::object{{"post", post.post},
                                 {"title", post.title},
                                 {"role", access::name_of(post.role)},
                                 {"area", {{"code", post.area}, {"name", post.area_name}}}});
    bj::object body{{"type", "about:blank"},     {"title", http::reason_phrase(response.status)},
                    {"status", response.status}, {"code", why.error.code},
                    {"field", why.error.field},  {"detail", why.error.detail},
                    {"posts", std::move(posts)}};
    response.body = json::print(body);
  }
  if (why.wait > Duration(0))
    response.headers.emplace_back("Retry-After", std::to_string((why.wait.count() + 999) / 1000));
  return response;
}

bj::object session_body(const Session& session, const SessionSettings& settings,
                        const NodeFacts& facts) {
  const access::Principal& who = session.principal;
  bj::array rights;
  for (const std::string_view name : access::rights(who.role).names()) rights.emplace_back(name);
  return {{"login", who.login},
          {"person_name", who.person_name},
          {"post", who.post},
          {"post_title", who.post_title},
          {"role", access::name_of(who.role)},
          {"area", {{"code", who.area}, {"name", who.area_name}}},
          {"rights", std::move(rights)},
          {"csrf", session.csrf},
          {"break_glass", who.break_glass},
          {"exercise", facts.exercise},
          {"node",
           {{"name", facts.name},
            {"county", facts.county ? facts.county() : ""},
            {"sender", facts.sender}}},
          {"expires_at", iso_utc(session.expires_at)},
          {"idle_s", std::chrono::duration_cast<std::chrono::seconds>(settings.idle).count()}};
}

std::string cookie(std::string_view name, std::string_view value, std::int64_t max_age_s,
                   bool tls) {
  std::string out(name);
  out.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=");
  out += std::to_string(max_age_s);
  if (tls) out += "; Secure";
  return out;
}

/// What the handlers share; lives as long as the router.
struct Desk {
  Door& door;
  Sessions& sessions;
  NodeFacts facts;

  Response entered(const Request& request, const LoggedIn& in) const {
    const SessionSettings& settings = sessions.settings();
    const std::int64_t whole =
        std::chrono::duration_cast<std::chrono::seconds>(settings.whole).count();
    Response response = http::json_response(session_body(in.opened.session, settings, facts));
    const bool tls = request.peer.tls;
    response.headers.emplace_back("Set-Cookie",
                                  cookie(session_cookie, in.opened.token, whole, tls));
    response.headers.emplace_back("Set-Cookie",
                                  cookie(device_cookie, in.device_mark, 31'536'000, tls));
    return response;
  }
};
using DeskRef = std::shared_ptr<const Desk>;

asio::awaitable<Response> get_setup(DeskRef desk, Request) {
  const bool needed = co_await desk->door.setup_needed();
  co_return http::json_response(bj::object{{"needed", needed}});
}

asio::awaitable<Response> post_setup(DeskRef desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields fields(*body, bad_body);
  std::string token = fields.text("token", 100), login = fields.text("login", 100),
              password = fields.text("password", 1000);
  if (fields.ok() && login.empty()) fields.refuse("login", "empty");
  if (!fields.ok()) co_return http::problem(fields.error());
  const auto done =
      co_await desk->door.set_up(std::move(token), login, std::move(password), caller_of(request));
  if (!done) co_return refused(done.error());
  co_return http::json_response(bj::object{{"login", login}}, 201);
}

asio::awaitable<Response> post_session(DeskRef desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields fields(*body, bad_body);
  std::string login = fields.text("login", 100), password = fields.text("password", 1000);
  auto post = post_of(fields);
  if (!fields.ok()) co_return http::problem(fields.error());
  const auto in = co_await desk->door.log_in(std::move(login), std::move(password), std::move(post),
                                             caller_of(request));
  if (!in) co_return refused(in.error());
  co_return desk->entered(request, *in);
}

asio::awaitable<Response> get_session(DeskRef desk, Request request) {
  const auto session = desk->sessions.find(request.cookie(session_cookie));
  if (!session) co_return http::problem(session.error());
  co_return http::json_response(session_body(*session, desk->sessions.settings(), desk->facts));
}

asio::awaitable<Response> delete_session(DeskRef desk, Request request) {
  co_await desk->door.log_out(request.principal, request.session, caller_of(request));
  Response response = http::json_response(bj::object());
  response.headers.emplace_back("Set-Cookie", cookie(session_cookie, "", 0, request.peer.tls));
  co_return response;
}

asio::awaitable<Response> post_break_glass(DeskRef desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields fields(*body, bad_body);
  std::string login = fields.text("login", 100), code = fields.text("code", 100),
              reason = fields.text("reason", 500);
  auto post = post_of(fields);
  if (fields.ok() && reason.empty()) fields.refuse("reason", "say why");
  if (!fields.ok()) co_return http::problem(fields.error());
  const auto in = co_await desk->door.break_glass(
      std::move(login), std::move(code), std::move(reason), std::move(post), caller_of(request));
  if (!in) co_return refused(in.error());
  co_return desk->entered(request, *in);
}

asio::awaitable<Response> post_password(DeskRef desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields fields(*body, bad_body);
  std::string before = fields.text("old", 1000), after = fields.text("new", 1000);
  if (!fields.ok()) co_return http::problem(fields.error());
  const auto done = co_await desk->door.change_password(
      request.principal, request.session, std::move(before), std::move(after), caller_of(request));
  if (!done) co_return refused(done.error());
  co_return http::json_response(bj::object());
}

http::RouteInfo info(Access access, std::string summary, std::string body, std::string answer) {
  http::RouteInfo out{.access = access, .summary = std::move(summary), .tag = "session"};
  out.body = std::move(body);
  out.answer = std::move(answer);
  return out;
}

void add_schemas(http::Router& router) {
  router.schema("Session", R"({"type":"object","required":["login","post","role","area","rights",
    "csrf","exercise","node","expires_at","idle_s"],"properties":{"login":{"type":"string"},
    "person_name":{"type":"string"},"post":{"type":"string"},"post_title":{"type":"string"},
    "role":{"type":"string"},"area":{"type":"object"},"rights":{"type":"array","items":
    {"type":"string"}},"csrf":{"type":"string"},"break_glass":{"type":"boolean"},
    "exercise":{"type":"boolean"},"node":{"type":"object"},
    "expires_at":{"type":"string","format":"date-time"},"idle_s":{"type":"integer"}}})");
}

}  // namespace

void add_session_routes(http::Router& router, Door& door, Sessions& sessions, NodeFacts facts) {
  const auto desk = std::make_shared<const Desk>(door, sessions, std::move(facts));
  add_schemas(router);
  const auto bind = [desk](auto handler) -> http::Handler {
    return [desk, handler](Request request) { return handler(desk, std::move(request)); };
  };
  const auto strings = [](std::string_view names) {
    std::string required, properties;
    while (!names.empty()) {
      const std::string name(names.substr(0, names.find(' ')));
      names.remove_prefix(std::min(name.size() + 1, names.size()));
      required += (required.empty() ? "\"" : ",\"") + name + "\"";
      properties += (properties.empty() ? "\"" : ",\"") + name + R"(":{"type":"string"})";
    }
    return R"({"type":"object","required":[)" + required + R"(],"properties":{)" + properties +
           "}}";
  };
  const std::string path = "/api/v1/session", nothing = R"({"type":"object"})";
  router.get("/api/v1/setup",
             info(Access::open, "Whether the first account is still to be made", "",
                  R"({"type":"object","properties":{"needed":{"type":"boolean"}}})"),
             bind(get_setup));
  auto setup = info(Access::open, "Make the first operator with the token printed at start",
                    strings("token login password"), nothing);
  setup.status = 201;
  router.post("/api/v1/setup", std::move(setup), bind(post_setup));
  router.post(path,
              info(Access::open, "Log in to a post",
                   R"({"type":"object","required":["login","password"],"properties":{
                   "login":{"type":"string"},"password":{"type":"string"},
                   "post":{"type":"string"}}})",
                   "#Session"),
              bind(post_session));
  router.get(path, info(Access::session, "Who is logged in", "", "#Session"), bind(get_session));
  router.del(path, info(Access::session, "Log out", "", nothing), bind(delete_session));
  router.post(path + "/break-glass",
              info(Access::open, "Log in with a printed code; everybody is told",
                   R"({"type":"object","required":["login","code","reason"],"properties":{
                   "login":{"type":"string"},"code":{"type":"string"},
                   "reason":{"type":"string"},"post":{"type":"string"}}})",
                   "#Session"),
              bind(post_break_glass));
  router.post(path + "/password",
              info(Access::session, "Change the password", strings("old new"), nothing),
              bind(post_password));
}

}  // namespace tocsin::server
