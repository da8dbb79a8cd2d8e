// GET routes of warnings: the list, one, and the proof of who was asked and answered, person by
// person.

#include <charconv>

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

using ByTime = node::WarningTimes::ByTime;

std::string cursor_text(const ByTime::value_type& place) {
  return std::to_string(ms_of(place.first)) + "_" + place.second;
}

/// The place a cursor names; "" is the newest end.
std::optional<ByTime::value_type> cursor_place(std::string_view text) {
  if (text.empty()) return ByTime::value_type{Instant::max(), ""};
  std::int64_t ms = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (problem != std::errc() || end == text.data() + text.size() || *end != '_')
    return std::nullopt;
  return ByTime::value_type{instant_ms(ms), std::string(end + 1, text.data() + text.size())};
}

struct Asked {
  std::string phase, area;
  ByTime::value_type below;
  std::size_t limit = 0;

  bool wants(warning::Phase is, const std::vector<std::string>& areas) const {
    return (phase.empty() || phase_name(is) == phase) && access::concerns(area, areas);
  }
};

struct Page {
  bj::array items;
  bj::value cursor;
  std::size_t total = 0;
};

/// The newest warnings older than `below`, and where the next page begins. Only what is shown is
/// made into rows, so that a page costs the same however many warnings there ever were.
Page page_below(const node::Node& node, const Asked& asked) {
  const node::WarningTimes& times = node.warning_times();
  Page out;
  for (const auto& [kind, count] : times.counts())
    if (asked.wants(kind.phase, areas_of(node, kind.areas, kind.edition))) out.total += count;
  ByTime standing;
  if (asked.phase == "in_force")
    for (const std::string& id : times.in_force())
      standing.emplace(node.warnings().state(id).issued_at, id);
  const ByTime& all = asked.phase == "in_force" ? standing : times.issued();
  for (auto at = std::make_reverse_iterator(all.lower_bound(asked.below)); at != all.rend(); ++at) {
    const warning::Warning& w = node.warnings().state(at->second);
    if (!asked.wants(w.phase, areas_of(node, w))) continue;
    if (out.items.size() == asked.limit) {
      out.cursor = cursor_text(*std::prev(at));
      break;
    }
    if (auto row = warning_row(node, at->second)) out.items.push_back(std::move(row->body));
  }
  return out;
}

/// GET /api/v1/warnings?phase=&cursor=&limit=
asio::awaitable<Response> list(Site site, Request request) {
  const std::string phase(request.query_value("phase"));
  if (!phase.empty() && phase != "in_force" && phase != "cancelled" && phase != "expired")
    co_return http::problem(Error{"http.bad_query", "phase", phase});
  const auto limit = request.query_number("limit", 100, 1, 500);
  if (!limit) co_return http::problem(limit.error());
  const auto below = cursor_place(request.query_value("cursor"));
  if (!below) co_return http::problem(Error{"http.bad_query", "cursor", ""});
  const Asked asked{phase, request.actor().area, *below, static_cast<std::size_t>(*limit)};
  auto look = [asked](const node::Node& node) { return page_below(node, asked); };
  Page page = co_await site.desk.ask(std::move(look));
  co_return http::json_response(bj::object{{"items", std::move(page.items)},
                                           {"total", page.total},
                                           {"cursor", std::move(page.cursor)},
                                           {"as_of", iso_utc(site.clock.now())}});
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
    const auto row = call_row_in_full(node, call_id);
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
                      {"news", rung.at("news")},
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
