#pragma once
// 测站与测点. What stands where and what it measures. A frame is matched to a station by its MN
// (and ST), and a value in it to a point by its code and statistic; both look-ups take no
// allocation, for they are done for every value that comes in.
//
// Packages: kind "stations" {"stations":[{"id","name","kind","area","edition","lon","lat",
// "protocol","mn","st","interval_s","riskpoints","sample"}]}, kind "points" {"points":[{"id",
// "station","code","stat","name","unit","decimals"}]}, each sorted by id.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/area.h"
#include "base/geo.h"
#include "base/result.h"
#include "base/row_problem.h"

namespace tocsin::observation {

/// 测站. `protocol` "hj212" (found by `mn`, HJ 212 设备唯一标识) or "push" (readings name the
/// point). `st` 系统编码, empty: any. `interval_s`: how often it reports, in event time; twice as
/// long without a word is silence.
struct Station {
  std::string id;
  std::string name;
  std::string kind;
  AreaId area;
  LonLat position;
  std::string protocol;
  std::string mn;
  std::string st;
  int interval_s = 0;
  std::vector<std::string> riskpoints;
  bool sample = false;

  bool operator==(const Station&) const = default;
};

/// 测点. One quantity at one station. `code` is the protocol's (HJ 212 污染物编码, or the county's
/// own word), `stat` which of its values ("Rtd", "Avg", "Min", "Max", "Cou" …).
struct Point {
  std::string id;
  std::string station;
  std::string code;
  std::string stat;
  std::string name;
  std::string unit;
  int decimals = 0;

  bool operator==(const Point&) const = default;
};

struct KindName {
  std::string_view name, zh, en;
};

/// 测站类别. "other" is for what has no word yet.
inline constexpr std::array<KindName, 7> station_kinds{{
    {"river_stage", "河道水位站", "river stage gauge"},
    {"rain", "雨量站", "rain gauge"},
    {"reservoir", "水库水位站", "reservoir gauge"},
    {"outfall", "排口", "outfall"},
    {"water_section", "水质断面", "water quality section"},
    {"air", "空气站", "air station"},
    {"other", "其他", "other"},
}};
inline constexpr std::array<std::string_view, 2> station_protocols{"hj212", "push"};

/// Problems: "station.bad_id", "station.duplicate", "station.no_name", "station.bad_kind",
/// "station.bad_area", "station.out_of_range", "station.bad_protocol", "station.bad_mn" (hj212
/// needs one: 1-24 letters or digits), "station.duplicate_mn" (same MN and ST), "station.bad_st",
/// "station.bad_interval" (1 s to 31 days), "station.bad_riskpoint".
std::vector<RowProblem> check(const std::vector<Station>& rows);
/// Problems: "point.bad_id", "point.duplicate", "point.bad_station", "point.bad_code",
/// "point.bad_stat", "point.duplicate_code" (same station, code and stat), "point.no_name",
/// "point.bad_unit", "point.bad_decimals" (0-9).
std::vector<RowProblem> check(const std::vector<Point>& rows);

std::string encode(std::span<const Station> rows);
std::string encode(std::span<const Point> rows);
/// Errors "observation.bad_package" (field the member), or the first problem of `check`.
Result<std::vector<Station>> decode_stations(std::string_view bytes);
Result<std::vector<Point>> decode_points(std::string_view bytes);

/// 测站登记. Stations and their points in one look-up. Indexes are dense, 0…n-1 in the order of the
/// ids, and good as long as the register lives; they are written nowhere.
class Stations {
 public:
  using StationIndex = std::uint32_t;
  using PointIndex = std::uint32_t;

  Stations() = default;
  /// Points of a station that is not there are kept out; `orphans` lists them.
  static Result<Stations> make(std::vector<Station> stations, std::vector<Point> points);

  bool empty() const { return stations_.empty(); }
  const std::vector<Station>& stations() const { return stations_; }
  const std::vector<Point>& points() const { return points_; }
  const std::vector<std::string>& orphans() const { return orphans_; }

  std::optional<StationIndex> station(std::string_view id) const;
  std::optional<PointIndex> point(std::string_view id) const;
  const Station* find_station(std::string_view id) const;
  const Point* find_point(std::string_view id) const;

  /// The station of a frame: the one with this MN and ST, else the one with this MN that states no
  /// ST. MN is compared as written.
  std::optional<StationIndex> by_mn(std::string_view mn, std::string_view st) const;
  /// The point of a value.
  std::optional<PointIndex> point_of(StationIndex station, std::string_view code,
                                     std::string_view stat) const;
  /// Points of a station, by code and stat.
  std::span<const PointIndex> points_of(StationIndex station) const;
  StationIndex station_of(PointIndex point) const { return station_of_[point]; }

 private:
  std::vector<Station> stations_;
  std::vector<Point> points_;
  std::vector<StationIndex> station_of_;          // as points_
  std::vector<std::vector<PointIndex>> by_code_;  // as stations_, each by (code, stat)
  std::vector<StationIndex> by_mn_;               // those with an MN, by (mn, st)
  std::vector<std::string> orphans_;
};

}  // namespace tocsin::observation
