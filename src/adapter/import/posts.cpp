// posts.csv: post, title, role, area, edition, person, deputy, superior.

#include <map>

#include "adapter/import/checks.h"
#include "adapter/import/importers.h"
#include "adapter/import/table.h"
#include "domain/person/role.h"

namespace tocsin::importing {
namespace {

using person::Post;
using person::Posts;
using ById = std::map<std::string, Post>;

const std::vector<Column>& columns() {
  static const std::vector<Column> list{
      {{"post", "岗位编号", "岗位"}, true},
      {{"title", "岗位名称", "职务", "名称"}, true},
      {{"role", "角色"}, true},
      {{"area", "区划代码", "区划", "辖区"}, true},
      {{"edition", "版本", "版次", "年份"}, false},
      {{"person", "主责人", "责任人", "人员编号", "人员"}, true},
      {{"deputy", "副岗", "B岗", "AB角", "代理人"}, false},
      {{"superior", "上级岗位", "上级"}, false},
  };
  return list;
}

Post read_row(Row& row, const Request& request) {
  Post post{.id = row.need("post"),
            .title = row.need("title"),
            .role = row.need("role"),
            .area = {row.area_code("area"), row.text("edition")},
            .person = row.text("person"),
            .deputy = row.text("deputy"),
            .superior = row.text("superior")};
  if (post.area.edition.empty()) post.area.edition = request.edition;
  if (const auto* role = person::find_role(post.role)) post.role = role->name;
  return post;
}

void check_people(const Standing& standing, const std::vector<Post>& rows, Table& table,
                  ImportResult& result) {
  bool told = false;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const bool holder : {true, false}) {
      const std::string& who = holder ? rows[i].person : rows[i].deputy;
      const std::string_view column = holder ? "person" : "deputy";
      if (who.empty()) continue;
      if (standing.people == nullptr) {
        if (!told) result.problem(0, "", "register.people_not_loaded", "import the people first");
        told = true;
      } else if (!table.bad(i) && !standing.people->contains(who)) {
        table.problem(i, column, "register.person_unknown", who);
      }
    }
}

/// What a person should know before he adopts it: holes, superiors elsewhere, risk points left
/// without a post.
void add_notes(const Standing& standing, const Posts& posts, ImportResult& result) {
  std::vector<std::string> vacant, unreachable, elsewhere, named;
  static const person::ReachMap nobody;
  for (const person::Hole& hole :
       posts.holes(standing.people == nullptr ? nobody : *standing.people))
    (hole.why == person::Hole::Why::no_holder ? vacant : unreachable).push_back(hole.post);
  for (const Post& post : posts.all())
    if (const Post* above = posts.find(post.superior);
        above != nullptr && standing.divisions != nullptr &&
        !standing.divisions->covers(above->area, post.area))
      elsewhere.push_back(post.id);
  if (standing.riskpoints != nullptr)
    for (const place::RiskPoint& point : standing.riskpoints->all())
      for (const std::string& post : point.responsible)
        if (posts.find(post) == nullptr) named.push_back(point.id + " " + post);
  if (!vacant.empty()) result.note("post.no_holder", some_of(vacant));
  if (!unreachable.empty()) result.note("post.unreachable", some_of(unreachable));
  if (!elsewhere.empty()) result.note("post.superior_elsewhere", some_of(elsewhere));
  if (!named.empty()) result.note("post.still_named", some_of(named));
}

}  // namespace

ImportResult import_posts(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "posts"};
  Table table(request.bytes, columns(), result);
  const auto rows = table.rows<Post>([&](Row& row) { return read_row(row, request); });
  table.add(Posts::check(rows));
  AreaCheck known(standing, table, result);
  for (std::size_t i = 0; i < rows.size(); ++i) known(i, "area", rows[i].area);
  check_people(standing, rows, table, result);
  known.add_note();
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  ById before, after;
  for (const Post& row : rows) after.emplace(row.id, row);
  if (standing.posts != nullptr)
    for (const Post& row : standing.posts->all()) before.emplace(row.id, row);
  result.changes = changes_between(before, after);
  if (result.whole()) {
    const auto posts = Posts::make(rows);
    add_notes(standing, *posts, result);
    result.package = posts->encode();
  }
  sort_by_line(result);
  return result;
}

}  // namespace tocsin::importing
