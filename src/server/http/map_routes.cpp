#include <boost/json/array.hpp>

#include "domain/place/map_layer.h"
#include "server/http/answers.h"
#include "server/http/house_routes.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;
using access::Access;
using http::Request;
using http::Response;

constexpr std::size_t vertices_max = 20'000;

Response geojson(const bj::object& value) {
  Response response = http::json_response(value);
  response.headers = {{"Content-Type", "application/geo+json"}, {"Cache-Control", "no-cache"}};
  return response;
}

/// GET /api/v1/map/boundaries
asio::awaitable<Response> boundaries(Desk* desk, Request) {
  auto look = [](const node::Node& node) {
    bj::object out = place::boundaries_geojson(node.books().boundaries, vertices_max);
    for (bj::value& feature : out["features"].as_array()) {
      bj::object& properties = feature.as_object()["properties"].as_object();
      const auto level =
          level_of(short_area_code(std::string_view(properties["code"].as_string())));
      properties["level"] = level ? name_of(*level) : "county";
    }
    return out;
  };
  co_return geojson(co_await desk->ask(std::move(look)));
}

Result<std::string> package_bytes(const node::Node& node, const std::string& kind) {
  auto package = node.package_of(kind);
  if (!package) return fail("map.not_loaded", "", kind);
  return std::move(package->bytes);
}

asio::awaitable<Result<std::string>> package(Desk* desk, std::string kind) {
  auto look = [kind = std::move(kind)](const node::Node& node) {
    return package_bytes(node, kind);
  };
  co_return co_await desk->ask(std::move(look));
}

/// GET /api/v1/map/streams
asio::awaitable<Response> streams(Desk* desk, Request) {
  const auto bytes = co_await package(desk, "streams");
  if (!bytes) co_return http::problem(bytes.error(), 404);
  const auto read = place::Streams::decode(*bytes);
  if (!read) co_return http::problem(read.error(), 500);
  bj::object out = place::streams_geojson(*read);
  for (bj::value& feature : out["features"].as_array()) {
    bj::object& properties = feature.as_object()["properties"].as_object();
    if (properties.contains("strahler")) properties["order"] = properties["strahler"];
  }
  out["source"] = read->source;
  co_return geojson(out);
}

/// GET /api/v1/map/relief.json
asio::awaitable<Response> relief(Desk* desk, Request) {
  const auto bytes = co_await package(desk, "relief");
  if (!bytes) co_return http::problem(bytes.error(), 404);
  const auto read = place::Relief::decode(*bytes);
  if (!read) co_return http::problem(read.error(), 500);
  bj::object out = place::relief_json(*read);
  out["bounds"] = bj::array{read->bounds.southwest.lon, read->bounds.southwest.lat,
                            read->bounds.northeast.lon, read->bounds.northeast.lat};
  co_return http::json_response(out);
}

/// GET /api/v1/map/relief/{theme}.png
asio::awaitable<Response> picture(Desk* desk, Request request) {
  const std::string theme = request.param("theme");
  if (theme != "dark" && theme != "light")
    co_return http::problem(Error{"http.not_found", "theme", theme});
  auto bytes = co_await package(desk, "relief." + theme);
  if (!bytes) co_return http::problem(bytes.error(), 404);
  Response response;
  response.headers = {{"Content-Type", "image/png"}, {"Cache-Control", "private, max-age=3600"}};
  response.body = std::move(*bytes);
  response.compress = false;
  co_return response;
}

}  // namespace

void add_map_routes(http::Router& router, Desk& desk) {
  const auto bind = [&desk](auto handler) -> http::Handler {
    return [&desk, handler](Request request) { return handler(&desk, std::move(request)); };
  };
  const auto info = [](std::string summary, std::string type) {
    http::RouteInfo out{Access::session, std::move(summary), "map"};
    out.answer_type = std::move(type);
    out.answer = R"({})";
    return out;
  };
  router.get("/api/v1/map/boundaries", info("Outlines", "application/geo+json"), bind(boundaries));
  router.get("/api/v1/map/streams", info("Streams", "application/geo+json"), bind(streams));
  router.get("/api/v1/map/relief.json", info("Where the relief lies", "application/json"),
             bind(relief));
  router.get("/api/v1/map/relief/{theme}.png", info("Shaded relief", "image/png"), bind(picture));
}

}  // namespace tocsin::server
