#include "domain/place/division.h"

#include <gtest/gtest.h>

namespace tocsin::place {
namespace {

Division row(std::string code, std::string edition, std::string name, std::string parent) {
  const auto level = level_of(code).value_or(AreaLevel::county);
  return {{std::move(code), std::move(edition)}, std::move(name), level, std::move(parent)};
}

/// The trap in the real lists: three subdistricts change codes among themselves.
std::vector<Division> two_editions() {
  return {row("331126", "2022", "庆元县", ""),
          row("331126001", "2022", "松源街道", "331126"),
          row("331126002", "2022", "濛洲街道", "331126"),
          row("331126001209", "2022", "会溪村", "331126001"),
          row("331126", "2025", "庆元县", ""),
          row("331126001", "2025", "濛洲街道", "331126"),
          row("331126003", "2025", "松源街道", "331126")};
}

Divisions made(std::vector<Division> rows) { return Divisions::make(std::move(rows)).value(); }

std::vector<std::string> codes_of(const std::vector<RowProblem>& problems) {
  std::vector<std::string> codes;
  for (const RowProblem& problem : problems)
    codes.push_back(std::to_string(problem.row) + " " + problem.column + " " + problem.code);
  return codes;
}

TEST(Divisions, a_code_means_another_place_in_another_edition) {
  const Divisions divisions = made(two_editions());
  EXPECT_EQ(divisions.name_of({"331126001", "2022"}), "松源街道");
  EXPECT_EQ(divisions.name_of({"331126001", "2025"}), "濛洲街道");
  EXPECT_EQ(divisions.find({"331126002", "2025"}), nullptr);
  EXPECT_EQ(divisions.editions(), (std::vector<std::string>{"2022", "2025"}));
  EXPECT_EQ(divisions.latest("331126001")->edition, "2025");
  EXPECT_EQ(divisions.latest("331126001209")->edition, "2022");
  EXPECT_FALSE(divisions.latest("331127"));
}

TEST(Divisions, the_edition_in_use_is_the_latest_that_reaches_the_villages) {
  auto rows = two_editions();
  EXPECT_EQ(made(rows).in_use(), "2022") << "2025 stops at the townships";
  rows.push_back(row("331126003209", "2025", "会溪村", "331126003"));
  EXPECT_EQ(made(rows).in_use(), "2025");
  EXPECT_EQ(Divisions().in_use(), "");
}

TEST(Divisions, a_place_keeps_its_name_across_editions) {
  const Divisions divisions = made(two_editions());
  EXPECT_EQ(divisions.in_edition({"331126001", "2022"}, "2025"), (AreaId{"331126003", "2025"}));
  EXPECT_EQ(divisions.in_edition({"331126", "2025"}, "2022"), (AreaId{"331126", "2022"}));
  EXPECT_FALSE(divisions.in_edition({"331126001209", "2022"}, "2025"));
  EXPECT_FALSE(divisions.in_edition({"331126009", "2022"}, "2025"));
}

TEST(Divisions, covering_follows_the_place_and_not_the_digits) {
  const Divisions divisions = made(two_editions());
  const AreaId village{"331126001209", "2022"};
  EXPECT_TRUE(divisions.covers({"331126001", "2022"}, village));
  EXPECT_TRUE(divisions.covers(village, village));
  EXPECT_TRUE(divisions.covers({"331126", "2025"}, village));
  EXPECT_TRUE(divisions.covers({"331126003", "2025"}, village)) << "songyuan by its later code";
  EXPECT_FALSE(divisions.covers({"331126001", "2025"}, village)) << "same digits, other place";
  EXPECT_FALSE(divisions.covers({"331126002", "2022"}, village));
  EXPECT_FALSE(divisions.covers(village, {"331126001", "2022"}));
  EXPECT_FALSE(divisions.covers({"331126", "2022"}, {"331127", "2022"}));
}

TEST(Divisions, the_tree_can_be_walked_both_ways) {
  const Divisions divisions = made(two_editions());
  EXPECT_EQ(divisions.path_name({"331126001209", "2022"}), "庆元县 · 松源街道 · 会溪村");
  ASSERT_EQ(divisions.children({"331126", "2022"}).size(), 2U);
  EXPECT_EQ(divisions.children({"331126", "2022"})[1]->name, "濛洲街道");
  ASSERT_EQ(divisions.roots("2022").size(), 1U);
  EXPECT_EQ(divisions.roots("2022")[0]->name, "庆元县");
  EXPECT_TRUE(divisions.roots("2019").empty());
}

TEST(Divisions, every_bad_row_is_told) {
  auto rows = two_editions();
  rows[1].id.code = "331126001000";    // not its shortest form
  rows[2].level = AreaLevel::village;  // nine digits
  rows[3].parent = "331126007";        // not the beginning of its code
  rows[5].name = "";
  rows[6].parent = "3311";  // not in the edition
  rows.push_back(row("331126", "2025", "庆元县", ""));
  rows.push_back(row("331127", "", "景宁县", ""));
  EXPECT_EQ(
      codes_of(Divisions::check(rows)),
      (std::vector<std::string>{"1 code division.bad_code", "2 level division.level",
                                "3 parent division.parent_not_above", "5 name division.no_name",
                                "6 parent division.parent_unknown", "7 code division.duplicate",
                                "8 edition division.bad_edition"}));
  EXPECT_EQ(Divisions::make(rows).error().code, "division.bad_code");
}

TEST(Divisions, a_package_reads_back_and_has_one_form) {
  const Divisions divisions = made(two_editions());
  auto reversed = two_editions();
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(made(reversed).encode(), divisions.encode());
  const auto again = Divisions::decode(divisions.encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->all(), divisions.all());
}

TEST(Divisions, a_bad_package_names_the_member) {
  const auto broken = Divisions::decode(
      R"({"divisions":[{"code":"331126","edition":"2022","name":"庆元县","level":"hamlet"}]})");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, "place.bad_package");
  EXPECT_EQ(broken.error().field, "divisions[0].level");
}

}  // namespace
}  // namespace tocsin::place
