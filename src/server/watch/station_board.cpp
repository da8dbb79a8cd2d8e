#include "server/watch/station_board.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>

namespace tocsin::server {
namespace {

namespace bj = boost::json;

constexpr std::size_t spark_max = 40;
constexpr Duration ahead_tolerance = std::chrono::minutes(5);  // clocks are no better

bj::value number(double value) { return std::isnan(value) ? bj::value(nullptr) : bj::value(value); }

bj::value flag_json(observation::Flag flag) {
  if (flag == observation::Flag::none) return nullptr;
  return bj::value(std::string(1, static_cast<char>(flag)));
}

/// The limits rules set on each point, gravest first.
std::map<std::string, bj::array> limits_of(const rulebook::Rulebook& book) {
  std::map<std::string, std::vector<bj::object>> found;
  const auto add = [&](const rulebook::Rule& rule, rulebook::Side side, double limit) {
    bj::object o{{"level", static_cast<int>(rule.level)},
                 {"above", nullptr},
                 {"below", nullptr},
                 {"rule", rule.id},
                 {"rule_name", text_json(rule.name.zh, rule.name.en)}};
    o[side == rulebook::Side::above ? "above" : "below"] = limit;
    for (const std::string& point : rule.points) found[point].push_back(o);
  };
  for (const rulebook::Rule& rule : book.rules) {
    if (const auto* limit = std::get_if<rulebook::Limit>(&rule.condition))
      add(rule, limit->side, limit->limit);
    if (const auto* n_of_m = std::get_if<rulebook::NOfM>(&rule.condition))
      add(rule, n_of_m->side, n_of_m->limit);
  }
  std::map<std::string, bj::array> out;
  for (auto& [point, limits] : found) {
    std::ranges::sort(limits, {}, [](const bj::object& o) { return o.at("level").as_int64(); });
    out[point] =
        bj::array(std::make_move_iterator(limits.begin()), std::make_move_iterator(limits.end()));
  }
  return out;
}

int level_of(const rulebook::Rulebook& book, const rule::Episode& episode) {
  const rulebook::Rule* rule = rulebook::find(book, episode.rule);
  return rule == nullptr ? 4 : static_cast<int>(rule->level);
}

}  // namespace

const StationBoard::Value& StationBoard::Standing::shown() const {
  const bool only_ahead = !now.known || ahead.arrived > now.arrived;
  return ahead.known && only_ahead ? ahead : now;
}

void StationBoard::reset(const WatchInput& in) {
  std::map<std::string, Standing> kept;
  if (stations_)
    for (std::size_t i = 0; i < values_.size(); ++i) kept[stations_->points()[i].id] = values_[i];
  stations_ = in.stations;
  book_ = in.book;
  limits_ = limits_of(*book_);
  areas_ = in.areas;
  area_names_ = in.area_names;
  values_.assign(stations_->points().size(), {});
  spark_.assign(stations_->stations().size(), {});
  for (std::size_t i = 0; i < values_.size(); ++i)
    if (const auto at = kept.find(stations_->points()[i].id); at != kept.end())
      values_[i] = at->second;
}

void StationBoard::saw(PointIndex point, const observation::Reading& reading) {
  const auto station = stations_->station_of(point);
  const auto points = stations_->points_of(station);
  if (!points.empty() && points.front() == point) {
    std::deque<double>& spark = spark_[station];
    spark.push_back(reading.value);
    if (spark.size() > spark_max) spark.pop_front();
  }
  const bool is_ahead = reading.time > reading.arrival + ahead_tolerance;
  Value& value = is_ahead ? values_[point].ahead : values_[point].now;
  // A late one does not change what stands.
  if (value.known && is_ahead && reading.arrival < value.arrived) return;
  if (value.known && !is_ahead && reading.time < value.at) return;
  value = {reading.value, reading.time, reading.arrival, reading.flag, true};
  changed_.insert(station);
}

void StationBoard::standing(const std::vector<rule::Episode>& episodes) {
  open_.clear();
  for (const rule::Episode& episode : episodes) open_[episode.station][episode.id] = episode;
  for (std::size_t i = 0; stations_ && i < stations_->stations().size(); ++i) changed_.insert(i);
}

void StationBoard::told(const rule::Finding& finding) {
  auto& open = open_[finding.episode.station];
  if (finding.episode.state == rule::State::open) {
    open[finding.episode.id] = finding.episode;
  } else {
    open.erase(finding.episode.id);
  }
  if (const auto station = stations_->station(finding.episode.station)) changed_.insert(*station);
}

void StationBoard::clock_off(const std::string& station, Duration off) {
  clock_off_[station] = off;
}

bj::object StationBoard::point_json(PointIndex index) const {
  const observation::Point& point = stations_->points()[index];
  const Value& value = values_[index].shown();
  bj::object o{{"id", point.id},     {"code", point.code}, {"stat", point.stat},
               {"name", point.name}, {"unit", point.unit}, {"decimals", point.decimals},
               {"value", nullptr},   {"at", nullptr},      {"arrived", nullptr},
               {"flag", nullptr},    {"over", nullptr}};
  const auto limits = limits_.find(point.id);
  o["limits"] = limits == limits_.end() ? bj::array() : limits->second;
  if (value.known) {
    o["value"] = number(value.value);
    o["at"] = iso_utc(value.at);
    o["arrived"] = iso_utc(value.arrived);
    o["flag"] = flag_json(value.flag);
  }
  const auto open = open_.find(point.station);
  if (open == open_.end()) return o;
  for (const auto& [id, episode] : open->second) {
    if (episode.point != point.id || episode.silence != rule::Silence::none) continue;
    const int level = level_of(*book_, episode);
    if (o["over"].is_null() || o["over"].at("level").as_int64() > level)
      o["over"] =
          bj::object{{"level", level}, {"rule", episode.rule}, {"since", iso_utc(episode.instant)}};
  }
  return o;
}

BoardRow StationBoard::row(std::size_t index) const {
  const observation::Station& station = stations_->stations()[index];
  bj::array points, spark, places;
  Instant last{};
  bool known = false, fault = false;
  for (const PointIndex point : stations_->points_of(static_cast<std::uint32_t>(index))) {
    points.push_back(point_json(point));
    const Value& value = values_[point].shown();
    if (!value.known) continue;
    known = true;
    last = std::max(last, value.arrived);
    fault = fault || value.flag == observation::Flag::fault ||
            value.flag == observation::Flag::no_communication;
  }
  for (const double value : spark_[index]) spark.push_back(number(value));
  for (const std::string& place : station.riskpoints) places.emplace_back(place);
  int level = 0;
  bj::value silent = nullptr;
  if (const auto open = open_.find(station.id); open != open_.end())
    for (const auto& [id, episode] : open->second) {
      if (episode.silence != rule::Silence::none) {
        silent = iso_utc(episode.onset);
        continue;
      }
      const int of = level_of(*book_, episode);
      level = level == 0 ? of : std::min(level, of);
    }
  const std::string_view state = !silent.is_null() ? "silent"
                                 : level > 0       ? "over"
                                 : !known          ? "never"
                                 : fault           ? "fault"
                                                   : "normal";
  const auto off = clock_off_.find(station.id);
  const std::string& code = areas_.at(index);
  const auto area = area_names_.find(code);
  BoardRow out{station.id, {}, {code}};
  out.body = {{"id", station.id},
              {"name", station.name},
              {"kind", station.kind},
              {"area", {{"code", code}, {"name", area == area_names_.end() ? code : area->second}}},
              {"lon", station.position.lon},
              {"lat", station.position.lat},
              {"interval_s", station.interval_s},
              {"sample", station.sample},
              {"protocol", station.protocol},
              {"state", state},
              {"level", level > 0 ? bj::value(level) : bj::value(nullptr)},
              {"silent_since", std::move(silent)},
              {"last_arrival", known ? bj::value(iso_utc(last)) : bj::value(nullptr)},
              {"points", std::move(points)},
              {"spark", std::move(spark)},
              {"riskpoints", std::move(places)},
              {"clock_off_s", off == clock_off_.end()
                                  ? bj::value(nullptr)
                                  : bj::value(static_cast<double>(off->second.count()) / 1000.0)}};
  return out;
}

std::vector<BoardRow> StationBoard::changed(std::size_t most) {
  if (round_.empty()) round_.swap(changed_);
  std::vector<BoardRow> out;
  while (!round_.empty() && out.size() < most) {
    const std::size_t station = round_.extract(round_.begin()).value();
    if (station < stations_->stations().size()) out.push_back(row(station));
  }
  return out;
}

std::vector<BoardRow> StationBoard::whole() {
  round_.clear();
  changed_.clear();
  return all();
}

std::vector<BoardRow> StationBoard::all() const {
  std::vector<BoardRow> out;
  for (std::size_t i = 0; stations_ && i < stations_->stations().size(); ++i) out.push_back(row(i));
  return out;
}

}  // namespace tocsin::server
