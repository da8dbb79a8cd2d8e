#include "adapter/http/router.h"

#include <algorithm>
#include <cstdio>

#include "adapter/http/target.h"

namespace tocsin::http {
namespace {

/// "/a/b" is {"a", "b"}; "/" is {""}.
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> out;
  path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

Router::Pattern Router::compile(std::string_view pattern) {
  TOCSIN_CHECK(pattern.starts_with('/'));
  Pattern out;
  for (const std::string_view part : split(pattern)) {
    Segment segment;
    if (part.starts_with('{')) {
      const std::size_t end = part.find('}');
      TOCSIN_CHECK(end != std::string_view::npos && end > 1);
      segment.param = part.substr(1, end - 1);
      segment.literal = part.substr(end + 1);
      out.shape += "/{}" + segment.literal;
    } else {
      segment.literal = part;
      out.shape += "/" + segment.literal;
    }
    out.segments.push_back(std::move(segment));
  }
  return out;
}

bool Router::fits(const Pattern& pattern, const std::vector<std::string_view>& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Segment& want = pattern.segments[i];
    if (want.param.empty()
            ? path[i] != want.literal
            : path[i].size() <= want.literal.size() || !path[i].ends_with(want.literal))
      return false;
  }
  return true;
}

void Router::add(Method method, std::string pattern, RouteInfo info, Handler handler) {
  Pattern compiled = compile(pattern);
  auto route = std::make_unique<Route>(
      Route{method, std::move(pattern), std::move(info), std::move(handler)});
  std::vector<Segment> segments = compiled.segments;
  auto& patterns = by_length_[compiled.segments.size()];
  auto found = std::ranges::find(patterns, compiled.shape, &Pattern::shape);
  if (found == patterns.end()) {
    // '{' sorts behind letters and digits, so at each place the literal segment comes first.
    const auto where = std::ranges::lower_bound(patterns, compiled.shape, {}, &Pattern::shape);
    found = patterns.insert(where, std::move(compiled));
  }
  TOCSIN_CHECK(found->segments == segments);
  for (const Route* other : found->routes) TOCSIN_CHECK(other->method != method);
  found->routes.push_back(route.get());
  routes_.push_back(std::move(route));
}

void Router::schema(std::string name, std::string json_schema) {
  const bool added = schemas_.emplace(std::move(name), std::move(json_schema)).second;
  TOCSIN_CHECK(added);
}

Result<Pairs> Router::take(const Pattern& pattern, const std::vector<std::string_view>& path) {
  Pairs out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Segment& segment = pattern.segments[i];
    if (segment.param.empty()) continue;
    const std::size_t size = path[i].size() - segment.literal.size();
    auto value = percent_decode(path[i].substr(0, size), false);
    if (!value) return fail(value.error().code, segment.param, value.error().detail);
    out.emplace_back(segment.param, std::move(*value));
  }
  return out;
}

Result<Router::Match> Router::match(Method method, std::string_view path) const {
  const std::vector<std::string_view> parts = split(path);
  const auto patterns = by_length_.find(parts.size());
  if (patterns == by_length_.end()) return fail("http.not_found", "", "no such address");
  std::string allowed;
  for (const Pattern& pattern : patterns->second) {
    if (!fits(pattern, parts)) continue;
    for (const Route* route : pattern.routes) {
      if (route->method == method) {
        auto params = take(pattern, parts);
        if (!params) return std::unexpected(params.error());
        return Match{route, std::move(*params)};
      }
      allowed += (allowed.empty() ? "" : ", ") + std::string(name_of(route->method));
    }
  }
  if (!allowed.empty()) return fail("http.method", "", allowed);
  return fail("http.not_found", "", "no such address");
}

asio::awaitable<Response> Gate::refuse(const Route& /*route*/, const Request& /*request*/,
                                       Error why) {
  co_return problem(why);
}

asio::awaitable<Admitted> admit(const Router& router, Request& head) {
  Admitted out;
  auto match = router.match(head.method, head.path);
  if (match) {
    out.route = match->route;
    head.params = std::move(match->params);
  }
  auto decoded = percent_decode(head.path, false);
  if (!decoded) {
    out.refusal = problem(decoded.error());
    co_return out;
  }
  head.path = std::move(*decoded);
  if (!out.route) {
    const bool api = head.path.starts_with("/api/") || head.method != Method::get;
    if (match.error().code == "http.not_found" && !api && router.fallback_handler()) co_return out;
    out.refusal = problem(match.error());
    if (match.error().code == "http.method")
      out.refusal->headers.emplace_back("Allow", match.error().detail);
    co_return out;
  }
  out.refusal = co_await router.gate().admit(*out.route, head);
  co_return out;
}

namespace {

asio::awaitable<Response> run(const Router& router, const Route* route, Request request) {
  if (!route) co_return co_await router.fallback_handler()(std::move(request));
  if (route->info.areas) {
    const auto areas = co_await route->info.areas(request);
    if (!areas && status_of(areas.error().code) == 403)
      co_return co_await router.gate().refuse(*route, request, areas.error());
    if (!areas) co_return problem(areas.error());
    auto refusal = co_await router.gate().admit_rows(*route, request, *areas);
    if (refusal) co_return std::move(*refusal);
  }
  co_return co_await route->handler(std::move(request));
}

}  // namespace

asio::awaitable<Response> handle(const Router& router, const Route* route, Request request) {
  try {
    co_return co_await run(router, route, std::move(request));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "tocsin: a handler failed: %s\n", failure.what());
  }
  co_return problem(Error{"http.internal", "", "the server failed on this request"});
}

asio::awaitable<Response> dispatch(const Router& router, Request request) {
  Admitted admitted = co_await admit(router, request);
  if (admitted.refusal) co_return std::move(*admitted.refusal);
  const std::size_t most = admitted.route ? admitted.route->info.body_max : body_max_default;
  if (request.body.size() > most)
    co_return problem(Error{"http.too_large", "", "at most " + std::to_string(most) + " bytes"});
  co_return co_await handle(router, admitted.route, std::move(request));
}

}  // namespace tocsin::http
