#include "server/http/import_routes.h"

#include <boost/json/array.hpp>

#include "log/json.h"
#include "server/access/secrets.h"
#include "server/board/rows.h"
#include "server/desk/accounts.h"
#include "server/desk/importing.h"
#include "server/http/answers.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;
using access::Access;
using http::Request;
using http::Response;

constexpr std::string_view bad_body = "http.bad_body";

/// POST /api/v1/import/{kind}?dry_run=true|false
asio::awaitable<Response> import_file(Desk* desk, Request request) {
  ImportAsked asked;
  asked.kind = request.param("kind");
  asked.file = std::string(request.query_value("file")).substr(0, 200);
  asked.edition = std::string(request.query_value("edition"));
  asked.under = std::string(request.query_value("under"));
  if (const std::string_view crs = request.query_value("crs"); !crs.empty()) {
    const auto parsed = parse_crs(crs);
    if (!parsed) co_return http::problem(parsed.error());
    asked.crs = *parsed;
  }
  const std::string_view dry = request.query_value("dry_run");
  if (!dry.empty() && dry != "true" && dry != "false")
    co_return http::problem(Error{"http.bad_query", "dry_run", std::string(dry)});
  asked.bytes = request.body;
  auto look = [asked = std::move(asked)](const node::Node& node) {
    return read_import(asked, node);
  };
  Result<ImportRead> read = co_await desk->ask(std::move(look));
  if (!read) co_return http::problem(read.error());
  if (!read->whole && dry != "true") co_return http::json_response(read->told, 422);
  if (dry == "true" || !read->command) co_return http::json_response(read->told);
  co_return co_await submit(*desk, request, std::move(*read->command));
}

/// POST /api/v1/release
asio::awaitable<Response> release(Desk* desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  node::Release command{in.text("reason", 2000)};
  if (!in.ok()) co_return http::problem(in.error());
  co_return co_await submit(*desk, request, std::move(command));
}

/// POST /api/v1/stations/{id}/dialect
asio::awaitable<Response> dialect(Desk* desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  office::DialectApproved what{request.param("id"), in.text("what", 100),
                               in.flag_or("approve", true)};
  if (!in.ok()) co_return http::problem(in.error());
  auto known = [id = what.station](const node::Node& node) {
    return node.books().stations.find_station(id) != nullptr;
  };
  if (!co_await desk->ask(std::move(known)))
    co_return http::problem(Error{"station.not_found", "id", what.station});
  office::Event event = std::move(what);
  node::TellOffice command{std::move(event)};
  co_return co_await submit(*desk, request, std::move(command));
}

}  // namespace

void add_import_routes(http::Router& router, Desk& desk) {
  http::RouteInfo info = command_info(Access::operate, "Import a register, or try it out",
                                      "operate", R"({"type":"string","format":"binary"})");
  info.body_type = "text/csv, application/geo+json, application/yaml, image/png, application/json";
  info.body_max = http::body_max_import;
  info.query = {{"dry_run", "true: say what would happen and change nothing"},
                {"crs", "of the whole file, where it does not say so itself"},
                {"edition", "of divisions and outlines that do not say theirs"},
                {"under", "a division code: rows outside it are left out"},
                {"file", "name of the file, for people"}};
  router.post("/api/v1/import/{kind}", std::move(info),
              [&desk](Request request) { return import_file(&desk, std::move(request)); });
}

void add_office_routes(http::Router& router, Desk& desk) {
  router.post("/api/v1/release",
              command_info(Access::operate, "After a restore, let what was held go out", "operate",
                           R"({"type":"object","required":["reason"],"properties":{
                           "reason":{"type":"string","minLength":1}}})"),
              [&desk](Request request) { return release(&desk, std::move(request)); });
  router.post(
      "/api/v1/stations/{id}/dialect",
      command_info(Access::operate, "Approve how a station departs from the standard", "operate",
                   R"({"type":"object","required":["what"],"properties":{
                           "what":{"type":"string"},"approve":{"type":"boolean"}}})"),
      [&desk](Request request) { return dialect(&desk, std::move(request)); });
}

}  // namespace tocsin::server
