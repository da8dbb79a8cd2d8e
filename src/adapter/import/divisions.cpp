// divisions.csv: code, edition, name, level, parent. The lists people have (code and name, with the
// township's or county's code beside) are read too: level from the code's length, parent from the
// column they have or from the code, edition as stated with the request.

#include <algorithm>
#include <map>
#include <set>

#include "adapter/import/checks.h"
#include "adapter/import/importers.h"
#include "adapter/import/table.h"

namespace tocsin::importing {
namespace {

using place::Division;
using place::Divisions;
using ById = std::map<AreaId, Division>;

const std::vector<Column>& columns() {
  static const std::vector<Column> list{
      {{"code", "区划代码", "代码", "编码"}, true},
      {{"edition", "版本", "版次", "年份"}, false},
      {{"name", "区划名称", "名称"}, true},
      {{"level", "级别", "层级"}, false},
      {{"parent", "上级代码", "上级", "township_code", "county_code"}, false},
      {{"county_code"}, false},
      {{"county_name"}, false},
  };
  return list;
}

/// The code one level up; empty above a county, for a county's own list begins with it.
std::string code_above(const std::string& code) {
  return code.size() <= 6 ? std::string() : code.substr(0, code.size() == 12 ? 9 : 6);
}

Division read_row(Row& row, const Table& table, const Request& request, ById& counties) {
  Division division{.id = {row.area_code("code"), row.text("edition")},
                    .name = row.need("name"),
                    .level = AreaLevel::county,
                    .parent = row.text("parent")};
  if (division.id.edition.empty()) division.id.edition = request.edition;
  if (division.id.edition.empty()) row.problem("edition", "division.edition_missing");
  if (!row.ok()) return division;
  division.level = *level_of(division.id.code);
  if (const std::string level = row.text("level"); !level.empty()) {
    const auto parsed = parse_area_level(level);
    if (!parsed) row.problem("level", "division.level", level);
    if (parsed) division.level = *parsed;
  }
  if (!division.parent.empty()) division.parent = row.area_code("parent");
  if (!table.has("parent")) division.parent = code_above(division.id.code);
  const AreaId county{row.text("county_code"), division.id.edition};
  if (const std::string name = row.text("county_name"); !name.empty() && !county.code.empty())
    counties[county] = {county, name, AreaLevel::county, ""};
  return division;
}

/// Rows outside `under` are left out and told; the rest keep their index in the table.
std::vector<bool> chosen(const std::vector<Division>& rows, const Request& request,
                         ImportResult& result) {
  std::vector<bool> keep(rows.size(), true);
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    keep[i] = request.under.empty() || rows[i].id.code.starts_with(request.under);
    if (!keep[i]) ++left_out;
  }
  if (left_out > 0)
    result.note("import.left_out",
                std::to_string(left_out) + " rows are not under " + request.under);
  if (left_out == rows.size() && !rows.empty())
    result.problem(0, "", "import.nothing_under", request.under);
  return keep;
}

/// What stands and is not replaced, with the new rows over it.
ById merged(const Divisions* before, const ById& rows) {
  std::set<std::pair<std::string, AreaLevel>> replaced;
  for (const auto& [id, row] : rows) replaced.emplace(id.edition, row.level);
  ById after;
  if (before != nullptr)
    for (const Division& row : before->all())
      if (!replaced.contains({row.id.edition, row.level})) after.emplace(row.id, row);
  after.insert(rows.begin(), rows.end());
  return after;
}

ById by_id(const Divisions* divisions) {
  ById rows;
  if (divisions != nullptr)
    for (const Division& row : divisions->all()) rows.emplace(row.id, row);
  return rows;
}

std::vector<Division> values_of(const ById& rows) {
  std::vector<Division> values;
  for (const auto& [id, row] : rows) values.push_back(row);
  return values;
}

/// Problems of the register as it would be, told at the file's row or, for a row that stood before
/// and loses its parent, without a line.
void check(const std::vector<Division>& whole, const std::map<AreaId, std::size_t>& row_of,
           Table& table, ImportResult& result) {
  for (const RowProblem& problem : Divisions::check(whole)) {
    const auto row = row_of.find(whole[problem.row].id);
    if (row == row_of.end())
      result.problem(0, problem.column, problem.code, text_of(whole[problem.row].id));
    else if (!table.bad(row->second))
      table.problem(row->second, problem.column, problem.code, problem.detail);
  }
}

}  // namespace

ImportResult import_divisions(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "divisions"};
  Table table(request.bytes, columns(), result);
  ById counties, fresh;
  const auto rows =
      table.rows<Division>([&](Row& row) { return read_row(row, table, request, counties); });
  const auto keep = chosen(rows, request, result);
  std::map<AreaId, std::size_t> row_of;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!keep[i] || table.bad(i)) continue;
    if (!row_of.emplace(rows[i].id, i).second)
      table.problem(i, "code", "division.duplicate", text_of(rows[i].id));
    fresh.emplace(rows[i].id, rows[i]);
  }
  for (const auto& [id, county] : counties)
    if (request.under.empty() || id.code.starts_with(request.under)) fresh.emplace(id, county);
  const ById after = merged(standing.divisions, fresh);
  const auto whole = values_of(after);
  check(whole, row_of, table, result);
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  sort_by_line(result);
  result.changes = changes_between(by_id(standing.divisions), after);
  if (result.whole()) result.package = Divisions::make(whole)->encode();
  return result;
}

}  // namespace tocsin::importing
