#include "domain/place/boundary.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "log/rows.h"

namespace tocsin::place {
namespace {

constexpr std::string_view bad_package = "place.bad_package";

bool crosses(LonLat a, LonLat b, LonLat p) {
  if ((a.lat > p.lat) == (b.lat > p.lat)) return false;
  return p.lon < (b.lon - a.lon) * (p.lat - a.lat) / (b.lat - a.lat) + a.lon;
}

json::Array array_of(const std::vector<Polygon>& polygons) {
  json::Array out;
  for (const Polygon& polygon : polygons) {
    json::Array rings;
    for (const Ring& ring : polygon) {
      json::Array positions;
      positions.reserve(ring.size());
      for (const LonLat& p : ring) positions.push_back(json::Array{p.lon, p.lat});
      rings.push_back(std::move(positions));
    }
    out.push_back(std::move(rings));
  }
  return out;
}

std::optional<LonLat> position_of(const json::Value& value) {
  const auto* pair = value.if_array();
  if (pair == nullptr || pair->size() != 2) return std::nullopt;
  if (!(*pair)[0].is_number() || !(*pair)[1].is_number()) return std::nullopt;
  return LonLat{(*pair)[0].to_number<double>(), (*pair)[1].to_number<double>()};
}

bool read_ring(const json::Value& value, Ring& ring) {
  const auto* positions = value.if_array();
  if (positions == nullptr) return false;
  for (const json::Value& item : *positions) {
    const auto position = position_of(item);
    if (!position) return false;
    ring.push_back(*position);
  }
  return true;
}

bool read_polygons(const json::Value* value, std::vector<Polygon>& polygons) {
  const auto* list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr) return false;
  for (const json::Value& item : *list) {
    const auto* rings = item.if_array();
    if (rings == nullptr) return false;
    Polygon& polygon = polygons.emplace_back();
    for (const json::Value& ring : *rings)
      if (!read_ring(ring, polygon.emplace_back())) return false;
  }
  return true;
}

Result<void> check_ring(const Ring& ring, const std::string& of) {
  if (ring.size() < 4) return fail("boundary.ring_short", of);
  if (ring.front() != ring.back()) return fail("boundary.ring_open", of);
  for (const LonLat& p : ring)
    if (!(std::abs(p.lon) <= 180) || !(std::abs(p.lat) <= 90))
      return fail("boundary.out_of_range", of);
  return {};
}

Result<void> check(const Boundary& row) {
  const std::string of = text_of(row.area);
  if (row.area.code.empty() || short_area_code(row.area.code) != row.area.code ||
      !is_register_id(row.area.edition, 32))
    return fail("boundary.bad_area", of);
  if (row.polygons.empty()) return fail("boundary.no_polygon", of);
  for (const Polygon& polygon : row.polygons) {
    if (polygon.empty()) return fail("boundary.no_polygon", of);
    for (const Ring& ring : polygon)
      if (auto good = check_ring(ring, of); !good) return good;
  }
  return {};
}

}  // namespace

double signed_area(const Ring& ring) {
  double sum = 0;
  for (std::size_t i = 1; i < ring.size(); ++i)
    sum += ring[i - 1].lon * ring[i].lat - ring[i].lon * ring[i - 1].lat;
  return sum / 2;
}

double area_km2(const Boundary& boundary) {
  constexpr double radius_km = 6371.0088, degree = std::numbers::pi / 180;
  double sum = 0;
  for (const Polygon& polygon : boundary.polygons)
    for (std::size_t r = 0; r < polygon.size(); ++r) {
      double ring = 0;  // Lambert's cylinder: equal in area, straight enough between near vertices
      for (std::size_t i = 1; i < polygon[r].size(); ++i) {
        const LonLat a = polygon[r][i - 1], b = polygon[r][i];
        ring += (b.lon - a.lon) * degree * (std::sin(a.lat * degree) + std::sin(b.lat * degree));
      }
      sum += (r == 0 ? 1 : -1) * std::abs(ring / 2) * radius_km * radius_km;
    }
  return sum;
}

std::size_t vertex_count(const Boundary& boundary) {
  std::size_t count = 0;
  for (const Polygon& polygon : boundary.polygons)
    for (const Ring& ring : polygon) count += ring.size();
  return count;
}

std::optional<Box> box_of(const Boundary& boundary) {
  std::optional<Box> box;
  for (const Polygon& polygon : boundary.polygons)
    for (const Ring& ring : polygon)
      for (const LonLat& p : ring) {
        if (!box) box = Box{p, p};
        box->southwest = {std::min(box->southwest.lon, p.lon), std::min(box->southwest.lat, p.lat)};
        box->northeast = {std::max(box->northeast.lon, p.lon), std::max(box->northeast.lat, p.lat)};
      }
  return box;
}

bool contains(const Boundary& boundary, LonLat point) {
  bool inside = false;
  for (const Polygon& polygon : boundary.polygons)
    for (const Ring& ring : polygon)
      for (std::size_t i = 1; i < ring.size(); ++i)
        if (crosses(ring[i - 1], ring[i], point)) inside = !inside;
  return inside;
}

Result<Boundaries> Boundaries::make(std::vector<Boundary> rows) {
  Boundaries made;
  made.rows_ = std::move(rows);
  for (Boundary& row : made.rows_)
    for (Polygon& polygon : row.polygons)
      for (Ring& ring : polygon) std::ranges::transform(ring, ring.begin(), on_grid);
  std::ranges::sort(made.rows_, {}, &Boundary::area);
  for (std::size_t i = 0; i < made.rows_.size(); ++i) {
    const Boundary& row = made.rows_[i];
    if (auto good = check(row); !good) return std::unexpected(good.error());
    if (i > 0 && made.rows_[i - 1].area == row.area)
      return fail("boundary.duplicate", text_of(row.area));
    made.boxes_.push_back(*box_of(row));
  }
  return made;
}

const Boundary* Boundaries::find(const AreaId& area) const {
  const auto found = std::ranges::lower_bound(rows_, area, {}, &Boundary::area);
  return found == rows_.end() || found->area != area ? nullptr : &*found;
}

const Boundary* Boundaries::at(LonLat point) const {
  const Boundary* found = nullptr;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (boxes_[i].contains(point) && contains(rows_[i], point) &&
        (found == nullptr || rows_[i].area.code.size() > found->area.code.size()))
      found = &rows_[i];
  return found;
}

std::string Boundaries::encode() const {
  json::Array rows;
  for (const Boundary& row : rows_)
    rows.push_back(json::Object{{"area", row.area.code},
                                {"edition", row.area.edition},
                                {"name", row.name},
                                {"sample", row.sample},
                                {"note", row.note},
                                {"note_en", row.note_en},
                                {"polygons", array_of(row.polygons)}});
  return json::print(json::Object{{"boundaries", std::move(rows)}});
}

Result<Boundaries> Boundaries::decode(std::string_view bytes) {
  auto rows = json::read_rows<Boundary>(bytes, "boundaries", bad_package, [](json::Fields& row) {
    Boundary boundary{.area = {row.text("area"), row.text("edition")},
                      .name = row.text("name"),
                      .sample = row.flag_or("sample", false),
                      .note = row.text_or("note", ""),
                      .note_en = row.text_or("note_en", ""),
                      .polygons = {}};
    if (!read_polygons(row.any("polygons"), boundary.polygons))
      row.refuse("polygons", "lists of closed rings of [lon, lat] are wanted");
    return boundary;
  });
  if (!rows) return std::unexpected(rows.error());
  return make(std::move(*rows));
}

json::Object boundaries_geojson(const Boundaries& boundaries, std::size_t vertex_budget) {
  json::Array features;
  for (const Boundary& row : boundaries.all()) {
    json::Object properties{{"code", row.area.code},
                            {"edition", row.area.edition},
                            {"name", row.name},
                            {"level", name_of(*level_of(row.area.code))},
                            {"sample", row.sample}};
    if (!row.note.empty()) properties["note"] = row.note;
    if (!row.note_en.empty()) properties["note_en"] = row.note_en;
    json::Object geometry{{"type", "MultiPolygon"},
                          {"coordinates", array_of(simplified(row, vertex_budget).polygons)}};
    features.push_back(json::Object{{"type", "Feature"},
                                    {"properties", std::move(properties)},
                                    {"geometry", std::move(geometry)}});
  }
  return {{"type", "FeatureCollection"}, {"features", std::move(features)}};
}

}  // namespace tocsin::place
