#pragma once
// 站点看板. What each station last said and whether it is over, silent or in order. Lives on the
// watch's thread; rows are rendered for those that changed, a few times a second and some at a
// time: readings and what they warn of wait meanwhile.

#include <boost/json/array.hpp>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "domain/observation/reading.h"
#include "engine/rule/episode.h"
#include "server/board/rows.h"
#include "server/watch/input.h"

namespace tocsin::server {

class StationBoard {
 public:
  using PointIndex = observation::Stations::PointIndex;

  /// Registers or rules changed; values of points that stay are kept.
  void reset(const WatchInput& in);
  void saw(PointIndex point, const observation::Reading& reading);
  void told(const rule::Finding& finding);
  void standing(const std::vector<rule::Episode>& episodes);
  void clock_off(const std::string& station, Duration off);

  /// Rows of stations that changed, at most `most`. Whoever changes while a round is under way
  /// comes with the next one, so that nobody waits for ever behind stations that change all the
  /// time.
  std::vector<BoardRow> changed(std::size_t most);
  /// Whether changed() left some of its round.
  bool round_open() const { return !round_.empty(); }
  std::vector<BoardRow> all() const;
  /// The same, after which nothing counts as changed.
  std::vector<BoardRow> whole();

 private:
  struct Value {
    double value = observation::no_value;
    Instant at, arrived;
    observation::Flag flag = observation::Flag::none;
    bool known = false;
  };
  /// What a point said last by time, and what last arrived with a time ahead of its arrival: a
  /// clock that runs ahead must not keep a value of tomorrow in front of what comes after it.
  struct Standing {
    Value now, ahead;
    const Value& shown() const;
  };
  BoardRow row(std::size_t station) const;
  boost::json::object point_json(PointIndex point) const;

  std::shared_ptr<const observation::Stations> stations_;
  std::shared_ptr<const rulebook::Rulebook> book_;
  std::vector<std::string> areas_;  // of stations, by index
  std::map<std::string, std::string> area_names_;
  std::vector<Standing> values_;                                      // by point
  std::vector<std::deque<double>> spark_;                             // by station
  std::map<std::string, std::map<std::string, rule::Episode>> open_;  // station -> id -> episode
  std::map<std::string, Duration> clock_off_;
  std::map<std::string, boost::json::array> limits_;  // by point: made of the rules once
  std::set<std::size_t> changed_, round_;             // not yet rendered; of the round under way
};

}  // namespace tocsin::server
