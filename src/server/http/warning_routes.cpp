#include "server/http/warning_routes.h"

#include "domain/hazard/hazard.h"
#include "log/json.h"
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

/// POST /api/v1/warnings
asio::awaitable<Response> issue(Site site, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  auto what = issued_of(*body, site.clock.now());
  if (!what) co_return http::problem(what.error());
  for (const std::string& area : what->areas)
    if (!access::covers(request.actor().area, area))
      co_return http::problem(Error{"access.not_your_area", "areas", area});
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
  const auto info = [&](Access access, std::string summary, std::string_view body) {
    auto out = command_info(access, std::move(summary), "warnings", std::string(body));
    out.areas = warning_areas(desk);
    return out;
  };
  const std::string nothing = R"({"type":"object"})";
  router.post(
      "/api/v1/warnings",
      command_info(Access::issue, "Issue a warning by hand", "warnings", std::string(issue_schema)),
      bind(issue));
  router.post("/api/v1/warnings/{id}/level",
              info(Access::issue, "Raise or lower a warning",
                   R"({"type":"object","required":["level","reason"],"properties":{
                   "level":{"type":"integer","minimum":1,"maximum":4},
                   "reason":{"type":"string","minLength":1},
                   "headline":{"type":"string"},"description":{"type":"string"},
                   "instruction":{"type":"string"},
                   "expires":{"type":"string","format":"date-time"}}})"),
              bind(change_level));
  router.post("/api/v1/warnings/{id}/cancel",
              info(Access::issue, "Say that it is over", reason_schema), bind(cancel));
  router.post("/api/v1/warnings/{id}/acknowledge",
              info(Access::answer, "Seen at the desk; answers for nobody", nothing),
              bind(acknowledge));
  router.post("/api/v1/warnings/{id}/recall",
              info(Access::answer, "Call again all who have not answered", nothing), bind(recall));
}

void add_proposal_routes(http::Router& router, Desk& desk) {
  const auto bind = [&desk](auto handler) -> http::Handler {
    return [&desk, handler](Request request) { return handler(&desk, std::move(request)); };
  };
  auto issue_info = command_info(Access::issue, "Let a proposed warning go out", "warnings",
                                 R"({"type":"object","properties":{"level":{"type":"integer"},
                                 "headline":{"type":"string"},"instruction":{"type":"string"},
                                 "expires":{"type":"string","format":"date-time"}}})");
  issue_info.areas = proposal_areas(desk);
  router.post("/api/v1/proposals/{id}/issue", std::move(issue_info), bind(issue_proposal));
  auto decline_info = command_info(Access::issue, "Decline a proposed warning", "warnings",
                                   std::string(reason_schema));
  decline_info.areas = proposal_areas(desk);
  router.post("/api/v1/proposals/{id}/decline", std::move(decline_info), bind(decline_proposal));
}

}  // namespace tocsin::server
