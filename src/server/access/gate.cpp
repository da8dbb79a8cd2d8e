#include "server/access/gate.h"

#include <algorithm>

#include "server/access/secrets.h"

namespace tocsin::server {

using access::Access;

bool from_another_site(const http::Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty()) return site == "cross-site" || site == "same-site";
  std::string_view origin = request.header("origin");
  if (origin.empty()) return false;
  const std::size_t host = origin.find("://");
  return host == std::string_view::npos || origin.substr(host + 3) != request.header("host");
}

namespace {

/// The request names this machine itself: a page of another name that was made to resolve to
/// loopback (DNS rebinding) does not.
bool names_loopback(std::string_view host) {
  if (host.starts_with("[::1]")) host = "[::1]";
  host = host.substr(0, host.starts_with('[') ? host.size() : host.find(':'));
  const bool four =
      host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return four || host == "[::1]" || host == "localhost";
}

}  // namespace

Result<void> AccessGate::by_session(const http::Route& route, http::Request& request) {
  auto session = sessions_.find(request.cookie(session_cookie));
  if (!session) return std::unexpected(session.error());
  request.principal = std::move(session->principal);
  request.session = std::move(session->id);
  if (request.method != http::Method::get &&
      !same_secret(request.header("x-csrf-token"), session->csrf))
    return fail("access.csrf", "X-CSRF-Token", "missing or not of this session");
  if (!access::rights(request.principal.role).has(route.info.access))
    return fail("access.no_right", std::string(access::name_of(route.info.access)),
                "this post may not do that");
  return {};
}

asio::awaitable<Result<void>> AccessGate::by_key(http::Request& request) {
  constexpr std::string_view bearer = "Bearer ";
  const std::string_view header = request.header("authorization");
  if (!header.starts_with(bearer))
    co_return fail("access.bad_key", "Authorization", "a Bearer key is wanted");
  const auto key = co_await book_.find_ingest_key(token_hash(header.substr(bearer.size())));
  if (!key) co_return fail("access.bad_key", "Authorization", "no such key");
  request.principal = {};
  request.principal.login = "key:" + key->name;
  request.principal.area = key->area;
  co_return Result<void>();
}

asio::awaitable<Result<void>> AccessGate::check(const http::Route& route, http::Request& request) {
  const Access access = route.info.access;
  if (request.method != http::Method::get && from_another_site(request))
    co_return fail("access.cross_site", "Origin", "another site sent this");
  if (access == Access::open) co_return Result<void>();
  if (access == Access::local) {
    if (request.peer.loopback && names_loopback(request.header("host"))) co_return Result<void>();
    co_return fail("access.not_local", "", "on this machine only");
  }
  if (access == Access::link) co_return fail("access.no_right", "link", "not at this address");
  if (access == Access::ingest && !request.header("authorization").empty())
    co_return co_await by_key(request);
  co_return by_session(route, request);
}

asio::awaitable<http::Response> AccessGate::refuse(const http::Route& route,
                                                   const http::Request& request, Error why) {
  const std::string method(http::name_of(request.method));
  // A browser that asks who it is before anybody logged in tries nothing: the log-in page.
  const bool only_asks = route.pattern == "/api/v1/session" && why.code == "access.no_session" &&
                         request.method == http::Method::get &&
                         request.cookie(session_cookie).empty();
  if (only_asks) co_return http::problem(why);
  AuditEntry entry;
  entry.kind = "refused";
  entry.login = request.principal.login;
  entry.person = request.principal.person;
  entry.post = request.principal.post;
  entry.source = request.peer.address;
  entry.what = method + " " + request.path.substr(0, 200);
  entry.code = why.code;
  co_await refusals_.note(std::move(entry), method + " " + route.pattern);
  co_return http::problem(why);
}

asio::awaitable<std::optional<http::Response>> AccessGate::admit(const http::Route& route,
                                                                 http::Request& request) {
  Result<void> admitted = co_await check(route, request);
  if (admitted) co_return std::nullopt;
  co_return co_await refuse(route, request, std::move(admitted.error()));
}

asio::awaitable<std::optional<http::Response>> AccessGate::admit_rows(
    const http::Route& route, const http::Request& request, const std::vector<std::string>& areas) {
  const std::string& post = request.principal.area;
  const bool reads = route.info.access == Access::read || route.info.access == Access::session;
  const bool may = reads ? access::concerns(post, areas)
                         : std::ranges::all_of(areas, [&](const std::string& area) {
                             return access::covers(post, area);
                           });
  if (may) co_return std::nullopt;
  co_return co_await refuse(route, request,
                            {"access.other_area", "", "outside the area of this post"});
}

}  // namespace tocsin::server
