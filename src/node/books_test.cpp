#include "node/books.h"

#include <gtest/gtest.h>

namespace tocsin::node {
namespace {

using place::Division;

/// Two editions of one county; in the later one two subdistricts have each other's codes, as in
/// Qingyuan, a township was merged away, and villages are not listed.
Books two_editions() {
  const auto divisions = place::Divisions::make(
      {Division{{"331126", "2022"}, "庆元县", AreaLevel::county, ""},
       Division{{"331126001", "2022"}, "濛洲街道", AreaLevel::township, "331126"},
       Division{{"331126002", "2022"}, "屏都街道", AreaLevel::township, "331126"},
       Division{{"331126009", "2022"}, "旧乡", AreaLevel::township, "331126"},
       Division{{"331126001201", "2022"}, "会溪村", AreaLevel::village, "331126001"},
       Division{{"331126", "2025"}, "庆元县", AreaLevel::county, ""},
       Division{{"331126001", "2025"}, "屏都街道", AreaLevel::township, "331126"},
       Division{{"331126002", "2025"}, "濛洲街道", AreaLevel::township, "331126"}});
  TOCSIN_CHECK(divisions);
  Books books;
  TOCSIN_CHECK(books.take("divisions", divisions->encode()));
  return books;
}

TEST(Books, ACodeIsOfTheEditionInUseWhateverEditionAPlaceWasListedIn) {
  const Books books = two_editions();
  ASSERT_EQ(books.edition, "2022") << "only that one reaches down to villages";
  EXPECT_EQ(books.code_of({"331126001", "2022"}), "331126001");
  EXPECT_EQ(books.code_of({"331126001", "2025"}), "331126002") << "屏都 is not 濛洲";
  EXPECT_EQ(books.code_of({"331126002", "2025"}), "331126001");
  EXPECT_EQ(books.code_of({"331126", "2025"}), "331126");
  EXPECT_EQ(books.code_of({"331126001201", "2022"}), "331126001201");
}

TEST(Books, WhatTheEditionInUseDoesNotHaveBelongsToTheNearestAboveThatItHas) {
  Books books = two_editions();
  auto rows = books.divisions.all();
  rows.push_back({{"331126001201", "2025"}, "会溪村", AreaLevel::village, "331126001"});
  rows.push_back({{"331126003", "2025"}, "新镇", AreaLevel::township, "331126"});
  ASSERT_TRUE(books.take("divisions", place::Divisions::make(rows)->encode()));
  ASSERT_EQ(books.edition, "2025");
  EXPECT_EQ(books.code_of({"331126009", "2022"}), "331126") << "merged away: its county";
  EXPECT_EQ(books.code_of({"331126001201", "2022"}), "331126002")
      << "no village of that name under 濛洲 now: 濛洲";
  EXPECT_EQ(books.code_of({"331126001", "1999"}), "331126") << "nobody knows which place is meant";
}

TEST(Books, WithoutDivisionsOrAnEditionACodeStaysAsItIs) {
  EXPECT_EQ(Books().code_of({"331126001", "2025"}), "331126001");
  EXPECT_EQ(two_editions().code_of({"331126001", ""}), "331126001");
}

}  // namespace
}  // namespace tocsin::node
