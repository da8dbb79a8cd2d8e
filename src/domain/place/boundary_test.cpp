#include "domain/place/boundary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tocsin::place {
namespace {

Ring square(double west, double south, double size) {
  return {{west, south},
          {west + size, south},
          {west + size, south + size},
          {west, south + size},
          {west, south}};
}

/// A county of one degree with a lake, and an island of its own to the east.
Boundary county() {
  return {.area = {"331126", "2022"},
          .name = "庆元县",
          .sample = true,
          .note = "drawn by hand",
          .note_en = "",
          .polygons = {{square(119, 27, 1), square(119.4, 27.4, 0.2)}, {square(120.5, 27, 0.1)}}};
}

Ring circle(std::size_t vertices) {
  Ring ring;
  for (std::size_t i = 0; i < vertices; ++i) {
    const double angle = 6.283185307179586 * static_cast<double>(i) / static_cast<double>(vertices);
    ring.push_back({119 + 0.5 * std::cos(angle), 27.5 + 0.5 * std::sin(angle)});
  }
  ring.push_back(ring.front());
  return ring;
}

TEST(Boundary, a_point_is_inside_but_not_in_a_hole) {
  EXPECT_TRUE(contains(county(), {119.1, 27.1}));
  EXPECT_TRUE(contains(county(), {120.55, 27.05}));
  EXPECT_FALSE(contains(county(), {119.5, 27.5})) << "the lake";
  EXPECT_FALSE(contains(county(), {120.2, 27.05}));
  EXPECT_FALSE(contains(county(), {119.1, 26.9}));
}

TEST(Boundary, the_box_holds_all_parts) {
  EXPECT_EQ(box_of(county()), (Box{{119, 27}, {120.6, 28}}));
  EXPECT_FALSE(box_of(Boundary{}));
}

TEST(Boundary, area_leaves_holes_out) {
  Boundary solid = county();
  solid.polygons = {{square(119, 27, 1)}};
  // A cell of one degree on the sphere: R² · Δλ · (sin 28° − sin 27°).
  EXPECT_NEAR(area_km2(solid), 10967.2, 0.5);
  Boundary holed = solid;
  holed.polygons[0].push_back(square(119.4, 27.4, 0.2));
  EXPECT_NEAR(area_km2(solid) - area_km2(holed), 438.7, 0.5);
}

TEST(Boundary, simplifying_meets_the_budget_and_keeps_the_shape) {
  Boundary round = county();
  round.polygons = {{circle(2000)}};
  const Boundary coarse = simplified(round, 100);
  EXPECT_EQ(vertex_count(coarse), 100U);
  EXPECT_NEAR(area_km2(coarse) / area_km2(round), 1, 0.005);
  EXPECT_EQ(coarse.polygons[0][0].front(), coarse.polygons[0][0].back());
}

TEST(Boundary, simplifying_never_loses_a_ring) {
  const Boundary coarse = simplified(county(), 1);
  ASSERT_EQ(coarse.polygons.size(), 2U);
  ASSERT_EQ(coarse.polygons[0].size(), 2U);
  for (const Polygon& polygon : coarse.polygons)
    for (const Ring& ring : polygon) EXPECT_EQ(ring.size(), 4U);
}

TEST(Boundary, what_is_within_the_budget_stays_as_it_is) {
  EXPECT_EQ(simplified(county(), 15), county());
}

TEST(Boundaries, the_smallest_division_at_a_point_is_told) {
  Boundary township{.area = {"331126001", "2022"},
                    .name = "松源街道",
                    .sample = false,
                    .note = "",
                    .note_en = "",
                    .polygons = {{square(119, 27, 0.2)}}};
  const auto boundaries = Boundaries::make({county(), township});
  ASSERT_TRUE(boundaries);
  EXPECT_EQ(boundaries->at({119.1, 27.1})->name, "松源街道");
  EXPECT_EQ(boundaries->at({119.9, 27.9})->name, "庆元县");
  EXPECT_EQ(boundaries->at({118, 27}), nullptr);
  EXPECT_NE(boundaries->find({"331126001", "2022"}), nullptr);
  EXPECT_EQ(boundaries->find({"331126001", "2025"}), nullptr);
}

TEST(Boundaries, what_is_no_outline_is_refused) {
  const auto code_of = [](auto change) {
    Boundary bad = county();
    change(bad);
    const auto made = Boundaries::make({bad});
    return made ? std::string("none") : made.error().code;
  };
  EXPECT_EQ(code_of([](Boundary& b) { b.polygons[0][0].pop_back(); }), "boundary.ring_open");
  EXPECT_EQ(code_of([](Boundary& b) { b.polygons[0][0].resize(3); }), "boundary.ring_short");
  EXPECT_EQ(code_of([](Boundary& b) { b.polygons.clear(); }), "boundary.no_polygon");
  EXPECT_EQ(code_of([](Boundary& b) { b.area.code = "x"; }), "boundary.bad_area");
  EXPECT_EQ(code_of([](Boundary& b) { b.polygons[0][0][1].lat = 91; }), "boundary.out_of_range");
  EXPECT_EQ(code_of([](Boundary& b) { b.polygons[0][0][1].lat = NAN; }), "boundary.out_of_range");
  EXPECT_EQ(Boundaries::make({county(), county()}).error().code, "boundary.duplicate");
}

TEST(Boundaries, a_package_reads_back_to_the_last_bit) {
  SeededDice dice(11);
  Boundary rough = county();
  for (LonLat& p : rough.polygons[0][0]) {
    p.lon += static_cast<double>(dice.next() % 1000000) / 3e7;
    p.lat += static_cast<double>(dice.next() % 1000000) / 3e7;
  }
  rough.polygons[0][0].back() = rough.polygons[0][0].front();
  const auto made = Boundaries::make({rough});
  ASSERT_TRUE(made);
  const auto again = Boundaries::decode(made->encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->all(), made->all());
  EXPECT_EQ(again->encode(), made->encode());
}

TEST(Boundaries, the_map_gets_features_with_their_marks) {
  const auto made = Boundaries::make({county()});
  const json::Object map = boundaries_geojson(*made, 1000);
  const json::Value& feature = map.at("features").at(0);
  EXPECT_EQ(feature.at("properties").at("level").as_string(), "county");
  EXPECT_TRUE(feature.at("properties").at("sample").as_bool());
  EXPECT_EQ(feature.at("properties").at("note").as_string(), "drawn by hand");
  EXPECT_EQ(feature.at("geometry").at("coordinates").as_array().size(), 2U);
}

}  // namespace
}  // namespace tocsin::place
