#include "domain/place/division.h"

#include <algorithm>
#include <set>

#include "log/rows.h"

namespace tocsin::place {
namespace {

std::optional<RowProblem> problem_of(const Division& row, const std::set<AreaId>& known) {
  const auto no = [](std::string column, std::string code, std::string detail) {
    return RowProblem{0, std::move(column), std::move(code), std::move(detail)};
  };
  if (row.id.code.empty() || short_area_code(row.id.code) != row.id.code)
    return no("code", "division.bad_code", row.id.code);
  if (!is_register_id(row.id.edition, 32))
    return no("edition", "division.bad_edition", row.id.edition);
  if (row.name.empty()) return no("name", "division.no_name", row.id.code);
  if (row.level != level_of(row.id.code))
    return no("level", "division.level",
              std::to_string(row.id.code.size()) + " digits are " +
                  std::string(tocsin::name_of(*level_of(row.id.code))));
  if (row.parent.empty()) return std::nullopt;
  if (row.parent.size() >= row.id.code.size() || !row.id.code.starts_with(row.parent))
    return no("parent", "division.parent_not_above", row.parent);
  if (!known.contains({row.parent, row.id.edition}))
    return no("parent", "division.parent_unknown", text_of({row.parent, row.id.edition}));
  return std::nullopt;
}

}  // namespace

std::vector<RowProblem> Divisions::check(const std::vector<Division>& rows) {
  std::set<AreaId> known, seen;
  for (const Division& row : rows) known.insert(row.id);
  std::vector<RowProblem> problems;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool twice = !seen.insert(rows[i].id).second;
    auto problem = problem_of(rows[i], known);
    if (!problem && twice)
      problem = RowProblem{0, "code", "division.duplicate", text_of(rows[i].id)};
    if (!problem) continue;
    problem->row = i;
    problems.push_back(std::move(*problem));
  }
  return problems;
}

Result<Divisions> Divisions::make(std::vector<Division> rows) {
  if (const auto problems = check(rows); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  Divisions made;
  made.rows_ = std::move(rows);
  std::ranges::sort(made.rows_, {}, &Division::id);
  made.parents_.resize(made.rows_.size());
  made.children_.resize(made.rows_.size());
  for (std::size_t i = 0; i < made.rows_.size(); ++i) {
    const Division& row = made.rows_[i];
    if (row.parent.empty()) continue;
    made.parents_[i] = made.index_of({row.parent, row.id.edition});
    made.children_[*made.parents_[i]].push_back(i);
  }
  return made;
}

std::optional<std::size_t> Divisions::index_of(const AreaId& id) const {
  const auto found = std::ranges::lower_bound(rows_, id, {}, &Division::id);
  if (found == rows_.end() || found->id != id) return std::nullopt;
  return static_cast<std::size_t>(found - rows_.begin());
}

const Division* Divisions::find(const AreaId& id) const {
  const auto index = index_of(id);
  return index ? &rows_[*index] : nullptr;
}

std::string Divisions::name_of(const AreaId& id) const {
  const Division* found = find(id);
  return found == nullptr ? id.code : found->name;
}

std::vector<std::string> Divisions::editions() const {
  std::set<std::string> editions;
  for (const Division& row : rows_) editions.insert(row.id.edition);
  return {editions.begin(), editions.end()};
}

std::string Divisions::in_use() const {
  std::size_t deepest = 0;
  std::string found;
  for (const Division& row : rows_) {
    const std::size_t depth = row.id.code.size();
    if (depth > deepest || (depth == deepest && row.id.edition > found)) {
      deepest = depth;
      found = row.id.edition;
    }
  }
  return found;
}

std::optional<AreaId> Divisions::latest(std::string_view code) const {
  std::optional<AreaId> found;
  for (const std::string& edition : editions())
    if (AreaId id{std::string(code), edition}; index_of(id)) found = std::move(id);
  return found;
}

std::vector<const Division*> Divisions::roots(std::string_view edition) const {
  std::vector<const Division*> found;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (!parents_[i] && rows_[i].id.edition == edition) found.push_back(&rows_[i]);
  return found;
}

std::vector<const Division*> Divisions::children(const AreaId& id) const {
  std::vector<const Division*> found;
  if (const auto index = index_of(id))
    for (const std::size_t child : children_[*index]) found.push_back(&rows_[child]);
  return found;
}

std::vector<const Division*> Divisions::path(const AreaId& id) const {
  std::vector<const Division*> found;
  for (auto index = index_of(id); index; index = parents_[*index]) found.push_back(&rows_[*index]);
  std::ranges::reverse(found);
  return found;
}

std::string Divisions::path_name(const AreaId& id) const {
  std::string text;
  for (const Division* division : path(id)) text += (text.empty() ? "" : " · ") + division->name;
  return text;
}

std::optional<AreaId> Divisions::in_edition(const AreaId& id, std::string_view edition) const {
  const auto way = path(id);
  if (way.empty()) return std::nullopt;
  if (id.edition == edition) return id;
  const Division* here = nullptr;
  for (const Division* step : way) {
    const auto next = here == nullptr ? roots(edition) : children(here->id);
    const auto found = std::ranges::find_if(next, [&](const Division* candidate) {
      return candidate->name == step->name && candidate->level == step->level;
    });
    if (found == next.end()) return std::nullopt;
    here = *found;
  }
  return here->id;
}

bool Divisions::covers(const AreaId& ancestor, const AreaId& area) const {
  if (!index_of(ancestor)) return false;
  const auto way = path(area);
  return std::ranges::any_of(way, [&](const Division* step) {
    return step->id == ancestor ||
           (area.edition != ancestor.edition && in_edition(step->id, ancestor.edition) == ancestor);
  });
}

std::string Divisions::encode() const {
  json::Array rows;
  for (const Division& row : rows_)
    rows.push_back(json::Object{{"code", row.id.code},
                                {"edition", row.id.edition},
                                {"name", row.name},
                                {"level", tocsin::name_of(row.level)},
                                {"parent", row.parent}});
  return json::print(json::Object{{"divisions", std::move(rows)}});
}

Result<Divisions> Divisions::decode(std::string_view bytes) {
  auto rows =
      json::read_rows<Division>(bytes, "divisions", "place.bad_package", [](json::Fields& row) {
        Division division{.id = {row.text("code"), row.text("edition")},
                          .name = row.text("name"),
                          .level = AreaLevel::county,
                          .parent = row.text_or("parent", "")};
        const auto level = parse_area_level(row.text("level"));
        if (!level) row.refuse("level", "no level");
        if (level) division.level = *level;
        return division;
      });
  if (!rows) return std::unexpected(rows.error());
  return make(std::move(*rows));
}

}  // namespace tocsin::place
