#include "base/unit.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(Unit, is_written_as_people_write_it) {
  EXPECT_EQ(unit_text("ug/m3"), "µg/m³");
  EXPECT_EQ(unit_text("m3/s"), "m³/s");
  EXPECT_EQ(unit_text("uS/cm"), "µS/cm");
  EXPECT_EQ(unit_text("m2"), "m²");
  for (const char* same : {"mg/L", "mm", "m", "%", "L/s", "µg/m³", ""})
    EXPECT_EQ(unit_text(same), same);
}

}  // namespace
}  // namespace tocsin
