// GET routes of warnings: the list, one, and the proof of who was asked and answered, person by
// person.

#include <algorithm>
#include <boost/json/array.hpp>

#include "server/board/rows.h"
#include "server/http/answers.h"
#include "server/http/warning_routes.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;
using access::Access;
using http::Request;
using http::Response;

struct Site {
  Desk& desk;
  const Clock& clock;
};

bool concerns_reader(const Request& request, const std::vector<std::string>& areas) {
  return access::concerns(request.actor().area, areas);
}

/// GET /api/v1/warnings?phase=&cursor=&limit=
asio::awaitable<Response> list(Site site, Request request) {
  const std::string phase(request.query_value("phase"));
  if (!phase.empty() && phase != "in_force" && phase != "cancelled" && phase != "expired")
    co_return http::problem(Error{"http.bad_query", "phase", phase});
  auto look = [](const node::Node& node) {
    std::vector<BoardRow> rows;
    for (const auto& [id, entry] : node.warnings().all())
      if (auto row = warning_row(node, id)) rows.push_back(std::move(*row));
    return rows;
  };
  auto rows = co_await site.desk.ask(std::move(look));
  std::vector<bj::object> out;
  for (BoardRow& row : rows) {
    const bool wanted = phase.empty() || row.body["phase"].as_string() == phase;
    if (wanted && concerns_reader(request, row.areas)) out.push_back(std::move(row.body));
  }
  std::ranges::sort(out, [](const bj::object& a, const bj::object& b) {
    const auto key = [](const bj::object& o) {
      return std::pair(o.at("issued_at").as_string(), o.at("id").as_string());
    };
    return key(a) > key(b);
  });
  co_return page_of(request, std::move(out), site.clock.now());
}

/// GET /api/v1/warnings/{id}
asio::awaitable<Response> one(Site site, Request request) {
  const std::string id = request.param("id");
  auto look = [id](const node::Node& node) { return warning_row(node, id); };
  auto row = co_await site.desk.ask(std::move(look));
  if (!row || !concerns_reader(request, row->areas))
    co_return http::problem(Error{"warning.not_found", "id", id});
  co_return http::json_response(row->body);
}

/// One line of the proof for each person who stands on a ladder.
bj::array proof_of(const node::Node& node, const std::string& id) {
  bj::array out;
  for (const std::string& call_id : node.calls_of({id})) {
    const auto row = call_row(node, call_id);
    if (!row) continue;
    const call::Call& call = node.calls().state(call_id);
    for (const bj::value& value : row->body.at("rungs").as_array()) {
      const bj::object& rung = value.as_object();
      bj::object line{{"call", call_id},
                      {"round", call.opened.round},
                      {"area", row->body.at("area")},
                      {"post", rung.at("post")},
                      {"title", rung.at("title")},
                      {"person", rung.at("person")},
                      {"name", rung.at("name")},
                      {"kind", rung.at("kind")},
                      {"state", rung.at("state")},
                      {"why", rung.at("why")},
                      {"asked_at", rung.at("asked_at")},
                      {"times_asked", rung.at("times_asked")},
                      {"channels", rung.at("channels")},
                      {"attempts", rung.at("attempts")},
                      {"answered_at", rung.at("answered_at")},
                      {"said", rung.at("said")},
                      {"seconds", rung.at("seconds")}};
      out.push_back(std::move(line));
    }
  }
  return out;
}

/// GET /api/v1/warnings/{id}/proof
asio::awaitable<Response> proof(Site site, Request request) {
  const std::string id = request.param("id");
  const Instant now = site.clock.now();
  auto look = [id, now](const node::Node& node) -> std::optional<bj::object> {
    if (node.warnings().find(id) == nullptr) return std::nullopt;
    bj::array items = proof_of(node, id);
    const auto total = items.size();
    return bj::object{
        {"warning", id}, {"items", std::move(items)}, {"total", total}, {"as_of", iso_utc(now)}};
  };
  const auto found = co_await site.desk.ask(std::move(look));
  if (!found) co_return http::problem(Error{"warning.not_found", "id", id});
  co_return http::json_response(*found);
}

}  // namespace

void add_warning_reads(http::Router& router, Desk& desk, const Clock& clock) {
  router.schema("Page", R"({"type":"object","required":["items","total","cursor","as_of"],
    "properties":{"items":{"type":"array","items":{"type":"object"}},"total":{"type":"integer"},
    "cursor":{"type":["string","null"]},"as_of":{"type":"string","format":"date-time"}}})");
  const Site site{desk, clock};
  const auto bind = [site](auto handler) -> http::Handler {
    return [site, handler](Request request) { return handler(site, std::move(request)); };
  };
  http::RouteInfo all{Access::read, "Warnings, newest first", "warnings"};
  all.query = {
      {"phase", "in_force, cancelled or expired"}, {"cursor", ""}, {"limit", "at most 500"}};
  all.answer = "#Page";
  router.get("/api/v1/warnings", std::move(all), bind(list));
  http::RouteInfo single{Access::read, "One warning", "warnings"};
  single.answer = R"({"type":"object"})";
  router.get("/api/v1/warnings/{id}", std::move(single), bind(one));
  http::RouteInfo who{Access::read, "Who was asked, by which channel, and answered when",
                      "warnings"};
  who.answer = R"({"type":"object"})";
  who.areas = warning_areas(desk);
  router.get("/api/v1/warnings/{id}/proof", std::move(who), bind(proof));
}

}  // namespace tocsin::server
