#pragma once
// Places. WGS 84, always [lon, lat] in degrees inside the program; the CRS of what comes from
// outside is always stated, and GCJ-02 is converted explicitly, never guessed.

#include <optional>
#include <string_view>

#include "base/result.h"

namespace tocsin {

/// 位置. WGS 84 degrees.
struct LonLat {
  double lon = 0, lat = 0;
  bool operator==(const LonLat&) const = default;
};

/// 坐标系. CGCS2000 and WGS 84 differ by centimetres and are taken as equal here.
enum class Crs { wgs84, cgcs2000, gcj02 };

/// "WGS84", "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "CGCS2000", "EPSG:4490", "GCJ-02" …,
/// any case. Error "geo.crs_unknown"; an empty text is "geo.crs_missing".
Result<Crs> parse_crs(std::string_view text);

/// WGS 84 to GCJ-02 and back; points outside China are unchanged. The inverse is iterated until the
/// round trip is below 1e-9 degrees (0.1 mm).
LonLat gcj02_from_wgs84(LonLat p);
LonLat wgs84_from_gcj02(LonLat p);

/// A point of any CRS as WGS 84. Error "geo.out_of_range" (field "lon" or "lat").
Result<LonLat> to_wgs84(LonLat p, Crs crs);

/// The point to seven decimals (1 cm), the grid on which registers keep positions, so that a
/// package read and written again is the same to the last byte.
LonLat on_grid(LonLat p);

/// Great-circle distance on the mean sphere, metres (error below 0.6 %).
double distance_m(LonLat a, LonLat b);

}  // namespace tocsin
