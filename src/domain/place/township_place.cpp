#include "domain/place/township_place.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "log/rows.h"

namespace tocsin::place {
namespace {

std::optional<RowProblem> problem_of(const TownshipPlace& row) {
  const auto no = [&](std::string column, std::string code) {
    return RowProblem{0, std::move(column), std::move(code), text_of(row.area)};
  };
  if (row.area.code.empty() || short_area_code(row.area.code) != row.area.code)
    return no("code", "place.bad_area");
  if (!is_register_id(row.area.edition, 32)) return no("edition", "place.bad_area");
  if (!(std::abs(row.position.lon) <= 180)) return no("lon", "place.out_of_range");
  if (!(std::abs(row.position.lat) <= 90)) return no("lat", "place.out_of_range");
  return std::nullopt;
}

}  // namespace

std::vector<RowProblem> Places::check(const std::vector<TownshipPlace>& rows) {
  std::vector<RowProblem> problems;
  std::set<AreaId> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool twice = !seen.insert(rows[i].area).second;
    auto problem = problem_of(rows[i]);
    if (!problem && twice)
      problem = RowProblem{0, "code", "place.duplicate", text_of(rows[i].area)};
    if (!problem) continue;
    problem->row = i;
    problems.push_back(std::move(*problem));
  }
  return problems;
}

Result<Places> Places::make(std::vector<TownshipPlace> rows) {
  if (const auto problems = check(rows); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  Places made;
  made.rows_ = std::move(rows);
  for (TownshipPlace& row : made.rows_) row.position = on_grid(row.position);
  std::ranges::sort(made.rows_, {}, &TownshipPlace::area);
  return made;
}

const TownshipPlace* Places::find(const AreaId& area) const {
  const auto found = std::ranges::lower_bound(rows_, area, {}, &TownshipPlace::area);
  return found == rows_.end() || found->area != area ? nullptr : &*found;
}

std::string Places::encode() const {
  json::Array rows;
  for (const TownshipPlace& row : rows_)
    rows.push_back(json::Object{{"area", row.area.code},
                                {"edition", row.area.edition},
                                {"lon", row.position.lon},
                                {"lat", row.position.lat},
                                {"sample", row.sample}});
  return json::print(json::Object{{"places", std::move(rows)}});
}

Result<Places> Places::decode(std::string_view bytes) {
  auto rows =
      json::read_rows<TownshipPlace>(bytes, "places", "place.bad_package", [](json::Fields& row) {
        return TownshipPlace{.area = {row.text("area"), row.text("edition")},
                             .position = {row.number("lon"), row.number("lat")},
                             .sample = row.flag_or("sample", false)};
      });
  if (!rows) return std::unexpected(rows.error());
  return make(std::move(*rows));
}

}  // namespace tocsin::place
