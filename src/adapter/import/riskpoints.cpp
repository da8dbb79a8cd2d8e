// riskpoints.csv: riskpoint, name, kind, area, edition, lon, lat, crs, people, responsible, sample.

#include <algorithm>
#include <map>

#include "adapter/import/checks.h"
#include "adapter/import/importers.h"
#include "adapter/import/table.h"

namespace tocsin::importing {
namespace {

using place::RiskPoint;
using place::RiskPoints;
using ById = std::map<std::string, RiskPoint>;

const std::vector<Column>& columns() {
  static const std::vector<Column> list{
      {{"riskpoint", "风险点编号", "风险点"}, true},
      {{"name", "风险点名称", "名称"}, true},
      {{"kind", "风险类型", "类型", "类别"}, true},
      {{"area", "区划代码", "区划"}, true},
      {{"edition", "版本", "版次", "年份"}, false},
      {{"lon", "经度", "lng"}, true},
      {{"lat", "纬度"}, true},
      {{"crs", "坐标系"}, false},
      {{"people", "影响人数", "人数"}, true},
      {{"responsible", "责任岗位", "责任岗"}, true},
      {{"sample", "样例"}, false},
  };
  return list;
}

std::string kind_of(const std::string& text) {
  const auto found = std::ranges::find_if(place::risk_kinds, [&](const place::RiskKind& kind) {
    return kind.name == text || kind.zh == text;
  });
  return found == place::risk_kinds.end() ? text : std::string(found->name);
}

RiskPoint read_row(Row& row, const Request& request) {
  RiskPoint point{.id = row.need("riskpoint"),
                  .name = row.need("name"),
                  .kind = kind_of(row.need("kind")),
                  .area = {row.area_code("area"), row.text("edition")},
                  .position = row.position(request.crs),
                  .people = row.integer("people", 0, 10'000'000),
                  .responsible = row.list("responsible"),
                  .sample = row.flag("sample")};
  if (point.area.edition.empty()) point.area.edition = request.edition;
  return point;
}

void check_row(const Standing& standing, const RiskPoint& row, std::size_t i, Table& table,
               ImportResult& result) {
  for (const std::string& post : row.responsible)
    if (!table.bad(i) && standing.posts != nullptr && standing.posts->find(post) == nullptr)
      table.problem(i, "responsible", "register.post_unknown", post);
  if (table.bad(i)) return;
  if (row.responsible.empty())
    result.note("riskpoint.nobody", row.id, table.line_of(i), table.heading("responsible"));
  if (const auto of = outside_of(standing, row.area, row.position); !of.empty())
    result.note("place.outside_boundary", of, table.line_of(i), table.heading("lon"));
}

/// Stations that name a risk point which is no longer in the list.
void note_left(const Standing& standing, const ById& after, ImportResult& result) {
  if (standing.stations == nullptr) return;
  std::vector<std::string> named;
  for (const observation::Station& station : *standing.stations)
    for (const std::string& point : station.riskpoints)
      if (!after.contains(point)) named.push_back(station.id + " " + point);
  if (!named.empty()) result.note("riskpoint.still_named", some_of(named));
}

/// Rules that do: their warnings would call nobody for it.
void note_left_in_rules(const Standing& standing, const ById& after, ImportResult& result) {
  if (standing.rules == nullptr) return;
  std::vector<std::string> named;
  for (const rulebook::Rule& rule : standing.rules->rules)
    for (const std::string& point : rule.riskpoints)
      if (!after.contains(point)) named.push_back(rule.id + " " + point);
  if (!named.empty()) result.note("riskpoint.still_in_rules", some_of(named));
}

}  // namespace

ImportResult import_riskpoints(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "riskpoints"};
  Table table(request.bytes, columns(), result);
  const auto rows = table.rows<RiskPoint>([&](Row& row) { return read_row(row, request); });
  table.add(RiskPoints::check(rows));
  AreaCheck known(standing, table, result);
  if (standing.posts == nullptr && !rows.empty())
    result.problem(0, "", "register.posts_not_loaded", "import the posts first");
  ById before, after;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    known(i, "area", rows[i].area);
    check_row(standing, rows[i], i, table, result);
    after.emplace(rows[i].id, rows[i]);
  }
  if (standing.riskpoints != nullptr)
    for (const RiskPoint& row : standing.riskpoints->all()) before.emplace(row.id, row);
  note_left(standing, after, result);
  note_left_in_rules(standing, after, result);
  table.note_converted();
  known.add_note();
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  sort_by_line(result);
  result.changes = changes_between(before, after);
  if (result.whole()) result.package = RiskPoints::make(rows)->encode();
  return result;
}

}  // namespace tocsin::importing
