#include "domain/place/risk_point.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "log/rows.h"

namespace tocsin::place {
namespace {

constexpr int people_max = 10'000'000;

std::optional<RowProblem> no(std::string column, std::string code, std::string detail) {
  return RowProblem{0, std::move(column), std::move(code), std::move(detail)};
}

std::optional<RowProblem> posts_problem(const RiskPoint& row) {
  std::set<std::string_view> seen;
  for (const std::string& post : row.responsible) {
    if (!is_register_id(post)) return no("responsible", "riskpoint.bad_post", post);
    if (!seen.insert(post).second) return no("responsible", "riskpoint.post_twice", post);
  }
  return std::nullopt;
}

std::optional<RowProblem> problem_of(const RiskPoint& row) {
  if (!is_register_id(row.id)) return no("riskpoint", "riskpoint.bad_id", row.id);
  if (row.name.empty() || row.name.size() > 200) return no("name", "riskpoint.no_name", row.id);
  if (std::ranges::find(risk_kinds, row.kind, &RiskKind::name) == risk_kinds.end())
    return no("kind", "riskpoint.bad_kind", row.kind);
  if (row.area.code.empty() || short_area_code(row.area.code) != row.area.code)
    return no("area", "riskpoint.bad_area", row.area.code);
  if (!is_register_id(row.area.edition, 32))
    return no("edition", "riskpoint.bad_area", row.area.edition);
  if (!(std::abs(row.position.lon) <= 180)) return no("lon", "riskpoint.out_of_range", row.id);
  if (!(std::abs(row.position.lat) <= 90)) return no("lat", "riskpoint.out_of_range", row.id);
  if (row.people < 0 || row.people > people_max)
    return no("people", "riskpoint.bad_people", std::to_string(row.people));
  return posts_problem(row);
}

}  // namespace

std::vector<RowProblem> RiskPoints::check(const std::vector<RiskPoint>& rows) {
  std::vector<RowProblem> problems;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool twice = !seen.insert(rows[i].id).second;
    auto problem = problem_of(rows[i]);
    if (!problem && twice) problem = no("riskpoint", "riskpoint.duplicate", rows[i].id);
    if (!problem) continue;
    problem->row = i;
    problems.push_back(std::move(*problem));
  }
  return problems;
}

Result<RiskPoints> RiskPoints::make(std::vector<RiskPoint> rows) {
  if (const auto problems = check(rows); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  RiskPoints made;
  made.rows_ = std::move(rows);
  for (RiskPoint& row : made.rows_) row.position = on_grid(row.position);
  std::ranges::sort(made.rows_, {}, &RiskPoint::id);
  return made;
}

const RiskPoint* RiskPoints::find(std::string_view id) const {
  const auto found = std::ranges::lower_bound(rows_, id, {}, &RiskPoint::id);
  return found == rows_.end() || found->id != id ? nullptr : &*found;
}

std::vector<const RiskPoint*> RiskPoints::of_post(std::string_view post) const {
  std::vector<const RiskPoint*> found;
  for (const RiskPoint& row : rows_)
    if (std::ranges::find(row.responsible, post) != row.responsible.end()) found.push_back(&row);
  return found;
}

std::string RiskPoints::encode() const {
  json::Array rows;
  for (const RiskPoint& row : rows_)
    rows.push_back(
        json::Object{{"id", row.id},
                     {"name", row.name},
                     {"kind", row.kind},
                     {"area", row.area.code},
                     {"edition", row.area.edition},
                     {"lon", row.position.lon},
                     {"lat", row.position.lat},
                     {"people", row.people},
                     {"responsible", json::Array(row.responsible.begin(), row.responsible.end())},
                     {"sample", row.sample}});
  return json::print(json::Object{{"riskpoints", std::move(rows)}});
}

Result<RiskPoints> RiskPoints::decode(std::string_view bytes) {
  auto rows =
      json::read_rows<RiskPoint>(bytes, "riskpoints", "place.bad_package", [](json::Fields& row) {
        return RiskPoint{.id = row.text("id"),
                         .name = row.text("name"),
                         .kind = row.text("kind"),
                         .area = {row.text("area"), row.text("edition")},
                         .position = {row.number("lon"), row.number("lat")},
                         .people = static_cast<int>(row.integer("people", 0, people_max)),
                         .responsible = row.texts("responsible"),
                         .sample = row.flag_or("sample", false)};
      });
  if (!rows) return std::unexpected(rows.error());
  return make(std::move(*rows));
}

}  // namespace tocsin::place
