// What the outside may read: the feed of public warnings and each as CAP. Warnings for those
// responsible only are not among them; a post reads those under /api.

#include <algorithm>

#include "adapter/cap/feed.h"
#include "server/board/boards.h"
#include "server/desk/notice.h"
#include "server/http/answers.h"
#include "server/http/house_routes.h"

namespace tocsin::server {
namespace {

using access::Access;
using http::Request;
using http::Response;

struct Site {
  Desk& desk;
  const Clock& clock;
  std::string base_url;
};

Response xml(std::string text, std::string type) {
  return http::text_response(std::move(text), std::move(type));
}

asio::awaitable<Response> cap_of(Desk& desk, std::string id, bool everyone_only) {
  auto look = [id, everyone_only](const node::Node& node) {
    return notice_of(node, id, everyone_only);
  };
  const auto notice = co_await desk.ask(std::move(look));
  if (!notice) co_return http::problem(Error{"warning.not_found", "id", id});
  auto text = cap::write(cap::bilingual(*notice));
  if (!text) co_return http::problem(text.error(), 500);
  co_return xml(std::move(*text), "application/cap+xml; charset=utf-8");
}

/// GET /public/feed.atom
asio::awaitable<Response> feed(Site site, Request) {
  auto look = [site, now = site.clock.now()](const node::Node& node) {
    cap::Feed out;
    out.id = "urn:tocsin:" + node.setup().name + ":" + node.setup().identifier_head;
    out.title = node.setup().sender + " 预警" + (node.setup().exercise ? "（演练）" : "");
    out.author = node.setup().sender;
    out.self_href = site.base_url + "/public/feed.atom";
    out.updated = Instant{};
    for (const std::string& id : shown_warnings(node, now)) {
      const warning::Warning& w = node.warnings().state(id);
      const auto notice = notice_of(node, id, true);
      if (!notice) continue;
      out.updated = std::max(out.updated, notice->sent);
      const std::string_view state = w.phase == warning::Phase::cancelled ? "已解除："
                                     : w.phase == warning::Phase::expired ? "已到期："
                                                                          : "";
      out.entries.push_back({"urn:tocsin:warning:" + id, std::string(state) + w.issued.headline,
                             w.issued.description, w.issued_at, notice->sent,
                             site.base_url + "/public/cap/" + id + ".xml", w.issued.hazard});
    }
    if (out.entries.empty()) out.updated = now;
    std::ranges::sort(out.entries, std::greater{}, &cap::Entry::updated);
    return out;
  };
  const cap::Feed found = co_await site.desk.ask(std::move(look));
  auto text = cap::write_atom(found);
  if (!text) co_return http::problem(text.error(), 500);
  co_return xml(std::move(*text), "application/atom+xml; charset=utf-8");
}

}  // namespace

void add_public_routes(http::Router& router, Desk& desk, const Clock& clock, std::string base_url) {
  const Site site{desk, clock, std::move(base_url)};
  http::RouteInfo atom{Access::open, "Public warnings in force, as an Atom feed", "public"};
  atom.answer_type = "application/atom+xml";
  atom.answer = R"({"type":"string"})";
  router.get("/public/feed.atom", std::move(atom),
             [site](Request request) { return feed(site, std::move(request)); });
  http::RouteInfo one{Access::open, "One public warning as CAP 1.2", "public"};
  one.answer_type = "application/cap+xml";
  one.answer = R"({"type":"string"})";
  router.get("/public/cap/{id}.xml", std::move(one),
             [site](Request request) { return cap_of(site.desk, request.param("id"), true); });
  http::RouteInfo desk_one{Access::read, "A warning as CAP 1.2", "warnings"};
  desk_one.answer_type = "application/cap+xml";
  desk_one.answer = R"({"type":"string"})";
  desk_one.areas = warning_areas(desk);
  router.get("/api/v1/warnings/{id}/cap.xml", std::move(desk_one),
             [site](Request request) { return cap_of(site.desk, request.param("id"), false); });
}

}  // namespace tocsin::server
