// places.csv: code, edition, lon, lat, crs, sample. Replaces the editions it holds.

#include <map>
#include <set>

#include "adapter/import/checks.h"
#include "adapter/import/importers.h"
#include "adapter/import/table.h"

namespace tocsin::importing {
namespace {

using place::Places;
using place::TownshipPlace;
using ByArea = std::map<AreaId, TownshipPlace>;

const std::vector<Column>& columns() {
  static const std::vector<Column> list{
      {{"code", "区划代码", "代码"}, true}, {{"edition", "版本", "版次", "年份"}, false},
      {{"lon", "经度", "lng"}, true},       {{"lat", "纬度"}, true},
      {{"crs", "坐标系"}, false},           {{"sample", "样例"}, false},
  };
  return list;
}

TownshipPlace read_row(Row& row, const Request& request) {
  TownshipPlace place{.area = {row.area_code("code"), row.text("edition")},
                      .position = row.position(request.crs),
                      .sample = row.flag("sample")};
  if (place.area.edition.empty()) place.area.edition = request.edition;
  return place;
}

}  // namespace

ImportResult import_places(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "places"};
  Table table(request.bytes, columns(), result);
  const auto rows = table.rows<TownshipPlace>([&](Row& row) { return read_row(row, request); });
  table.add(Places::check(rows));
  AreaCheck known(standing, table, result);
  std::set<std::string> editions;
  ByArea before, after;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    known(i, "code", rows[i].area);
    editions.insert(rows[i].area.edition);
    after.emplace(rows[i].area, rows[i]);
    if (table.bad(i)) continue;
    if (const auto of = outside_of(standing, rows[i].area, rows[i].position); !of.empty())
      result.note("place.outside_boundary", of, table.line_of(i), table.heading("lon"));
  }
  if (standing.places != nullptr)
    for (const TownshipPlace& row : standing.places->all()) {
      before.emplace(row.area, row);
      if (!editions.contains(row.area.edition)) after.emplace(row.area, row);
    }
  table.note_converted();
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  sort_by_line(result);
  result.changes = changes_between(before, after);
  if (!result.whole()) return result;
  std::vector<TownshipPlace> all;
  for (const auto& [area, row] : after) all.push_back(row);
  result.package = Places::make(std::move(all))->encode();
  return result;
}

}  // namespace tocsin::importing
