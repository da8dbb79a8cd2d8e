#include "domain/hazard/hazard.h"

#include <gtest/gtest.h>

namespace tocsin::hazard {
namespace {

TEST(Hazard, codes_have_five_characters_under_four_classes) {
  EXPECT_TRUE(is_hazard_code("11B03"));
  EXPECT_TRUE(is_hazard_code("14000"));
  EXPECT_FALSE(is_hazard_code("15A00"));
  EXPECT_FALSE(is_hazard_code("11b03"));
  EXPECT_FALSE(is_hazard_code("11B0"));
  EXPECT_FALSE(is_hazard_code(""));
}

TEST(Hazard, a_family_covers_what_begins_like_it) {
  EXPECT_TRUE(covers("11B00", "11B03"));
  EXPECT_TRUE(covers("11000", "11B03"));
  EXPECT_TRUE(covers("11B03", "11B03"));
  EXPECT_TRUE(covers("11B", "11B03"));
  EXPECT_TRUE(covers("", "11B03"));
  EXPECT_FALSE(covers("11B03", "11B06"));
  EXPECT_FALSE(covers("11A00", "11B03"));
  EXPECT_FALSE(covers("12000", "11B03"));
}

TEST(Hazard, the_cap_category_follows_the_longest_prefix) {
  EXPECT_EQ(cap_category("11A01"), "Met");
  EXPECT_EQ(cap_category("11D02"), "Geo");
  EXPECT_EQ(cap_category("12D03"), "Fire");
  EXPECT_EQ(cap_category("12D02"), "CBRNE");
  EXPECT_EQ(cap_category("12Q01"), "Env");
  EXPECT_EQ(cap_category("12Z99"), "Safety");
  EXPECT_EQ(cap_category("14A00"), "Security");
  EXPECT_EQ(cap_category("flood"), "Other");
}

TEST(Hazards, an_unlisted_code_is_shown_under_its_family) {
  const Hazards hazards = Hazards::built_in();
  EXPECT_EQ(hazards.describe("11B03").zh, "暴雨");
  EXPECT_EQ(hazards.find("11B77"), nullptr);
  EXPECT_EQ(hazards.describe("11B77"), (Hazard{"11B77", "气象灾害 11B77", "severe weather 11B77"}));
  EXPECT_EQ(hazards.describe("12Z01").en, "accident 12Z01");
  EXPECT_EQ(hazards.describe("X").zh, "X");
}

TEST(Hazards, every_built_in_row_would_pass_an_import) {
  std::vector<Hazard> rows;
  for (const auto& [code, row] : Hazards::built_in().all()) rows.push_back(row);
  EXPECT_TRUE(Hazards::check(rows).empty());
  EXPECT_EQ(decode(encode(rows)), rows);
}

TEST(Hazards, a_countys_own_list_is_laid_over) {
  const Hazards hazards =
      Hazards::with({{"11B03", "强降雨", "heavy rain"}, {"12Z01", "新", "new"}});
  EXPECT_EQ(hazards.describe("11B03").zh, "强降雨");
  EXPECT_EQ(hazards.describe("12Z01").en, "new");
  EXPECT_EQ(hazards.describe("11B01").zh, "台风");
  const auto problems = Hazards::check({{"1", "a", "b"},
                                        {"11B03", "", "b"},
                                        {"11B01", "a", ""},
                                        {"11A01", "a", "b"},
                                        {"11A01", "a", "b"}});
  ASSERT_EQ(problems.size(), 4U);
  EXPECT_EQ(problems[0].code, "hazard.bad_code");
  EXPECT_EQ(problems[1].column, "zh");
  EXPECT_EQ(problems[2].column, "en");
  EXPECT_EQ(problems[3].code, "hazard.duplicate");
}

}  // namespace
}  // namespace tocsin::hazard
