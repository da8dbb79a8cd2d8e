// stations.csv: station, name, kind, area, edition, lon, lat, crs, protocol, mn, st, interval_s,
// riskpoints, sample; and points.csv: point, station, code, stat, name, unit, decimals.

#include <algorithm>
#include <map>
#include <set>

#include "adapter/import/checks.h"
#include "adapter/import/importers.h"
#include "adapter/import/table.h"

namespace tocsin::importing {
namespace {

using observation::Point;
using observation::Station;

const std::vector<Column>& station_columns() {
  static const std::vector<Column> list{
      {{"station", "测站编号", "站点编号", "测站", "站点"}, true},
      {{"name", "测站名称", "站点名称", "站名", "名称"}, true},
      {{"kind", "类别", "类型"}, true},
      {{"area", "区划代码", "区划"}, true},
      {{"edition", "版本", "版次", "年份"}, false},
      {{"lon", "经度", "lng"}, true},
      {{"lat", "纬度"}, true},
      {{"crs", "坐标系"}, false},
      {{"protocol", "协议"}, true},
      {{"mn", "MN号", "设备唯一标识", "设备编号"}, true},
      {{"st", "系统编码"}, false},
      {{"interval_s", "上报间隔", "上报间隔秒"}, true},
      {{"riskpoints", "风险点编号", "风险点"}, false},
      {{"sample", "样例"}, false},
  };
  return list;
}

const std::vector<Column>& point_columns() {
  static const std::vector<Column> list{
      {{"point", "测点编号", "测点"}, true},
      {{"station", "测站编号", "站点编号", "测站", "站点"}, true},
      {{"code", "因子编码", "污染物编码", "编码"}, true},
      {{"stat", "数据类型", "统计"}, true},
      {{"name", "测点名称", "因子名称", "名称"}, true},
      {{"unit", "单位"}, true},
      {{"decimals", "小数位数", "小数位"}, false},
  };
  return list;
}

std::string kind_of(const std::string& text) {
  const auto found = std::ranges::find_if(observation::station_kinds, [&](const auto& kind) {
    return kind.name == text || kind.zh == text;
  });
  return found == observation::station_kinds.end() ? text : std::string(found->name);
}

Station read_station(Row& row, const Request& request) {
  Station station{.id = row.need("station"),
                  .name = row.need("name"),
                  .kind = kind_of(row.need("kind")),
                  .area = {row.area_code("area"), row.text("edition")},
                  .position = row.position(request.crs),
                  .protocol = row.need("protocol"),
                  .mn = row.text("mn"),
                  .st = row.text("st"),
                  .interval_s = row.integer("interval_s", 1, 31 * 86400),
                  .riskpoints = row.list("riskpoints"),
                  .sample = row.flag("sample")};
  if (station.area.edition.empty()) station.area.edition = request.edition;
  row.shortened("mn");
  return station;
}

void check_station(const Standing& standing, const Station& row, std::size_t i, Table& table,
                   ImportResult& result) {
  for (const std::string& point : row.riskpoints) {
    if (table.bad(i)) return;
    if (standing.riskpoints == nullptr || standing.riskpoints->find(point) == nullptr)
      table.problem(i, "riskpoints", "register.riskpoint_unknown", point);
  }
  if (table.bad(i)) return;
  if (const auto of = outside_of(standing, row.area, row.position); !of.empty())
    result.note("place.outside_boundary", of, table.line_of(i), table.heading("lon"));
}

template <class Found>
std::map<std::string, Found> by_id(const std::vector<Found>* rows) {
  std::map<std::string, Found> out;
  if (rows != nullptr)
    for (const Found& row : *rows) out.emplace(row.id, row);
  return out;
}

}  // namespace

ImportResult import_stations(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "stations"};
  Table table(request.bytes, station_columns(), result);
  const auto rows = table.rows<Station>([&](Row& row) { return read_station(row, request); });
  table.add(observation::check(rows));
  AreaCheck known(standing, table, result);
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    known(i, "area", rows[i].area);
    check_station(standing, rows[i], i, table, result);
    ids.insert(rows[i].id);
  }
  std::vector<std::string> orphans;
  if (standing.points != nullptr)
    for (const Point& point : *standing.points)
      if (!ids.contains(point.station)) orphans.push_back(point.id);
  if (!orphans.empty()) result.note("station.still_named", some_of(orphans));
  table.note_converted();
  known.add_note();
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  sort_by_line(result);
  result.changes = changes_between(by_id(standing.stations), by_id(&rows));
  if (result.whole()) result.package = observation::encode(std::span<const Station>(rows));
  return result;
}

ImportResult import_points(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "points"};
  Table table(request.bytes, point_columns(), result);
  const auto rows = table.rows<Point>([](Row& row) {
    return Point{.id = row.need("point"),
                 .station = row.need("station"),
                 .code = row.need("code"),
                 .stat = row.need("stat"),
                 .name = row.need("name"),
                 .unit = row.text("unit"),
                 .decimals = row.integer("decimals", 0, 9, 2)};
  });
  table.add(observation::check(rows));
  if (standing.stations == nullptr && !rows.empty())
    result.problem(0, "", "register.stations_not_loaded", "import the stations first");
  const auto stations = by_id(standing.stations);
  std::set<std::string_view> measured;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    measured.insert(rows[i].station);
    if (standing.stations != nullptr && !table.bad(i) && !stations.contains(rows[i].station))
      table.problem(i, "station", "register.station_unknown", rows[i].station);
  }
  std::vector<std::string> silent;
  for (const auto& [id, station] : stations)
    if (!measured.contains(id)) silent.push_back(id);
  if (!silent.empty()) result.note("station.no_point", some_of(silent));
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  sort_by_line(result);
  result.changes = changes_between(by_id(standing.points), by_id(&rows));
  if (result.whole()) result.package = observation::encode(std::span<const Point>(rows));
  return result;
}

}  // namespace tocsin::importing
