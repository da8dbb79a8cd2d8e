#pragma once
// GeoJSON (RFC 7946) with one departure: the coordinate system must be stated, by the file (a "crs"
// member, or a "crs" property every feature has) or by whoever sends it. RFC 7946 would take
// WGS 84 for granted, and most county files in China are GCJ-02 without a word.

#include <string>
#include <string_view>
#include <vector>

#include "adapter/import/import.h"

namespace tocsin::importing {

struct Feature {
  std::size_t index = 0;      ///< in the file, from 0
  json::Object properties{};  ///< empty when there are none
  std::vector<place::Polygon> polygons{};
  std::vector<std::vector<LonLat>> lines{};
};

/// Features with their positions in WGS 84 on the grid registers keep.
struct GeoJson {
  std::vector<Feature> features;
  std::string source;  ///< the file's own member "source", where it has one
};

enum class Geometry { polygons, lines };

/// Reads Polygon and MultiPolygon, or LineString and MultiLineString. What is wrong goes to
/// `result`, the column naming the member: "text.…", "geojson.bad_json", "geojson.bad_type",
/// "geojson.too_many", "geojson.geometry", "geojson.position", "geo.out_of_range",
/// "geo.crs_missing", "geo.crs_unknown", "geo.crs_conflict", "geojson.ring_short",
/// "geojson.ring_open", "geojson.no_area", "geojson.line_short". Notes: "geo.converted",
/// "geojson.ring_turned", "geo.crs_unread" (a feature's crs property in words of its own).
GeoJson read_geojson(const Request& request, Geometry wanted, ImportResult& result);

/// A property as text: a string, or a whole number written out; empty otherwise.
std::string property_text(const Feature& feature, std::string_view name);

}  // namespace tocsin::importing
