#pragma once
// 行政边界. Outlines of divisions, WGS 84. Used to draw the map, to veil what lies outside, and to
// say in which division a position lies.
//
// A package of kind "boundaries" is {"boundaries":[{"area","edition","name","sample","note",
// "note_en","polygons":[[[[lon,lat],…],…],…]}]}, sorted by area, then edition; rings are closed,
// the outer one runs against the clock and holes with it (RFC 7946).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/area.h"
#include "base/geo.h"
#include "base/result.h"
#include "log/json.h"

namespace tocsin::place {

/// First and last position are the same; at least four positions.
using Ring = std::vector<LonLat>;
/// The outer ring, then holes.
using Polygon = std::vector<Ring>;

struct Box {
  LonLat southwest, northeast;

  bool contains(LonLat p) const {
    return p.lon >= southwest.lon && p.lon <= northeast.lon && p.lat >= southwest.lat &&
           p.lat <= northeast.lat;
  }
  bool operator==(const Box&) const = default;
};

/// 边界. `sample`: drawn by hand or otherwise no survey, said so on screen; `note` says what it is,
/// in Chinese and, where the file has it, in English.
struct Boundary {
  AreaId area;
  std::string name;
  bool sample = false;
  std::string note, note_en;
  std::vector<Polygon> polygons;

  bool operator==(const Boundary&) const = default;
};

/// Signed area in square degrees; positive when the ring runs against the clock.
double signed_area(const Ring& ring);
/// Area on the sphere, square kilometres, holes left out.
double area_km2(const Boundary& boundary);
std::size_t vertex_count(const Boundary& boundary);
/// nullopt when there is no vertex.
std::optional<Box> box_of(const Boundary& boundary);
/// Even-odd rule over all rings; a point on an edge may be told either way.
bool contains(const Boundary& boundary, LonLat point);

/// The same outline with at most `budget` vertices where that can be done: the least telling
/// vertices go first (Visvalingam-Whyatt over all rings together), every ring keeps a triangle.
Boundary simplified(const Boundary& boundary, std::size_t budget);

class Boundaries {
 public:
  Boundaries() = default;

  /// Errors: "boundary.bad_area", "boundary.duplicate", "boundary.no_polygon",
  /// "boundary.ring_short", "boundary.ring_open", "boundary.out_of_range".
  static Result<Boundaries> make(std::vector<Boundary> rows);

  bool empty() const { return rows_.empty(); }
  /// Sorted by area.
  const std::vector<Boundary>& all() const { return rows_; }
  /// Of this very edition; nullptr when there is none.
  const Boundary* find(const AreaId& area) const;
  /// The outline with the longest code that holds the point; nullptr when none does.
  const Boundary* at(LonLat point) const;

  std::string encode() const;
  /// Error "place.bad_package", field the member.
  static Result<Boundaries> decode(std::string_view bytes);

 private:
  std::vector<Boundary> rows_;
  std::vector<Box> boxes_;  // as rows_
};

/// What /map/boundaries hands out: a GeoJSON FeatureCollection, each outline simplified to
/// `vertex_budget`, properties {code, edition, name, level, sample, note?, note_en?}.
json::Object boundaries_geojson(const Boundaries& boundaries, std::size_t vertex_budget);

}  // namespace tocsin::place
