#include "domain/observation/station.h"

#include <algorithm>
#include <utility>

namespace tocsin::observation {
namespace {

template <class Row>
std::optional<std::uint32_t> index_in(const std::vector<Row>& rows, std::string_view id) {
  const auto found = std::ranges::lower_bound(rows, id, {}, &Row::id);
  if (found == rows.end() || found->id != id) return std::nullopt;
  return static_cast<std::uint32_t>(found - rows.begin());
}

using View2 = std::pair<std::string_view, std::string_view>;

}  // namespace

Result<Stations> Stations::make(std::vector<Station> stations, std::vector<Point> points) {
  if (const auto problems = check(stations); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  if (const auto problems = check(points); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  Stations made;
  made.stations_ = std::move(stations);
  std::ranges::sort(made.stations_, {}, &Station::id);
  std::ranges::sort(points, {}, &Point::id);
  made.by_code_.resize(made.stations_.size());
  for (Point& point : points) {
    const auto station = made.station(point.station);
    if (!station) {
      made.orphans_.push_back(point.id);
      continue;
    }
    made.by_code_[*station].push_back(static_cast<PointIndex>(made.points_.size()));
    made.station_of_.push_back(*station);
    made.points_.push_back(std::move(point));
  }
  for (auto& of_station : made.by_code_)
    std::ranges::sort(of_station, {}, [&](PointIndex i) {
      return View2{made.points_[i].code, made.points_[i].stat};
    });
  for (StationIndex i = 0; i < made.stations_.size(); ++i)
    if (!made.stations_[i].mn.empty()) made.by_mn_.push_back(i);
  std::ranges::sort(made.by_mn_, {}, [&](StationIndex i) {
    return View2{made.stations_[i].mn, made.stations_[i].st};
  });
  return made;
}

std::optional<Stations::StationIndex> Stations::station(std::string_view id) const {
  return index_in(stations_, id);
}

std::optional<Stations::PointIndex> Stations::point(std::string_view id) const {
  return index_in(points_, id);
}

const Station* Stations::find_station(std::string_view id) const {
  const auto index = station(id);
  return index ? &stations_[*index] : nullptr;
}

const Point* Stations::find_point(std::string_view id) const {
  const auto index = point(id);
  return index ? &points_[*index] : nullptr;
}

std::optional<Stations::StationIndex> Stations::by_mn(std::string_view mn,
                                                      std::string_view st) const {
  const auto key = [&](StationIndex i) { return View2{stations_[i].mn, stations_[i].st}; };
  for (const std::string_view wanted : {st, std::string_view()}) {
    const auto found = std::ranges::lower_bound(by_mn_, View2{mn, wanted}, {}, key);
    if (found != by_mn_.end() && key(*found) == View2{mn, wanted}) return *found;
  }
  return std::nullopt;
}

std::optional<Stations::PointIndex> Stations::point_of(StationIndex station, std::string_view code,
                                                       std::string_view stat) const {
  if (station >= by_code_.size()) return std::nullopt;
  const auto key = [&](PointIndex i) { return View2{points_[i].code, points_[i].stat}; };
  const auto& own = by_code_[station];
  const auto found = std::ranges::lower_bound(own, View2{code, stat}, {}, key);
  if (found == own.end() || key(*found) != View2{code, stat}) return std::nullopt;
  return *found;
}

std::span<const Stations::PointIndex> Stations::points_of(StationIndex station) const {
  if (station >= by_code_.size()) return {};
  return by_code_[station];
}

}  // namespace tocsin::observation
