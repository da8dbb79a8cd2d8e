#include "base/area.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(Area, a_code_is_brought_to_its_shortest_form) {
  EXPECT_EQ(short_area_code("331126000000"), "331126");
  EXPECT_EQ(short_area_code("331126001000"), "331126001");
  EXPECT_EQ(short_area_code("331126001209"), "331126001209");
  EXPECT_EQ(short_area_code("331126100"), "331126100");
  EXPECT_EQ(short_area_code("331100"), "3311");
  EXPECT_EQ(short_area_code("330000"), "33");
}

TEST(Area, what_is_no_code_has_no_short_form) {
  EXPECT_EQ(short_area_code(""), "");
  EXPECT_EQ(short_area_code("33112"), "");
  EXPECT_EQ(short_area_code("33112a"), "");
  EXPECT_EQ(short_area_code("3311260012090"), "");
  EXPECT_EQ(short_area_code("庆元县"), "");
}

TEST(Area, levels_are_told_by_length_and_read_in_both_languages) {
  EXPECT_EQ(level_of("331126001"), AreaLevel::township);
  EXPECT_FALSE(level_of("3311260"));
  EXPECT_EQ(parse_area_level("乡级"), AreaLevel::township);
  EXPECT_EQ(parse_area_level("village"), AreaLevel::village);
  EXPECT_FALSE(parse_area_level("hamlet"));
  EXPECT_EQ(name_of(AreaLevel::county), "county");
}

TEST(Area, ids_are_plain_and_bounded) {
  EXPECT_TRUE(is_register_id("FXD-001-01"));
  EXPECT_TRUE(is_register_id("huixi.stage"));
  EXPECT_FALSE(is_register_id(""));
  EXPECT_FALSE(is_register_id("-x"));
  EXPECT_FALSE(is_register_id("a b"));
  EXPECT_FALSE(is_register_id("会溪"));
  EXPECT_TRUE(is_register_id(std::string(64, 'a')));
  EXPECT_FALSE(is_register_id(std::string(65, 'a')));
}

}  // namespace
}  // namespace tocsin
