// Outlines as GeoJSON: each feature's properties name the division: code, and where they say it
// edition, name, sample, note, note_en. Replaces the outlines of the divisions it holds; others
// stay.

#include <map>

#include "adapter/import/checks.h"
#include "adapter/import/geojson.h"
#include "adapter/import/importers.h"

namespace tocsin::importing {
namespace {

using place::Boundaries;
using place::Boundary;
using ByArea = std::map<AreaId, Boundary>;

std::string member_of(const Feature& feature, std::string_view member) {
  return "features[" + std::to_string(feature.index) + "].properties." + std::string(member);
}

/// The edition an outline is meant for: the feature's, the request's, else the latest one that has
/// the code, as long as all editions agree on the name.
std::optional<AreaId> area_of(const Feature& feature, const std::string& code,
                              const Request& request, const place::Divisions& divisions,
                              ImportResult& result) {
  std::string edition = property_text(feature, "edition");
  if (edition.empty()) edition = request.edition;
  const auto latest = divisions.latest(code);
  if (edition.empty() && latest)
    for (const std::string& other : divisions.editions())
      if (const auto* found = divisions.find({code, other});
          found != nullptr && found->name != divisions.name_of(*latest)) {
        result.problem(0, member_of(feature, "edition"), "boundary.edition_missing",
                       code + " is " + found->name + " in " + other + " and " +
                           divisions.name_of(*latest) + " in " + latest->edition);
        return std::nullopt;
      }
  const AreaId id{code, edition.empty() && latest ? latest->edition : edition};
  if (divisions.find(id) != nullptr) return id;
  result.problem(0, member_of(feature, "code"), "register.area_unknown", text_of(id));
  return std::nullopt;
}

std::optional<Boundary> read_feature(Feature& feature, const std::string& code,
                                     const Request& request, const place::Divisions& divisions,
                                     ImportResult& result) {
  const auto area = area_of(feature, code, request, divisions, result);
  if (!area) return std::nullopt;
  const json::Value* sample = feature.properties.if_contains("sample");
  Boundary boundary{.area = *area,
                    .name = property_text(feature, "name"),
                    .sample = sample != nullptr && sample->is_bool() && sample->get_bool(),
                    .note = property_text(feature, "note"),
                    .note_en = property_text(feature, "note_en"),
                    .polygons = std::move(feature.polygons)};
  const std::string known = divisions.name_of(*area);
  if (boundary.name.empty()) boundary.name = known;
  if (boundary.name != known)
    result.note("boundary.other_name", boundary.name + ", the divisions have " + known, 0,
                member_of(feature, "name"));
  return boundary;
}

/// Which features are read: all of them, or those under `request.under`.
bool wanted(const std::string& code, const Request& request) {
  return request.under.empty() || code.starts_with(request.under);
}

/// What an outline says about itself, so that a person can compare: its area, whether its seat and
/// the parts it should hold lie within it.
void self_check(const Boundary& boundary, const Boundaries& all, const Standing& standing,
                ImportResult& result) {
  char area[32];
  std::snprintf(area, sizeof area, "%.1f km2", place::area_km2(boundary));
  result.note("boundary.area", boundary.name + " " + area);
  if (standing.places != nullptr)
    for (const place::TownshipPlace& seat : standing.places->all())
      if (standing.divisions->covers(boundary.area, seat.area) &&
          !place::contains(boundary, seat.position))
        result.note("boundary.seat_outside",
                    boundary.name + ": " + standing.divisions->name_of(seat.area));
  for (const Boundary& inner : all.all()) {
    if (inner.area == boundary.area || !standing.divisions->covers(boundary.area, inner.area))
      continue;
    std::size_t outside = 0;
    for (const place::Polygon& polygon : inner.polygons)
      for (const LonLat& p : polygon.front())
        if (!place::contains(boundary, p)) ++outside;
    // Shared borders never coincide to the metre; a tenth of the vertices is more than that.
    if (outside * 10 > place::vertex_count(inner))
      result.note("boundary.part_outside", boundary.name + ": " + inner.name);
  }
}

void read_features(GeoJson& file, const Request& request, const Standing& standing, ByArea& fresh,
                   ImportResult& result) {
  std::size_t left_out = 0;
  for (Feature& feature : file.features) {
    const std::string code(short_area_code(property_text(feature, "code")));
    if (code.empty()) {
      result.problem(0, member_of(feature, "code"), "boundary.bad_area",
                     property_text(feature, "code"));
    } else if (!wanted(code, request)) {
      ++left_out;
    } else if (auto boundary = read_feature(feature, code, request, *standing.divisions, result)) {
      const AreaId area = boundary->area;
      if (!fresh.emplace(area, std::move(*boundary)).second)
        result.problem(0, member_of(feature, "code"), "boundary.duplicate", text_of(area));
    }
  }
  if (left_out > 0)
    result.note("import.left_out",
                std::to_string(left_out) + " features are not under " + request.under);
  if (fresh.empty() && result.whole())
    result.problem(0, "features", left_out > 0 ? "import.nothing_under" : "import.empty",
                   request.under);
}

}  // namespace

ImportResult import_boundaries(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "boundaries"};
  GeoJson file = read_geojson(request, Geometry::polygons, result);
  result.rows = file.features.size();
  if (standing.divisions == nullptr || standing.divisions->empty())
    result.problem(0, "", "register.divisions_not_loaded", "import the divisions first");
  if (!result.whole()) return result;
  ByArea fresh, before;
  read_features(file, request, standing, fresh, result);
  if (standing.boundaries != nullptr)
    for (const Boundary& row : standing.boundaries->all()) before.emplace(row.area, row);
  ByArea after = fresh;
  after.insert(before.begin(), before.end());
  result.changes = changes_between(before, after);
  if (!result.whole()) return result;
  std::vector<Boundary> rows;
  for (auto& [area, row] : after) rows.push_back(std::move(row));
  const auto all = Boundaries::make(std::move(rows));
  if (!all) {
    result.problem(0, all.error().field, all.error().code, all.error().detail);
    return result;
  }
  for (const auto& [area, row] : fresh) self_check(row, *all, standing, result);
  result.package = all->encode();
  return result;
}

}  // namespace tocsin::importing
