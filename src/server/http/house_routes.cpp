#include "server/http/house_routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "server/http/answers.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;
using access::Access;
using http::Request;
using http::Response;

/// The first link to the link listener in a mail, for the page that lists it.
std::string link_in(const std::string& text) {
  for (std::size_t at = text.find("http"); at != std::string::npos;
       at = text.find("http", at + 1)) {
    const std::string link = text.substr(at, text.find_first_of(" \r\n", at) - at);
    if (link.find("/l/") != std::string::npos) return link;
  }
  return {};
}

/// The call a mail of ours asks about, from its Message-ID (mailer/letter.cpp); null for others.
bj::value call_in(std::string_view message_id) {
  const std::size_t end = message_id.find('.');
  const std::string_view tail = ".tocsin>";
  if (!message_id.starts_with("<c-") || !message_id.ends_with(tail)) return nullptr;
  return bj::value(message_id.substr(1, end - 1));
}

}  // namespace

void add_mailbox_route(http::Router& router, const smtp::Mailbox* mailbox, const Clock& clock) {
  http::RouteInfo info{Access::session, "The exercise's own mailbox", "exercise"};
  info.query = {{"cursor", ""}, {"limit", "at most 500"}};
  info.answer = "#Page";
  router.get("/api/v1/mailbox", std::move(info),
             [mailbox, &clock](Request request) -> asio::awaitable<Response> {
               if (mailbox == nullptr)
                 co_return http::problem(Error{"mailbox.only_in_exercise", "", ""}, 404);
               std::vector<bj::object> rows;
               for (const smtp::KeptMail& mail : mailbox->mails(500)) {
                 const std::string link = link_in(mail.text);
                 rows.push_back({{"id", mail.id},
                                 {"at", iso_utc(mail.arrived)},
                                 {"from", mail.from},
                                 {"to", mail.to},
                                 {"to_name", mail.to_name.empty() ? bj::value(nullptr)
                                                                  : bj::value(mail.to_name)},
                                 {"subject", mail.subject},
                                 {"body", mail.text},
                                 {"link", link.empty() ? bj::value(nullptr) : bj::value(link)},
                                 {"call", call_in(mail.message_id)}});
               }
               co_return page_of(request, std::move(rows), clock.now());
             });
}

void add_health_routes(http::Router& router, std::function<std::string()> metrics,
                       std::function<std::string()> trouble) {
  http::RouteInfo health{Access::open, "Whether this node takes what it is given", "health"};
  health.answer = R"({"type":"object","properties":{"ok":{"type":"boolean"},
    "trouble":{"type":"string"},"version":{"type":"string"}}})";
  router.get("/healthz", std::move(health),
             [trouble = std::move(trouble)](Request) -> asio::awaitable<Response> {
               const std::string what = trouble();
               co_return http::json_response(
                   bj::object{{"ok", what.empty()}, {"trouble", what}, {"version", TOCSIN_VERSION}},
                   what.empty() ? 200 : 503);
             });
  http::RouteInfo figures{Access::local, "Figures for monitoring", "health"};
  figures.answer_type = "text/plain";
  figures.answer = R"({"type":"string"})";
  router.get("/metrics", std::move(figures),
             [metrics = std::move(metrics)](Request) -> asio::awaitable<Response> {
               co_return http::text_response(metrics(), "text/plain; version=0.0.4; charset=utf-8");
             });
}

}  // namespace tocsin::server
