#include "adapter/hj212/units.h"

#include <gtest/gtest.h>

namespace tocsin::hj212 {
namespace {

TEST(Units, ConvertWithinAFamilyOnly) {
  EXPECT_DOUBLE_EQ(*convert(1013, "hPa", "kPa"), 101.3);
  EXPECT_DOUBLE_EQ(*convert(0.035, "mg/m3", "μg/m³"), 35);
  EXPECT_DOUBLE_EQ(*convert(35, "微克/立方米", "mg/m3"), 0.035);
  EXPECT_FALSE(convert(1, "hPa", "mg/m3"));
  EXPECT_FALSE(convert(1, "hPa", "bar"));
}

TEST(Units, AValueTellsWhichUnitItIsIn) {
  EXPECT_EQ(guess_unit("22", "a01006", 1013, "kPa").other, "hPa");
  EXPECT_EQ(guess_unit("22", "a01006", 101325, "hPa").other, "Pa");
  EXPECT_EQ(guess_unit("22", "a34004", 0.035, "ug/m3").other, "mg/m3");
  EXPECT_EQ(guess_unit("39", "a34004", 35, "mg/m3").other, "ug/m3");
  EXPECT_EQ(guess_unit("22", "a21026", 28, "mg/m3").other, "ug/m3");
}

TEST(Units, OrThatItIsRightOrNothing) {
  EXPECT_TRUE(guess_unit("22", "a01006", 101.3, "kPa").telling);
  EXPECT_EQ(guess_unit("22", "a01006", 101.3, "kPa").other, "");
  EXPECT_FALSE(guess_unit("22", "a01006", 0, "kPa").telling);
  EXPECT_FALSE(guess_unit("22", "a01006", -3, "kPa").telling);
  EXPECT_FALSE(guess_unit("31", "a21026", 280, "mg/m3").telling) << "a stack may hold that much";
  EXPECT_FALSE(guess_unit("32", "w01018", 4000, "mg/L").telling);
}

}  // namespace
}  // namespace tocsin::hj212
