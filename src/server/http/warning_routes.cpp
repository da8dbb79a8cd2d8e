#include "server/http/warning_routes.h"

#include "domain/hazard/hazard.h"
#include "log/json.h"
#include "server/board/rows.h"
#include "server/http/answers.h"

namespace tocsin::server {
namespace {

using access::Access;
using http::Request;
using http::Response;

constexpr std::string_view bad_body = "http.bad_body";

struct Site {
  Desk& desk;
  const Clock& clock;
};

Result<warning::Issued> issued_of(const json::Value& body, Instant now) {
  json::Fields in(body, bad_body);
  warning::Issued w;
  w.hazard = in.text("hazard", 20);
  w.level = static_cast<Level>(in.integer("level", 1, 4));
  w.areas = in.texts("areas", 300);
  w.headline = in.text("headline", 400);
  w.description = in.text("description", 4000);
  w.instruction = in.text("instruction", 4000);
  w.onset = in.instant_if("onset").value_or(now);
  w.expires = in.instant("expires");
  for (std::string& id : in.texts("riskpoints", 1000)) w.riskpoints.push_back({std::move(id)});
  if (in.text_or("audience", "responsible", 20) == "everyone")
    w.audience = warning::Audience::everyone;
  if (w.areas.empty()) in.refuse("areas", "at least one");
  if (in.ok() && !hazard::is_hazard_code(w.hazard)) in.refuse("hazard", "a GB/T 35561 code");
  if (!in.ok()) return std::unexpected(in.error());
  return w;
}

/// What somebody wants to issue, change or cancel, as far as rights go.
struct Wanted {
  std::string hazard;
  warning::Audience audience = warning::Audience::responsible;
  std::vector<std::string> areas;
};

/// The areas of what is wanted, for the gate, after the issuing rights have said yes; else their
/// refusal. `find(node, request)` gives Result<Wanted>.
template <class Find>
http::RowAreas areas_by_right(Site site, Find find) {
  return [site, find](const Request& request) -> asio::awaitable<Result<std::vector<std::string>>> {
    auto look = [find, asked = request, now = site.clock.now()](
                    const node::Node& node) -> Result<std::vector<std::string>> {
      auto wanted = find(node, asked);
      if (!wanted) return std::unexpected(wanted.error());
      if (auto no = node.refusal_to_issue(actor_of(asked), wanted->hazard, wanted->audience, now))
        return fail(no->code, no->field, no->detail);
      return std::move(wanted->areas);
    };
    co_return co_await site.desk.ask(std::move(look));
  };
}

/// A new warning: the areas it names and those of the risk points it names.
Result<Wanted> wanted_new(const node::Node& node, const Request& request) {
  const auto body = request.json();
  if (!body) return std::unexpected(body.error());
  auto what = issued_of(*body, Instant{});
  if (!what) return std::unexpected(what.error());
  for (const RiskPointId& id : what->riskpoints) {
    const place::RiskPoint* point = node.books().riskpoints.find(id.text);
    if (point == nullptr) return fail("warning.unknown_riskpoint", "riskpoints", id.text);
    what->areas.push_back(node.books().code_of(point->area));
  }
  return Wanted{what->hazard, what->audience, std::move(what->areas)};
}

Result<Wanted> wanted_warning(const node::Node& node, const Request& request) {
  const std::string id = request.param("id");
  const auto row = warning_row(node, id);
  if (!row) return fail("warning.not_found", "id", id);
  const warning::Issued& issued = node.warnings().state(id).issued;
  return Wanted{issued.hazard, issued.audience, row->areas};
}

Result<Wanted> wanted_proposal(const node::Node& node, const Request& request) {
  const std::string id = request.param("id");
  const auto row = proposal_row(node, id);
  if (!row) return fail("proposal.not_found", "id", id);
  return Wanted{node.alarms().state(id).raised.hazard, warning::Audience::responsible, row->areas};
}

/// POST /api/v1/warnings
asio::awaitable<Response> issue(Site site, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  auto what = issued_of(*body, site.clock.now());
  if (!what) co_return http::problem(what.error());
  node::IssueWarning command{std::move(*what)};
  co_return co_await submit(site.desk, request, std::move(command));
}

/// POST /api/v1/warnings/{id}/level
asio::awaitable<Response> change_level(Site site, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  node::ChangeLevel command{{request.param("id")},
                            static_cast<Level>(in.integer("level", 1, 4)),
                            in.text("reason", 2000),
                            {.headline = in.text_or("headline", "", 400),
                             .description = in.text_or("description", "", 4000),
                             .instruction = in.text_or("instruction", "", 4000),
                             .expires = in.instant_if("expires")}};
  if (!in.ok()) co_return http::problem(in.error());
  co_return co_await submit(site.desk, request, std::move(command));
}

/// POST /api/v1/warnings/{id}/cancel
asio::awaitable<Response> cancel(Site site, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  node::CancelWarning command{{request.param("id")}, in.text("reason", 2000)};
  if (!in.ok()) co_return http::problem(in.error());
  co_return co_await submit(site.desk, request, std::move(command));
}

/// POST /api/v1/warnings/{id}/acknowledge
asio::awaitable<Response> acknowledge(Site site, Request request) {
  node::AcknowledgeWarning command{{request.param("id")}};
  co_return co_await submit(site.desk, request, std::move(command));
}

/// POST /api/v1/warnings/{id}/recall
asio::awaitable<Response> recall(Site site, Request request) {
  node::RecallWarning command{{request.param("id")}};
  co_return co_await submit(site.desk, request, std::move(command));
}

/// POST /api/v1/proposals/{id}/issue
asio::awaitable<Response> issue_proposal(Desk* desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  node::IssueProposal command{{request.param("id")}, {}, {}, {}, {}};
  if (const auto level = in.integer_if("level", 1, 4)) command.level = static_cast<Level>(*level);
  command.headline = in.text_or("headline", "", 400);
  command.instruction = in.text_or("instruction", "", 4000);
  command.expires = in.instant_if("expires");
  if (!in.ok()) co_return http::problem(in.error());
  co_return co_await submit(*desk, request, std::move(command));
}

/// POST /api/v1/proposals/{id}/decline
asio::awaitable<Response> decline_proposal(Desk* desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  node::DeclineProposal command{{request.param("id")}, in.text("reason", 2000)};
  if (!in.ok()) co_return http::problem(in.error());
  co_return co_await submit(*desk, request, std::move(command));
}

constexpr std::string_view issue_schema = R"({"type":"object",
"required":["hazard","level","areas","headline","description","instruction","expires"],
"properties":{"hazard":{"type":"string"},"level":{"type":"integer","minimum":1,"maximum":4},
"areas":{"type":"array","items":{"type":"string"}},"headline":{"type":"string"},
"description":{"type":"string"},"instruction":{"type":"string"},
"onset":{"type":"string","format":"date-time"},"expires":{"type":"string","format":"date-time"},
"audience":{"enum":["responsible","everyone"]},
"riskpoints":{"type":"array","items":{"type":"string"}}}})";

constexpr std::string_view reason_schema = R"({"type":"object","required":["reason"],
"properties":{"reason":{"type":"string","minLength":1}}})";

}  // namespace

void add_warning_routes(http::Router& router, Desk& desk, const Clock& clock) {
  router.schema("Receipt", R"({"type":"object","required":["receipt","id"],"properties":{
    "id":{"type":"string"},"receipt":{"type":"object","required":["command","log","seq","at"],
    "properties":{"command":{"type":"string"},"log":{"type":"string"},"seq":{"type":"integer"},
    "at":{"type":"string","format":"date-time"}}}}})");
  const Site site{desk, clock};
  const auto bind = [site](auto handler) -> http::Handler {
    return [site, handler](Request request) { return handler(site, std::move(request)); };
  };
  const auto info = [](Access access, std::string summary, std::string_view body,
                       http::RowAreas areas) {
    auto out = command_info(access, std::move(summary), "warnings", std::string(body));
    out.areas = std::move(areas);
    return out;
  };
  const http::RowAreas to_change = areas_by_right(site, wanted_warning);
  const std::string nothing = R"({"type":"object"})";
  router.post("/api/v1/warnings",
              info(Access::issue, "Issue a warning by hand", issue_schema,
                   areas_by_right(site, wanted_new)),
              bind(issue));
  router.post("/api/v1/warnings/{id}/level",
              info(Access::issue, "Raise or lower a warning",
                   R"({"type":"object","required":["level","reason"],"properties":{
                   "level":{"type":"integer","minimum":1,"maximum":4},
                   "reason":{"type":"string","minLength":1},
                   "headline":{"type":"string"},"description":{"type":"string"},
                   "instruction":{"type":"string"},
                   "expires":{"type":"string","format":"date-time"}}})",
                   to_change),
              bind(change_level));
  router.post("/api/v1/warnings/{id}/cancel",
              info(Access::issue, "Say that it is over", reason_schema, to_change), bind(cancel));
  router.post(
      "/api/v1/warnings/{id}/acknowledge",
      info(Access::answer, "Seen at the desk; answers for nobody", nothing, warning_areas(desk)),
      bind(acknowledge));
  router.post(
      "/api/v1/warnings/{id}/recall",
      info(Access::answer, "Call again all who have not answered", nothing, warning_areas(desk)),
      bind(recall));
}

void add_proposal_routes(http::Router& router, Desk& desk, const Clock& clock) {
  const http::RowAreas to_decide = areas_by_right(Site{desk, clock}, wanted_proposal);
  const auto bind = [&desk](auto handler) -> http::Handler {
    return [&desk, handler](Request request) { return handler(&desk, std::move(request)); };
  };
  auto issue_info = command_info(Access::issue, "Let a proposed warning go out", "warnings",
                                 R"({"type":"object","properties":{"level":{"type":"integer"},
                                 "headline":{"type":"string"},"instruction":{"type":"string"},
                                 "expires":{"type":"string","format":"date-time"}}})");
  issue_info.areas = to_decide;
  router.post("/api/v1/proposals/{id}/issue", std::move(issue_info), bind(issue_proposal));
  auto decline_info = command_info(Access::issue, "Decline a proposed warning", "warnings",
                                   std::string(reason_schema));
  decline_info.areas = to_decide;
  router.post("/api/v1/proposals/{id}/decline", std::move(decline_info), bind(decline_proposal));
}

}  // namespace tocsin::server
