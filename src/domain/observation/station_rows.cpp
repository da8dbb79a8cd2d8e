// The rows of stations and points: what makes one good, and their packages.

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "domain/observation/station.h"
#include "log/rows.h"

namespace tocsin::observation {
namespace {

constexpr int interval_s_max = 31 * 86400;

bool is_code(std::string_view text, std::size_t size_max) {
  return !text.empty() && text.size() <= size_max && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

std::optional<RowProblem> no(std::string column, std::string code, std::string detail) {
  return RowProblem{0, std::move(column), std::move(code), std::move(detail)};
}

std::optional<RowProblem> protocol_problem(const Station& row) {
  if (std::ranges::find(station_protocols, row.protocol) == station_protocols.end())
    return no("protocol", "station.bad_protocol", row.protocol);
  if (row.mn.empty() ? row.protocol == "hj212" : !is_code(row.mn, 24))
    return no("mn", "station.bad_mn", row.mn);
  if (!row.st.empty() && !is_code(row.st, 5)) return no("st", "station.bad_st", row.st);
  if (row.interval_s < 1 || row.interval_s > interval_s_max)
    return no("interval_s", "station.bad_interval", std::to_string(row.interval_s));
  return std::nullopt;
}

std::optional<RowProblem> problem_of(const Station& row) {
  if (!is_register_id(row.id)) return no("station", "station.bad_id", row.id);
  if (row.name.empty() || row.name.size() > 200) return no("name", "station.no_name", row.id);
  if (std::ranges::find(station_kinds, row.kind, &KindName::name) == station_kinds.end())
    return no("kind", "station.bad_kind", row.kind);
  if (row.area.code.empty() || short_area_code(row.area.code) != row.area.code)
    return no("area", "station.bad_area", row.area.code);
  if (!is_register_id(row.area.edition, 32))
    return no("edition", "station.bad_area", row.area.edition);
  if (!(std::abs(row.position.lon) <= 180)) return no("lon", "station.out_of_range", row.id);
  if (!(std::abs(row.position.lat) <= 90)) return no("lat", "station.out_of_range", row.id);
  for (const std::string& riskpoint : row.riskpoints)
    if (!is_register_id(riskpoint)) return no("riskpoints", "station.bad_riskpoint", riskpoint);
  return protocol_problem(row);
}

std::optional<RowProblem> problem_of(const Point& row) {
  if (!is_register_id(row.id)) return no("point", "point.bad_id", row.id);
  if (!is_register_id(row.station)) return no("station", "point.bad_station", row.station);
  if (!is_code(row.code, 24)) return no("code", "point.bad_code", row.code);
  if (!is_code(row.stat, 16)) return no("stat", "point.bad_stat", row.stat);
  if (row.name.empty() || row.name.size() > 200) return no("name", "point.no_name", row.id);
  if (row.unit.size() > 40) return no("unit", "point.bad_unit", row.unit);
  if (row.decimals < 0 || row.decimals > 9)
    return no("decimals", "point.bad_decimals", std::to_string(row.decimals));
  return std::nullopt;
}

/// Each row's first problem; `twice` looks for what may not be there twice.
template <class Row, class Twice>
std::vector<RowProblem> problems_of(const std::vector<Row>& rows, Twice twice) {
  std::vector<RowProblem> problems;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto again = twice(rows[i]);
    auto problem = problem_of(rows[i]);
    if (!problem) problem = std::move(again);
    if (!problem) continue;
    problem->row = i;
    problems.push_back(std::move(*problem));
  }
  return problems;
}

template <class Row, class Read>
Result<std::vector<Row>> decode_rows(std::string_view bytes, std::string_view member, Read read) {
  auto rows = json::read_rows<Row>(bytes, member, "observation.bad_package", read);
  if (!rows) return rows;
  if (const auto problems = check(*rows); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  return rows;
}

template <class Row>
std::vector<const Row*> by_id(std::span<const Row> rows) {
  std::vector<const Row*> sorted;
  for (const Row& row : rows) sorted.push_back(&row);
  std::ranges::sort(sorted, {}, [](const Row* row) -> const std::string& { return row->id; });
  return sorted;
}

}  // namespace

std::vector<RowProblem> check(const std::vector<Station>& rows) {
  std::set<std::string_view> ids;
  std::set<std::tuple<std::string_view, std::string_view>> devices;
  return problems_of(rows, [&](const Station& row) {
    if (!ids.insert(row.id).second) return no("station", "station.duplicate", row.id);
    if (!row.mn.empty() && !devices.insert({row.mn, row.st}).second)
      return no("mn", "station.duplicate_mn", row.mn);
    return std::optional<RowProblem>();
  });
}

std::vector<RowProblem> check(const std::vector<Point>& rows) {
  std::set<std::string_view> ids;
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> codes;
  return problems_of(rows, [&](const Point& row) {
    if (!ids.insert(row.id).second) return no("point", "point.duplicate", row.id);
    if (!codes.insert({row.station, row.code, row.stat}).second)
      return no("code", "point.duplicate_code", row.station + " " + row.code + "-" + row.stat);
    return std::optional<RowProblem>();
  });
}

std::string encode(std::span<const Station> rows) {
  json::Array out;
  for (const Station* row : by_id(rows))
    out.push_back(
        json::Object{{"id", row->id},
                     {"name", row->name},
                     {"kind", row->kind},
                     {"area", row->area.code},
                     {"edition", row->area.edition},
                     {"lon", on_grid(row->position).lon},
                     {"lat", on_grid(row->position).lat},
                     {"protocol", row->protocol},
                     {"mn", row->mn},
                     {"st", row->st},
                     {"interval_s", row->interval_s},
                     {"riskpoints", json::Array(row->riskpoints.begin(), row->riskpoints.end())},
                     {"sample", row->sample}});
  return json::print(json::Object{{"stations", std::move(out)}});
}

std::string encode(std::span<const Point> rows) {
  json::Array out;
  for (const Point* row : by_id(rows))
    out.push_back(json::Object{{"id", row->id},
                               {"station", row->station},
                               {"code", row->code},
                               {"stat", row->stat},
                               {"name", row->name},
                               {"unit", row->unit},
                               {"decimals", row->decimals}});
  return json::print(json::Object{{"points", std::move(out)}});
}

Result<std::vector<Station>> decode_stations(std::string_view bytes) {
  return decode_rows<Station>(bytes, "stations", [](json::Fields& row) {
    return Station{.id = row.text("id"),
                   .name = row.text("name"),
                   .kind = row.text("kind"),
                   .area = {row.text("area"), row.text("edition")},
                   .position = on_grid({row.number("lon"), row.number("lat")}),
                   .protocol = row.text("protocol"),
                   .mn = row.text_or("mn", ""),
                   .st = row.text_or("st", ""),
                   .interval_s = static_cast<int>(row.integer("interval_s", 1, interval_s_max)),
                   .riskpoints = row.texts("riskpoints"),
                   .sample = row.flag_or("sample", false)};
  });
}

Result<std::vector<Point>> decode_points(std::string_view bytes) {
  return decode_rows<Point>(bytes, "points", [](json::Fields& row) {
    return Point{.id = row.text("id"),
                 .station = row.text("station"),
                 .code = row.text("code"),
                 .stat = row.text("stat"),
                 .name = row.text("name"),
                 .unit = row.text_or("unit", ""),
                 .decimals = static_cast<int>(row.integer("decimals", 0, 9))};
  });
}

}  // namespace tocsin::observation
