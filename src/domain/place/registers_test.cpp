#include <gtest/gtest.h>

#include "domain/place/map_layer.h"
#include "domain/place/risk_point.h"
#include "domain/place/township_place.h"

namespace tocsin::place {
namespace {

RiskPoint gully() {
  return {.id = "FXD-209-01",
          .name = "西溪山洪沟",
          .kind = "flash_flood",
          .area = {"331126209200", "2022"},
          .position = {119.3981, 27.5804},
          .people = 96,
          .responsible = {"RESP-1", "RESP-2"},
          .sample = true};
}

std::string problem_with(const RiskPoint& row) {
  const auto problems = RiskPoints::check({row});
  return problems.empty() ? "none" : problems[0].column + " " + problems[0].code;
}

TEST(RiskPoints, a_package_reads_back_whole) {
  RiskPoint other = gully();
  other.id = "FXD-001";
  const auto made = RiskPoints::make({gully(), other});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->all()[0].id, "FXD-001");
  const auto again = RiskPoints::decode(made->encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->all(), made->all());
  EXPECT_EQ(again->find("FXD-209-01")->responsible.size(), 2U);
  EXPECT_EQ(again->of_post("RESP-2").size(), 2U);
  EXPECT_TRUE(again->of_post("RESP-3").empty());
}

TEST(RiskPoints, each_bad_field_is_named) {
  const auto with = [](auto change) {
    RiskPoint row = gully();
    change(row);
    return problem_with(row);
  };
  EXPECT_EQ(problem_with(gully()), "none");
  EXPECT_EQ(with([](RiskPoint& r) { r.id = "a b"; }), "riskpoint riskpoint.bad_id");
  EXPECT_EQ(with([](RiskPoint& r) { r.name = ""; }), "name riskpoint.no_name");
  EXPECT_EQ(with([](RiskPoint& r) { r.kind = "volcano"; }), "kind riskpoint.bad_kind");
  EXPECT_EQ(with([](RiskPoint& r) {
              r.area.code =
                  "33"
                  "1";
            }),
            "area riskpoint.bad_area");
  EXPECT_EQ(with([](RiskPoint& r) { r.area.edition = ""; }), "edition riskpoint.bad_area");
  EXPECT_EQ(with([](RiskPoint& r) { r.position.lon = 181; }), "lon riskpoint.out_of_range");
  EXPECT_EQ(with([](RiskPoint& r) { r.people = -1; }), "people riskpoint.bad_people");
  EXPECT_EQ(with([](RiskPoint& r) { r.responsible = {""}; }), "responsible riskpoint.bad_post");
  EXPECT_EQ(with([](RiskPoint& r) { r.responsible = {"A", "A"}; }),
            "responsible riskpoint.post_twice");
  EXPECT_EQ(RiskPoints::check({gully(), gully()})[0].code, "riskpoint.duplicate");
}

TEST(Places, a_division_without_a_row_is_not_placed) {
  const auto made = Places::make({{{"331126001", "2022"}, {119.062, 27.622}, true}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->find({"331126001", "2022"})->position.lat, 27.622);
  EXPECT_EQ(made->find({"331126001", "2025"}), nullptr);
  EXPECT_EQ(Places::decode(made->encode())->all(), made->all());
  EXPECT_EQ(Places::check({made->all()[0], made->all()[0]})[0].code, "place.duplicate");
  EXPECT_EQ(Places::check({{{"331126001", "2022"}, {119, 99}, false}})[0].column, "lat");
}

TEST(Streams, a_package_reads_back_and_is_drawn_by_order) {
  const Streams streams{
      .source = "SRTM3",
      .lines = {{1, {{119.1, 27.1}, {119.2, 27.2}}}, {3, {{119.3, 27.1}, {119.2, 27.2}}}}};
  const auto again = Streams::decode(streams.encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, streams);
  const json::Object map = streams_geojson(streams);
  EXPECT_EQ(map.at("features").at(1).at("properties").at("order").as_int64(), 3);
  const auto stub = Streams::decode(R"({"streams":[{"order":1,"line":[[1,2]]}]})");
  EXPECT_EQ(stub.error().field, "streams[0].line");
}

TEST(Relief, a_package_reads_back_and_is_what_the_map_gets) {
  const Relief relief{.bounds = {{118.75, 27.36}, {119.58, 27.92}},
                      .width = 1280,
                      .height = 975,
                      .source = "SRTM3",
                      .note_zh = "样例",
                      .note_en = "sample"};
  EXPECT_EQ(Relief::decode(relief.encode()), relief);
  const json::Object out = relief_json(relief);
  EXPECT_EQ(out.at("bounds").at(0).as_double(), 118.75);
  EXPECT_EQ(out.at("bounds").at(3).as_double(), 27.92);
  EXPECT_EQ(out.at("note").at("en").as_string(), "sample");
}

TEST(Relief, bounds_that_are_no_box_are_refused) {
  for (const char* bounds : {"[118,27,119]", "[119,27,118,28]", "[118,27,119,91]", "\"x\"", "null",
                             "[118,27,119,\"28\"]"}) {
    const auto relief =
        Relief::decode(R"({"width":1,"height":1,"bounds":)" + std::string(bounds) + "}");
    ASSERT_FALSE(relief) << bounds;
    EXPECT_EQ(relief.error().field, "bounds") << bounds;
  }
}

}  // namespace
}  // namespace tocsin::place
