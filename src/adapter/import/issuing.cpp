// issuing.csv: row, hazard, audience, roles, posts, automatic, whose, instrument, article,
// valid_from, valid_to. Replaces the national defaults, or the list before, whole.

#include <map>

#include "adapter/import/checks.h"
#include "adapter/import/importers.h"
#include "adapter/import/table.h"
#include "domain/access/access.h"
#include "domain/person/role.h"

namespace tocsin::importing {
namespace {

using warning::IssuingRights;
using warning::IssuingRow;

const std::vector<Column>& columns() {
  static const std::vector<Column> list{
      {{"row", "条目编号", "条目"}, true},
      {{"hazard", "事件编码", "事件类别", "灾种"}, true},
      {{"audience", "发布对象", "对象"}, true},
      {{"roles", "签发角色", "角色"}, false},
      {{"posts", "签发岗位", "岗位"}, false},
      {{"automatic", "规则自动"}, false},
      {{"whose", "发布机关"}, false},
      {{"instrument", "依据"}, true},
      {{"article", "条款"}, false},
      {{"valid_from", "生效日期", "生效"}, false},
      {{"valid_to", "失效日期", "失效"}, false},
  };
  return list;
}

/// Roles that open the class `issue`; any other would be listed in vain.
void check_roles(Row& in, IssuingRow& row) {
  for (std::string& role : row.roles) {
    if (const auto* known = person::find_role(role)) role = known->name;
    const auto parsed = access::parse_role(role);
    if (!parsed)
      in.problem("roles", "post.bad_role", role);
    else if (!access::rights(*parsed).has(access::Access::issue))
      in.problem("roles", "issuing.role_may_not", role);
  }
}

IssuingRow read_row(Row& in) {
  IssuingRow row;
  row.id = in.need("row");
  const std::string hazard = in.need("hazard");
  row.hazard = hazard == "*" || hazard == "全部" ? "" : hazard::prefix_of(hazard);
  const std::string audience = in.need("audience");
  const auto parsed = warning::parse_audience(audience);
  if (!parsed && !audience.empty()) in.problem("audience", "issuing.bad_audience", audience);
  row.audience = parsed.value_or(warning::Audience::responsible);
  row.roles = in.list("roles");
  row.posts = in.list("posts");
  row.automatic = in.flag("automatic");
  row.whose = in.text("whose");
  row.instrument = in.need("instrument");
  row.article = in.text("article");
  row.valid_from = in.text("valid_from");
  row.valid_to = in.text("valid_to");
  check_roles(in, row);
  return row;
}

void check_posts(const Standing& standing, const std::vector<IssuingRow>& rows, Table& table) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const std::string& id : rows[i].posts) {
      if (table.bad(i)) break;
      const person::Post* post = standing.posts == nullptr ? nullptr : standing.posts->find(id);
      const auto role = post == nullptr ? std::nullopt : access::parse_role(post->role);
      if (!role)
        table.problem(i, "posts", "register.post_unknown", id);
      else if (!access::rights(*role).has(access::Access::issue))
        table.problem(i, "posts", "issuing.role_may_not", id + " " + post->role);
    }
}

/// What a person should know before he adopts it: what the national rows leave to another office
/// and this list does not, and audiences for which some hazard has no row.
void add_notes(const std::vector<IssuingRow>& rows, ImportResult& result) {
  const IssuingRights national;
  std::vector<std::string> wider, uncovered;
  for (const IssuingRow& theirs : national.all()) {
    if (theirs.ours()) continue;
    bool ours = false;                  // a row within their hazards lets somebody here issue
    const IssuingRow* above = nullptr;  // the row that decides where none is as narrow as theirs
    for (const IssuingRow& row : rows) {
      if (row.audience != theirs.audience) continue;
      ours = ours || (row.hazard.starts_with(theirs.hazard) && row.ours());
      const bool covers = theirs.hazard.starts_with(row.hazard);
      if (covers && (above == nullptr || row.hazard.size() > above->hazard.size())) above = &row;
    }
    if (ours || (above != nullptr && above->ours()))
      wider.push_back(theirs.id + " " + theirs.instrument + " " + theirs.article);
  }
  for (const auto audience : {warning::Audience::responsible, warning::Audience::everyone}) {
    const bool whole = std::ranges::any_of(rows, [&](const IssuingRow& row) {
      return row.audience == audience && row.hazard.empty();
    });
    if (!whole) uncovered.emplace_back(warning::name_of(audience));
  }
  if (!wider.empty()) result.note("issuing.wider", some_of(wider));
  if (!uncovered.empty()) result.note("issuing.uncovered", some_of(uncovered));
}

std::map<std::string, IssuingRow> by_id(const std::vector<IssuingRow>& rows) {
  std::map<std::string, IssuingRow> out;
  for (const IssuingRow& row : rows) out.emplace(row.id, row);
  return out;
}

}  // namespace

ImportResult import_issuing(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "issuing"};
  Table table(request.bytes, columns(), result);
  const auto rows = table.rows<IssuingRow>(read_row);
  table.add(IssuingRights::check(rows));
  check_posts(standing, rows, table);
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  static const IssuingRights national;
  const IssuingRights& before = standing.issuing == nullptr ? national : *standing.issuing;
  result.changes = changes_between(by_id(before.all()), by_id(rows));
  if (result.whole()) {
    add_notes(rows, result);
    result.package = IssuingRights::make(rows)->encode();
  }
  sort_by_line(result);
  return result;
}

}  // namespace tocsin::importing
