#include <algorithm>
#include <boost/json/array.hpp>

#include "domain/hazard/hazard.h"
#include "domain/person/role.h"
#include "server/board/rows.h"
#include "server/http/answers.h"
#include "server/http/house_routes.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;
using access::Access;
using http::Request;
using http::Response;

struct Site {
  Desk& desk;
  const Clock& clock;
  const log::Store& store;
};

/// GET /api/v1/hazards
asio::awaitable<Response> hazards(Site site, Request request) {
  auto look = [actor = request.actor(), now = site.clock.now()](const node::Node& node) {
    std::vector<bj::object> rows;
    for (const auto& [code, h] : node.books().hazards.all())
      rows.push_back(hazard_rights_json(node, actor, code, now));
    return rows;
  };
  co_return page_of(request, co_await site.desk.ask(std::move(look)), site.clock.now());
}

/// GET /api/v1/issuing
asio::awaitable<Response> issuing(Site site, Request request) {
  auto look = [now = site.clock.now()](const node::Node& node) {
    std::vector<bj::object> rows;
    for (const warning::IssuingRow& row : node.books().issuing.all())
      rows.push_back(issuing_row_json(node.books(), row, now));
    const registers::Register& r = node.registers().state("issuing");
    bj::value adopted = nullptr;
    if (r.adopted)
      adopted = {{"since", iso_utc(r.since)},
                 {"by", actor_json(node, r.by)},
                 {"file", r.adopted->file},
                 {"package", log::text_of(r.adopted->package)},
                 {"versions", r.versions}};
    return std::pair(std::move(rows), bj::object{{"adopted", std::move(adopted)}});
  };
  auto [rows, more] = co_await site.desk.ask(std::move(look));
  co_return page_of(request, std::move(rows), site.clock.now(), std::move(more));
}

/// GET /api/v1/posts
asio::awaitable<Response> posts(Site site, Request request) {
  auto look = [](const node::Node& node) {
    std::vector<bj::object> rows;
    for (const person::Post& post : node.books().posts.all()) {
      bj::array holders;
      for (const std::string& who : {post.person, post.deputy})
        if (!who.empty()) holders.emplace_back(node.books().person_name(who));
      bj::array people;
      for (const std::string& who : {post.person, post.deputy})
        if (!who.empty())
          people.push_back(bj::object{{"person", who}, {"name", node.books().person_name(who)}});
      rows.push_back({{"post", post.id},
                      {"title", post.title},
                      {"area", area_json(node.books(), node.books().code_of(post.area))},
                      {"role", post.role},
                      {"people", std::move(people)},
                      {"holders", std::move(holders)}});
    }
    return rows;
  };
  co_return page_of(request, co_await site.desk.ask(std::move(look)), site.clock.now());
}

/// GET /api/v1/divisions?parent=&level=
asio::awaitable<Response> divisions(Site site, Request request) {
  const std::string parent(request.query_value("parent")), level(request.query_value("level"));
  auto look = [parent, level](const node::Node& node) {
    std::vector<bj::object> rows;
    for (const place::Division& d : node.books().divisions.all()) {
      if (!parent.empty() && d.parent != parent) continue;
      if (!level.empty() && name_of(d.level) != level) continue;
      rows.push_back({{"code", d.id.code},
                      {"edition", d.id.edition},
                      {"name", d.name},
                      {"level", name_of(d.level)},
                      {"parent", d.parent}});
    }
    return rows;
  };
  co_return page_of(request, co_await site.desk.ask(std::move(look)), site.clock.now());
}

/// Records of this node's log of one lane, newest first, `cursor` being the seq to go on below.
asio::awaitable<Response> lane(Site site, Request request, std::string lane) {
  const auto limit = request.query_number("limit", 100, 1, 500);
  if (!limit) co_return http::problem(limit.error());
  const auto below = request.query_number("cursor", 0, 0, INT64_MAX);
  if (!below) co_return http::problem(below.error());
  auto look = [lane](const node::Node& node) {
    const std::string log = node.journal().own_log(lane);
    const node::Tail* tail = node.journal().find(log);
    return std::pair(log, tail == nullptr ? 0 : tail->seq);
  };
  const auto [log, last] = co_await site.desk.ask(std::move(look));
  const std::uint64_t to =
      *below > 0 ? std::min<std::uint64_t>(static_cast<std::uint64_t>(*below) - 1, last) : last;
  const std::uint64_t from =
      to > static_cast<std::uint64_t>(*limit) ? to - static_cast<std::uint64_t>(*limit) + 1 : 1;
  bj::array items;
  if (to >= from && to > 0) {
    const auto records = site.store.records(log, from, to);
    if (!records) co_return http::problem(records.error(), 500);
    for (auto i = records->rbegin(); i != records->rend(); ++i) {
      const auto header = log::parse_header(*i);
      if (!header) continue;
      const auto body = json::parse(header->body);
      bj::object o{{"id", std::string(header->log) + "#" + std::to_string(header->seq)},
                   {"at", iso_utc(header->at.at)},
                   {"type", header->type},
                   {"entity", header->entity},
                   {"by", header->by}};
      if (header->type == audit::Noted::type && body) {
        for (const char* name : {"kind", "login", "post", "what", "source", "code", "repeats"})
          if (const auto* value = body->as_object().if_contains(name)) o[name] = *value;
        o["from"] = o.contains("source") ? o["source"] : bj::value(nullptr);
      } else {
        const std::string_view by = header->by, entity = header->entity;
        o["kind"] = header->type;
        o["login"] = by.starts_with("account/") ? bj::value(by.substr(8)) : bj::value(nullptr);
        o["post"] = by.starts_with("post/") ? bj::value(by.substr(5)) : bj::value(nullptr);
        o["what"] = entity;
        o["from"] = nullptr;
        if (header->type == account::PostChanged::type && body)
          for (const char* name : {"gives", "takes"}) o[name] = body->as_object().at(name);
      }
      items.push_back(std::move(o));
    }
  }
  co_return http::json_response(
      bj::object{{"items", std::move(items)},
                 {"total", last},
                 {"cursor", from > 1 ? bj::value(std::to_string(from)) : bj::value(nullptr)},
                 {"as_of", iso_utc(site.clock.now())}});
}

/// GET /api/v1/holes
asio::awaitable<Response> holes(Site site, Request request) {
  auto look = [](const node::Node& node) { return hole_rows(node); };
  auto rows = co_await site.desk.ask(std::move(look));
  std::vector<bj::object> out;
  for (BoardRow& row : rows)
    if (access::concerns(request.actor().area, row.areas)) out.push_back(std::move(row.body));
  co_return page_of(request, std::move(out), site.clock.now());
}

}  // namespace

void add_list_routes(http::Router& router, Desk& desk, const Clock& clock,
                     const log::Store& store) {
  const Site site{desk, clock, store};
  const auto add = [&](std::string path, Access access, std::string summary, http::Handler handler,
                       std::vector<http::Parameter> more = {}) {
    http::RouteInfo info{access, std::move(summary), "lists"};
    info.query = std::move(more);
    info.query.push_back({"cursor", ""});
    info.query.push_back({"limit", "at most 500"});
    info.answer = "#Page";
    router.get(std::move(path), std::move(info), std::move(handler));
  };
  add("/api/v1/hazards", Access::session, "Hazards, and which may be issued from here",
      [site](Request r) { return hazards(site, std::move(r)); });
  add("/api/v1/issuing", Access::session,
      "Who may issue which hazard to whom, and by which article",
      [site](Request r) { return issuing(site, std::move(r)); });
  add("/api/v1/posts", Access::session, "Posts and who holds them",
      [site](Request r) { return posts(site, std::move(r)); });
  add("/api/v1/divisions", Access::session, "Divisions",
      [site](Request r) { return divisions(site, std::move(r)); },
      {{"parent", "code"}, {"level", "county, township or village"}});
  add("/api/v1/holes", Access::read, "Posts nobody answers at",
      [site](Request r) { return holes(site, std::move(r)); });
  add("/api/v1/events", Access::audit, "What was written of warnings, newest first",
      [site](Request r) { return lane(site, std::move(r), "alert"); });
  add("/api/v1/audit", Access::audit, "The audit lane, newest first",
      [site](Request r) { return lane(site, std::move(r), "audit"); });
}

}  // namespace tocsin::server
