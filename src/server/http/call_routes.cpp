#include "server/http/call_routes.h"

#include "log/json.h"
#include "server/http/answers.h"

namespace tocsin::server {
namespace {

using access::Access;
using http::Request;
using http::Response;

constexpr std::string_view bad_body = "http.bad_body";

/// POST /api/v1/calls/{id}/answer
asio::awaitable<Response> answer(Desk* desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  const auto kind = call::parse_answer_kind(in.text("kind", 20));
  if (!kind) in.refuse("kind", "received, cannot or done");
  node::GiveAnswer command{{request.param("id")},
                           static_cast<int>(in.integer("rung", 0, 1000)),
                           kind.value_or(call::AnswerKind::received),
                           {},
                           in.text_or("words", "", 2000),
                           call::Channel::phone};
  if (const auto moved = in.integer_if("moved", 0, 1000000))
    command.moved = static_cast<int>(*moved);
  if (!in.ok()) co_return http::problem(in.error());
  co_return co_await submit(*desk, request, std::move(command));
}

/// POST /api/v1/calls/{id}/attempt
asio::awaitable<Response> attempt(Desk* desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  node::NoteAttempt command{{request.param("id")},
                            static_cast<int>(in.integer("rung", 0, 1000)),
                            in.text("outcome", 40),
                            in.text_or("words", "", 2000)};
  if (!in.ok()) co_return http::problem(in.error());
  co_return co_await submit(*desk, request, std::move(command));
}

/// POST /api/v1/calls/{id}/reveal: the number is shown only once the audit lane has it on disk.
asio::awaitable<Response> reveal(Desk* desk, Request request) {
  const auto body = request.json();
  if (!body) co_return http::problem(body.error());
  json::Fields in(*body, bad_body);
  const auto rung = static_cast<std::size_t>(in.integer("rung", 0, 1000));
  if (!in.ok()) co_return http::problem(in.error());
  const std::string id = request.param("id");
  auto look = [id, rung](const node::Node& node) -> std::optional<person::Person> {
    const call::Call& call = node.calls().state(id);
    if (rung >= call.opened.rungs.size()) return std::nullopt;
    const person::Person* who = node.books().directory.find(call.opened.rungs[rung].person.text);
    return who == nullptr ? std::nullopt : std::optional(*who);
  };
  const auto who = co_await desk->ask(std::move(look));
  if (!who) co_return http::problem(Error{"call.no_such_person", "rung", ""});
  auto command_id = request.command_id();
  if (!command_id) co_return http::problem(command_id.error());
  const access::Principal& actor = request.actor();
  audit::Noted note{"reveal",
                    actor.login,
                    actor.person,
                    actor.post,
                    request.peer.address,
                    "call/" + id + " " + who->id,
                    "",
                    1};
  node::Request noted{actor_of(request), std::move(*command_id), node::Note{std::move(note)}};
  const Submitted kept = co_await desk->submit(std::move(noted));
  if (!kept.ok()) co_return answer_of(kept);
  co_return http::json_response(boost::json::object{{"phone", who->phone}, {"name", who->name}});
}

/// POST /api/v1/outbox/{id}/resend
asio::awaitable<Response> resend(Desk* desk, Request request) {
  node::Resend command{{request.param("id")}};
  co_return co_await submit(*desk, request, std::move(command));
}

}  // namespace

void add_call_routes(http::Router& router, Desk& desk) {
  const auto bind = [&desk](auto handler) -> http::Handler {
    return [&desk, handler](Request request) { return handler(&desk, std::move(request)); };
  };
  const auto info = [&](Access access, std::string summary, std::string body) {
    auto out = command_info(access, std::move(summary), "calls", std::move(body));
    out.areas = call_areas(desk);
    return out;
  };
  router.post("/api/v1/calls/{id}/answer",
              info(Access::answer, "He answered by phone",
                   R"({"type":"object","required":["rung","kind"],"properties":{
                   "rung":{"type":"integer"},"kind":{"enum":["received","cannot","done"]},
                   "moved":{"type":"integer"},"words":{"type":"string"}}})"),
              bind(answer));
  router.post("/api/v1/calls/{id}/attempt",
              info(Access::answer, "Phoned, and he did not answer; or told what became of it",
                   R"({"type":"object","required":["rung","outcome"],"properties":{
                   "rung":{"type":"integer"},
                   "outcome":{"enum":["no_answer","busy","wrong_person","told"]},
                   "words":{"type":"string"}}})"),
              bind(attempt));
  auto shown = info(Access::answer, "Show a number; kept on the audit lane",
                    R"({"type":"object","required":["rung"],"properties":{
                    "rung":{"type":"integer"}}})");
  shown.status = 200;
  shown.answer = R"({"type":"object","properties":{"phone":{"type":"string"},
                     "name":{"type":"string"}}})";
  router.post("/api/v1/calls/{id}/reveal", std::move(shown), bind(reveal));
  router.post("/api/v1/outbox/{id}/resend",
              info(Access::operate, "Ask again by mail", R"({"type":"object"})"), bind(resend));
}

}  // namespace tocsin::server
