#include "domain/observation/station.h"

#include <gtest/gtest.h>

namespace tocsin::observation {
namespace {

Station outfall(std::string id, std::string mn, std::string st) {
  return {.id = std::move(id),
          .name = "竹口排口",
          .kind = "outfall",
          .area = {"331126102205", "2022"},
          .position = {118.9306, 27.7071},
          .protocol = "hj212",
          .mn = std::move(mn),
          .st = std::move(st),
          .interval_s = 5,
          .riskpoints = {"FXD-102-01"},
          .sample = true};
}

Point point(std::string id, std::string station, std::string code, std::string stat) {
  return {std::move(id), std::move(station), std::move(code), std::move(stat), "氨氮", "mg/L", 2};
}

TEST(Stations, a_frame_finds_its_station_by_mn_and_st) {
  const auto made = Stations::make(
      {outfall("c", "MN2", "32"), outfall("a", "MN1", "32"), outfall("b", "MN1", "")}, {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->by_mn("MN1", "32"), made->station("a"));
  EXPECT_EQ(made->by_mn("MN1", "21"), made->station("b")) << "the one that states no ST";
  EXPECT_EQ(made->by_mn("MN2", "32"), made->station("c"));
  EXPECT_FALSE(made->by_mn("MN2", "21"));
  EXPECT_FALSE(made->by_mn("MN3", ""));
  EXPECT_FALSE(made->by_mn("", ""));
}

TEST(Stations, a_value_finds_its_point_by_code_and_statistic) {
  const auto made =
      Stations::make({outfall("a", "MN1", "32"), outfall("b", "MN2", "32")},
                     {point("b.2", "b", "w21003", "Rtd"), point("a.1", "a", "w21003", "Rtd"),
                      point("a.2", "a", "w21003", "Avg"), point("a.0", "a", "w01018", "Rtd"),
                      point("x.1", "gone", "w21003", "Rtd")});
  ASSERT_TRUE(made);
  const auto a = *made->station("a"), b = *made->station("b");
  EXPECT_EQ(made->point_of(a, "w21003", "Avg"), made->point("a.2"));
  EXPECT_EQ(made->point_of(b, "w21003", "Rtd"), made->point("b.2"));
  EXPECT_FALSE(made->point_of(b, "w21003", "Avg"));
  EXPECT_FALSE(made->point_of(99, "w21003", "Avg"));
  EXPECT_EQ(made->points_of(a).size(), 3U);
  EXPECT_TRUE(made->points_of(99).empty());
  EXPECT_EQ(made->station_of(*made->point("b.2")), b);
  EXPECT_EQ(made->orphans(), std::vector<std::string>{"x.1"});
  EXPECT_EQ(made->find_point("x.1"), nullptr);
  EXPECT_EQ(made->find_station("a")->mn, "MN1");
}

TEST(Stations, packages_read_back_whole_and_have_one_form) {
  const std::vector<Station> stations{outfall("a", "MN1", "32"), outfall("b", "MN2", "")};
  const std::vector<Station> turned{stations[1], stations[0]};
  EXPECT_EQ(encode(stations), encode(turned));
  EXPECT_EQ(decode_stations(encode(stations)), stations);
  const std::vector<Point> points{point("a.0", "a", "w01018", "Rtd")};
  EXPECT_EQ(decode_points(encode(points)), points);
  EXPECT_EQ(decode_points(R"({"points":[{"id":"a"}]})").error().field, "points[0].station");
  EXPECT_EQ(decode_points("[]").error().code, "observation.bad_package");
}

TEST(Stations, each_bad_field_is_named) {
  const auto with = [](auto change) {
    Station row = outfall("a", "MN1", "32");
    change(row);
    const auto problems = check(std::vector<Station>{row});
    return problems.empty() ? "none" : problems[0].column + " " + problems[0].code;
  };
  EXPECT_EQ(with([](Station&) {}), "none");
  EXPECT_EQ(with([](Station& s) { s.id = "站"; }), "station station.bad_id");
  EXPECT_EQ(with([](Station& s) { s.name = ""; }), "name station.no_name");
  EXPECT_EQ(with([](Station& s) { s.kind = "moon"; }), "kind station.bad_kind");
  EXPECT_EQ(with([](Station& s) { s.area = {}; }), "area station.bad_area");
  EXPECT_EQ(with([](Station& s) { s.position.lat = -91; }), "lat station.out_of_range");
  EXPECT_EQ(with([](Station& s) { s.protocol = "telegraph"; }), "protocol station.bad_protocol");
  EXPECT_EQ(with([](Station& s) { s.mn = ""; }), "mn station.bad_mn");
  EXPECT_EQ(with([](Station& s) { s.mn = "MN;1"; }), "mn station.bad_mn");
  EXPECT_EQ(with([](Station& s) { s.st = "3 2"; }), "st station.bad_st");
  EXPECT_EQ(with([](Station& s) { s.interval_s = 0; }), "interval_s station.bad_interval");
  EXPECT_EQ(with([](Station& s) { s.riskpoints = {"?"}; }), "riskpoints station.bad_riskpoint");
  Station pushed = outfall("a", "", "");
  pushed.protocol = "push";
  EXPECT_TRUE(check(std::vector<Station>{pushed}).empty()) << "a pushing station needs no MN";
}

TEST(Stations, nothing_is_there_twice) {
  EXPECT_EQ(check(std::vector<Station>{outfall("a", "M", "1"), outfall("a", "N", "1")})[0].code,
            "station.duplicate");
  EXPECT_EQ(check(std::vector<Station>{outfall("a", "M", "1"), outfall("b", "M", "1")})[0].code,
            "station.duplicate_mn");
  EXPECT_EQ(
      check(std::vector<Point>{point("a", "s", "c", "Rtd"), point("a", "s", "d", "Rtd")})[0].code,
      "point.duplicate");
  EXPECT_EQ(
      check(std::vector<Point>{point("a", "s", "c", "Rtd"), point("b", "s", "c", "Rtd")})[0].code,
      "point.duplicate_code");
}

}  // namespace
}  // namespace tocsin::observation
