#pragma once
// 底图. What the offline map is drawn from besides outlines: streams, and a shaded relief picture.
//
// Packages: kind "streams" {"source","streams":[{"order","line":[[lon,lat],…]}]}; kind "relief"
// {"bounds":[w,s,e,n],"width","height","source","note":{"zh","en"}}; kinds "relief.dark" and
// "relief.light" are the PNG files byte for byte.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/geo.h"
#include "base/result.h"
#include "domain/place/boundary.h"
#include "log/json.h"

namespace tocsin::place {

/// 河流. `order`: Strahler stream order, 1 at the headwaters; at least two positions.
struct Stream {
  int order = 1;
  std::vector<LonLat> line;

  bool operator==(const Stream&) const = default;
};

/// 水系. `source` says what the lines were derived from, for the map's credit line.
struct Streams {
  std::string source;
  std::vector<Stream> lines;

  bool operator==(const Streams&) const = default;

  std::string encode() const;
  /// Error "place.bad_package", field the member.
  static Result<Streams> decode(std::string_view bytes);
};

/// A GeoJSON FeatureCollection, properties {order}.
json::Object streams_geojson(const Streams& streams);

/// 地势晕渲. Where the relief picture lies and what it does not know. The picture's rows are evenly
/// spaced in web-Mercator, as a map draws them; transparent pixels have no heights.
struct Relief {
  Box bounds;
  int width = 0, height = 0;  // pixels
  std::string source;
  std::string note_zh, note_en;

  bool operator==(const Relief&) const = default;

  std::string encode() const;
  /// Error "place.bad_package", field the member.
  static Result<Relief> decode(std::string_view bytes);
};

/// What /map/relief.json hands out: {"bounds":[w,s,e,n],"width","height","source","note":{zh,en}}.
json::Object relief_json(const Relief& relief);

}  // namespace tocsin::place
