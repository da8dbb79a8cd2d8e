#include "base/geo.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numbers>
#include <string>

namespace tocsin {
namespace {

constexpr double pi = std::numbers::pi;

bool outside_china(LonLat p) {
  return p.lon < 72.004 || p.lon > 137.8347 || p.lat < 0.8293 || p.lat > 55.8271;
}

double shift_lat(double x, double y) {
  double d = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x));
  d += (20 * std::sin(6 * x * pi) + 20 * std::sin(2 * x * pi)) * 2 / 3;
  d += (20 * std::sin(y * pi) + 40 * std::sin(y / 3 * pi)) * 2 / 3;
  d += (160 * std::sin(y / 12 * pi) + 320 * std::sin(y * pi / 30)) * 2 / 3;
  return d;
}

double shift_lon(double x, double y) {
  double d = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x));
  d += (20 * std::sin(6 * x * pi) + 20 * std::sin(2 * x * pi)) * 2 / 3;
  d += (20 * std::sin(x * pi) + 40 * std::sin(x / 3 * pi)) * 2 / 3;
  d += (150 * std::sin(x / 12 * pi) + 300 * std::sin(x / 30 * pi)) * 2 / 3;
  return d;
}

}  // namespace

Result<Crs> parse_crs(std::string_view text) {
  std::string key;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      key += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (key.empty()) return fail("geo.crs_missing", "crs");
  constexpr std::array<std::string_view, 5> wgs{"WGS84", "EPSG4326", "CRS84", "OGCCRS84",
                                                "URNOGCDEFCRSOGC13CRS84"};
  constexpr std::array<std::string_view, 3> cgcs{"CGCS2000", "EPSG4490", "URNOGCDEFCRSEPSG4490"};
  if (std::ranges::find(wgs, key) != wgs.end() || key == "URNOGCDEFCRSEPSG4326") return Crs::wgs84;
  if (std::ranges::find(cgcs, key) != cgcs.end()) return Crs::cgcs2000;
  if (key == "GCJ02" || key == "GCJ2") return Crs::gcj02;
  return fail("geo.crs_unknown", "crs", std::string(text.substr(0, 60)));
}

LonLat gcj02_from_wgs84(LonLat p) {
  if (outside_china(p)) return p;
  constexpr double a = 6378245.0, ee = 0.00669342162296594323;  // Krasovsky 1940
  const double rad = p.lat / 180 * pi, s = std::sin(rad), magic = 1 - ee * s * s;
  const double root = std::sqrt(magic);
  const double dlat =
      shift_lat(p.lon - 105, p.lat - 35) * 180 / ((a * (1 - ee)) / (magic * root) * pi);
  const double dlon = shift_lon(p.lon - 105, p.lat - 35) * 180 / (a / root * std::cos(rad) * pi);
  return {p.lon + dlon, p.lat + dlat};
}

LonLat wgs84_from_gcj02(LonLat p) {
  if (outside_china(p)) return p;
  LonLat guess = p;
  for (int i = 0; i < 30; ++i) {
    const LonLat there = gcj02_from_wgs84(guess);
    const double dlon = there.lon - p.lon, dlat = there.lat - p.lat;
    guess = {guess.lon - dlon, guess.lat - dlat};
    if (std::abs(dlon) < 1e-10 && std::abs(dlat) < 1e-10) break;
  }
  return guess;
}

Result<LonLat> to_wgs84(LonLat p, Crs crs) {
  if (!(p.lon >= -180 && p.lon <= 180)) return fail("geo.out_of_range", "lon");
  if (!(p.lat >= -90 && p.lat <= 90)) return fail("geo.out_of_range", "lat");
  return crs == Crs::gcj02 ? wgs84_from_gcj02(p) : p;
}

LonLat on_grid(LonLat p) {
  constexpr double steps = 1e7;
  return {std::round(p.lon * steps) / steps, std::round(p.lat * steps) / steps};
}

double distance_m(LonLat a, LonLat b) {
  constexpr double radius = 6371008.8;
  const double la = a.lat / 180 * pi, lb = b.lat / 180 * pi;
  const double s1 = std::sin((lb - la) / 2), s2 = std::sin((b.lon - a.lon) / 360 * pi);
  return 2 * radius *
         std::asin(std::min(1.0, std::sqrt(s1 * s1 + std::cos(la) * std::cos(lb) * s2 * s2)));
}

}  // namespace tocsin
