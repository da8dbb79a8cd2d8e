// Who may issue what to whom, as the desk and the register's page show it. The verdicts are the
// node's (Node::refusal_to_issue); this only lays them out.

#include <algorithm>
#include <boost/json/array.hpp>

#include "domain/person/role.h"
#include "server/board/rows.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;
using access::Access;
using warning::Audience;

bool issues(std::string_view role) {
  const auto parsed = access::parse_role(role);
  return parsed && access::rights(*parsed).has(Access::issue);
}

/// Titles of the roles and posts a row lists, for "may be issued by".
bj::array issuers_json(const node::Books& books, const warning::IssuingRow& row) {
  bj::array out;
  for (const std::string& name : row.roles) {
    const auto* role = person::find_role(name);
    out.push_back(role == nullptr ? text_json(name, name) : text_json(role->zh, role->en));
  }
  for (const std::string& id : row.posts) {
    const auto* post = books.posts.find(id);
    const std::string& title = post == nullptr ? id : post->title;
    out.push_back(text_json(title, title));
  }
  return out;
}

}  // namespace

bj::object issuing_row_json(const node::Books& books, const warning::IssuingRow& row, Instant now) {
  // A prefix is shown as the family it stands for: "11B" as 11B00.
  const std::string code = row.hazard.empty() ? "*" : (row.hazard + "000").substr(0, 5);
  return {{"row", row.id},
          {"hazard", code},
          {"hazard_name", row.hazard.empty() ? text_json("全部类别", "every hazard")
                                             : hazard_json(hazard_words(books, code, false))},
          {"audience", warning::name_of(row.audience)},
          {"roles", bj::array(row.roles.begin(), row.roles.end())},
          {"posts", bj::array(row.posts.begin(), row.posts.end())},
          {"issuers", issuers_json(books, row)},
          {"automatic", row.automatic},
          {"whose", row.whose},
          {"instrument", row.instrument},
          {"article", row.article},
          {"valid_from", row.valid_from},
          {"valid_to", row.valid_to},
          {"in_force", warning::in_force(row, now)}};
}

bj::object hazard_rights_json(const node::Node& node, const access::Principal& who,
                              std::string_view hazard, Instant now) {
  const node::Books& books = node.books();
  const bool role_may = access::rights(who.role).has(Access::issue);
  bj::object out{{"code", hazard}, {"name", hazard_json(hazard_words(books, hazard, false))}};
  bool any = false;
  bj::array audiences;
  for (const Audience audience : {Audience::responsible, Audience::everyone}) {
    auto no = node.refusal_to_issue("post/" + who.post, hazard, audience, now);
    if (!no && !role_may) no = Error{"access.no_right", "", ""};
    any = any || !no;
    const auto* row = books.issuing.row_for(hazard, audience, now);
    audiences.push_back(
        bj::object{{"audience", warning::name_of(audience)},
                   {"may", !no},
                   {"code", no ? bj::value(no->code) : bj::value(nullptr)},
                   {"row", row == nullptr ? bj::value(nullptr)
                                          : bj::value(issuing_row_json(books, *row, now))}});
  }
  out["may_issue"] = any;
  out["audiences"] = std::move(audiences);
  out["areas"] = bj::array{who.area};
  return out;
}

void add_issuers(const node::Node& node, std::string_view hazard,
                 const std::vector<std::string>& areas, Instant at, bj::object& row) {
  const auto rank = [&](const person::Post& post) {
    return post.id == node.setup().duty_post ? 2 : post.person.empty() ? 0 : 1;
  };
  const person::Post* waits_for = nullptr;
  bj::array issuers;
  for (const person::Post& post : node.books().posts.all()) {
    const std::string place = node.books().code_of(post.area);
    const bool covers = std::ranges::all_of(
        areas, [&](const std::string& area) { return access::covers(place, area); });
    if (!covers || !issues(post.role)) continue;
    if (node.refusal_to_issue("post/" + post.id, hazard, Audience::responsible, at)) continue;
    issuers.emplace_back(post.id);
    if (waits_for == nullptr || rank(post) > rank(*waits_for)) waits_for = &post;
  }
  row["may_issue"] = waits_for == nullptr
                         ? bj::value(nullptr)
                         : bj::value{{"post", waits_for->id}, {"title", waits_for->title}};
  row["issuers"] = std::move(issuers);
}

}  // namespace tocsin::server
