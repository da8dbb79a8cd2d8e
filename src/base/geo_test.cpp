#include "base/geo.h"

#include <gtest/gtest.h>

namespace tocsin {

TEST(geo, gcj02_vectors_of_the_domain_rules) {
  const struct {
    LonLat wgs, gcj;
  } cases[] = {{{119.0620, 27.6190}, {119.067053335, 27.615948118}},
               {{116.397499, 39.908722}, {116.403742575, 39.910125500}},
               {{119.25, 27.5}, {119.254871354, 27.496792694}}};
  for (const auto& c : cases) {
    const LonLat there = gcj02_from_wgs84(c.wgs), back = wgs84_from_gcj02(c.gcj);
    EXPECT_NEAR(there.lon, c.gcj.lon, 1e-8);
    EXPECT_NEAR(there.lat, c.gcj.lat, 1e-8);
    EXPECT_LT(distance_m(back, c.wgs), 0.01);
  }
  EXPECT_EQ(gcj02_from_wgs84({2.35, 48.85}), (LonLat{2.35, 48.85}));
}

TEST(geo, crs_is_stated_or_refused) {
  EXPECT_EQ(parse_crs("EPSG:4490"), Crs::cgcs2000);
  EXPECT_EQ(parse_crs("urn:ogc:def:crs:OGC:1.3:CRS84"), Crs::wgs84);
  EXPECT_EQ(parse_crs("gcj-02"), Crs::gcj02);
  EXPECT_EQ(parse_crs("").error().code, "geo.crs_missing");
  EXPECT_EQ(parse_crs("BD-09").error().code, "geo.crs_unknown");
}

TEST(geo, the_grid_is_a_centimetre_and_stays_put) {
  const LonLat rough{119.06200003, 27.61900000000001};
  EXPECT_EQ(on_grid(rough), (LonLat{119.062, 27.619}));
  EXPECT_EQ(on_grid(on_grid(rough)), on_grid(rough));
  EXPECT_LT(distance_m(rough, on_grid(rough)), 0.01);
}

}  // namespace tocsin
