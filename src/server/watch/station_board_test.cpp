#include "server/watch/station_board.h"

#include <gtest/gtest.h>

namespace tocsin::server {
namespace {

using observation::Reading;

/// Five stations with a point each, and a limit on the second.
WatchInput five_stations() {
  std::vector<observation::Station> stations;
  std::vector<observation::Point> points;
  for (int i = 0; i < 5; ++i) {
    observation::Station station;
    station.id = "s" + std::to_string(i);
    station.name = "测站";
    station.kind = "river_stage";
    station.area = {"331126001", "2022"};
    station.position = {119.06, 27.62};
    station.protocol = "push";
    station.interval_s = 60;
    stations.push_back(station);
    points.push_back({station.id + ".stage", station.id, "stage", "Rtd", "水位", "m", 2});
  }
  WatchInput in;
  in.areas.assign(stations.size(), "331126001");
  auto made = observation::Stations::make(std::move(stations), std::move(points));
  in.stations = std::make_shared<const observation::Stations>(std::move(made.value()));
  auto book = std::make_shared<rulebook::Rulebook>();
  for (const auto& [id, level, above] :
       {std::tuple("low", Level::yellow, 2.5), std::tuple("high", Level::red, 3.5)}) {
    rulebook::Rule rule;
    rule.id = id;
    rule.points = {"s1.stage"};
    rule.level = level;
    rule.condition = rulebook::Limit{.side = rulebook::Side::above, .limit = above};
    book->rules.push_back(rule);
  }
  in.book = std::move(book);
  return in;
}

Reading reading(double value, int second) {
  const Instant at = instant_ms(1'795'000'000'000 + second * 1'000);
  return {at, at, value, {}, observation::Flag::none};
}

std::vector<std::string> ids(const std::vector<BoardRow>& rows) {
  std::vector<std::string> out;
  for (const BoardRow& row : rows) out.push_back(row.id);
  return out;
}

using Ids = std::vector<std::string>;

TEST(StationBoard, RowsComeSomeAtATimeAndNobodyWaitsBehindWhoChangesAllTheTime) {
  StationBoard board;
  board.reset(five_stations());
  for (unsigned i = 0; i < 5; ++i) board.saw(i, reading(1, 0));
  EXPECT_EQ(ids(board.changed(2)), (Ids{"s0", "s1"}));
  board.saw(0, reading(2, 1));  // again, while the others have not been shown yet
  EXPECT_TRUE(board.round_open());
  EXPECT_EQ(ids(board.changed(2)), (Ids{"s2", "s3"}));
  EXPECT_EQ(ids(board.changed(2)), (Ids{"s4"}));
  EXPECT_FALSE(board.round_open());
  const auto next = board.changed(2);
  ASSERT_EQ(ids(next), (Ids{"s0"}));
  EXPECT_EQ(next[0].body.at("points").at(0).at("value"), 2.0);
  EXPECT_TRUE(board.changed(2).empty());
}

TEST(StationBoard, WholeLeavesNothingChanged) {
  StationBoard board;
  board.reset(five_stations());
  for (unsigned i = 0; i < 5; ++i) board.saw(i, reading(1, 0));
  (void)board.changed(1);
  EXPECT_EQ(board.whole().size(), 5u);
  EXPECT_FALSE(board.round_open());
  EXPECT_TRUE(board.changed(9).empty());
}

TEST(StationBoard, APointTellsItsLimitsGravestFirst) {
  StationBoard board;
  board.reset(five_stations());
  const auto rows = board.all();
  const auto& limits = rows.at(1).body.at("points").at(0).at("limits").as_array();
  ASSERT_EQ(limits.size(), 2u);
  EXPECT_EQ(limits[0].at("above"), 3.5);
  EXPECT_EQ(limits[1].at("rule"), "low");
  EXPECT_TRUE(rows.at(0).body.at("points").at(0).at("limits").as_array().empty());
}

}  // namespace
}  // namespace tocsin::server
