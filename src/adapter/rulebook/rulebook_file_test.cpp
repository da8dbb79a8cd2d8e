#include "adapter/rulebook/rulebook_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tocsin::rulebook_file {
namespace {

using namespace std::chrono_literals;
using rulebook::Limit;
using rulebook::Missing;
using rulebook::NOfM;
using rulebook::Rate;
using rulebook::Side;

const std::string head = "version: 3\nrules:\n";
const std::string rule_a = R"(  - id: stage-a
    name: {zh: 水位, en: Stage}
    family: stage
    hazard: 11A01
    points: [a.stage, b.stage]
    kind: limit
    above: 2.50
    clear: 2.30
    for: 10m
    level: orange
    issue: auto
    instruction: {zh: 看水, en: Look}
)";

std::string changed(std::string_view from, std::string_view to) {
  std::string text = head + rule_a;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// The single problem of a file with one line changed, as "line key code".
std::string problem(std::string_view from, std::string_view to) {
  const auto book = read(changed(from, to));
  if (book) return "none";
  std::string all;
  for (const Problem& p : book.error())
    all += (all.empty() ? "" : "; ") + std::to_string(p.line) + " " + p.rule + "." + p.key + " " +
           p.code;
  return all;
}

TEST(RulebookFile, ReadsALimitAndFillsTheDefaults) {
  const auto book = read(head + rule_a);
  ASSERT_TRUE(book) << text_of(book.error().front());
  EXPECT_EQ(book->version, 3);
  EXPECT_EQ(book->lateness, Duration(6h));
  EXPECT_EQ(book->hash.size(), 43u);
  ASSERT_EQ(book->rules.size(), 1u);
  const rulebook::Rule& rule = book->rules[0];
  EXPECT_EQ(rule.id, "stage-a");
  EXPECT_EQ(rule.name, (Text{"水位", "Stage"}));
  EXPECT_EQ(rule.points, (std::vector<std::string>{"a.stage", "b.stage"}));
  EXPECT_EQ(std::get<Limit>(rule.condition), (Limit{Side::above, 2.5, 2.3}));
  EXPECT_EQ(rule.hold_for, Duration(10min));
  EXPECT_EQ(rule.clear_for, Duration(0));
  EXPECT_EQ(rule.gap, 3);
  EXPECT_EQ(rule.level, Level::orange);
  EXPECT_EQ(rule.issue, rulebook::Issue::automatic);
  EXPECT_EQ(rule.group_window, Duration(30min));
  EXPECT_EQ(rule.expires, Duration(6h));
  EXPECT_TRUE(rule.riskpoints.empty());
}

TEST(RulebookFile, ReadsTheOtherKinds) {
  const auto kind = [](const std::string& lines) {
    const auto book =
        read(changed("    kind: limit\n    above: 2.50\n    clear: 2.30\n    for: 10m\n", lines));
    EXPECT_TRUE(book) << lines << (book ? "" : text_of(book.error().front()));
    return book ? book->rules[0].condition : rulebook::Condition{};
  };
  EXPECT_EQ(kind("    kind: rate\n    rise: 0.5\n    per: 1h\n"),
            rulebook::Condition(Rate{Rate::Direction::rise, 0.5, 1h, 0.5}));
  EXPECT_EQ(kind("    kind: rate\n    fall: 2\n    per: 90s\n    clear: 1\n    for: 2m\n"),
            rulebook::Condition(Rate{Rate::Direction::fall, 2, 90s, 1}));
  EXPECT_EQ(kind("    kind: n_of_m\n    below: 6\n    n: 3\n    m: 4\n"),
            rulebook::Condition(NOfM{Side::below, 6, 6, 3, 4}));
  EXPECT_EQ(kind("    kind: missing\n    after: 20m\n"),
            rulebook::Condition(Missing{.after = 20min}));
  EXPECT_EQ(kind("    kind: missing\n    scope: point\n"),
            rulebook::Condition(Missing{.after = {}, .scope = Missing::Scope::point}));
}

TEST(RulebookFile, WhatNobodyRegisteredIsRefusedByLine) {
  std::string text = head + rule_a + "    riskpoints: [F1, F2]\n";
  const auto only = [](std::string there) {
    return [there = std::move(there)](const std::string& id) { return id == there; };
  };
  EXPECT_TRUE(read(text)) << "nobody said what there is";
  const auto book =
      read(text, {.point = only("b.stage"), .riskpoint = only("F1"), .hazard = only("11B03")});
  ASSERT_FALSE(book);
  std::vector<std::string> told;
  for (const Problem& p : book.error()) told.push_back(text_of(p));
  EXPECT_EQ(told, (std::vector<std::string>{
                      "line 6, stage-a, hazard: rulebook.unknown_hazard (11A01)",
                      "line 7, stage-a, points: rulebook.unknown_point (a.stage)",
                      "line 15, stage-a, riskpoints: rulebook.unknown_riskpoint (F2)"}));
}

TEST(RulebookFile, EveryProblemNamesRuleKeyAndLine) {
  EXPECT_EQ(problem("above: 2.50", "above: 2,50"), "9 stage-a.above rulebook.bad_number");
  EXPECT_EQ(problem("above: 2.50", "above: .inf"), "9 stage-a.above rulebook.bad_number");
  EXPECT_EQ(problem("above: 2.50", "above: 1e999"), "9 stage-a.above rulebook.bad_number");
  EXPECT_EQ(problem("above: 2.50", "above: []"), "9 stage-a.above rulebook.wrong_kind");
  EXPECT_EQ(problem("clear: 2.30", "clear: 2.60"), "10 stage-a.clear rulebook.bad_value");
  EXPECT_EQ(problem("for: 10m", "for: 10"), "11 stage-a.for rulebook.bad_duration");
  EXPECT_EQ(problem("for: 10m", "for: 8d"), "11 stage-a.for rulebook.bad_duration");
  EXPECT_EQ(problem("for: 10m", "fro: 10m"), "11 stage-a.fro rulebook.unknown_key");
  EXPECT_EQ(problem("level: orange", "level: Orange"), "12 stage-a.level rulebook.bad_value");
  EXPECT_EQ(problem("issue: auto", "issue:"), "13 stage-a.issue rulebook.wrong_kind");
  EXPECT_EQ(problem("    issue: auto\n", ""), "3 stage-a.issue rulebook.missing_key");
  EXPECT_EQ(problem("hazard: 11A01", "hazard: flood"), "6 stage-a.hazard rulebook.bad_value");
  EXPECT_EQ(problem("[a.stage, b.stage]", "[]"), "7 stage-a.points rulebook.missing_key");
  EXPECT_EQ(problem("[a.stage, b.stage]", "[a, a]"), "7 stage-a.points rulebook.duplicate_id");
  EXPECT_EQ(problem("[a.stage, b.stage]", "['a:b']"), "7 stage-a.points rulebook.bad_value");
  EXPECT_EQ(problem("id: stage-a", "id: Stage A"), "3 Stage A.id rulebook.bad_id");
  EXPECT_EQ(problem(", en: Stage", ""), "4 stage-a.name.en rulebook.missing_key");
  EXPECT_EQ(problem("kind: limit", "kind: limits"), "8 stage-a.kind rulebook.bad_value");
  EXPECT_EQ(problem("kind: limit", "kind: missing"),
            "9 stage-a.above rulebook.unknown_key; 10 stage-a.clear rulebook.unknown_key; "
            "11 stage-a.for rulebook.unknown_key");
  EXPECT_EQ(problem("version: 3", "version: three"), "1 .version rulebook.bad_number");
  EXPECT_EQ(problem("version: 3", "version: 3\nlatenes: 1h"), "2 .latenes rulebook.unknown_key");
}

TEST(RulebookFile, TellsAllProblemsAtOnceInOrderOfLines) {
  EXPECT_EQ(problem("    above: 2.50\n    clear: 2.30\n    for: 10m\n    level: orange\n",
                    "    above: x\n    for: y\n    level: z\n"),
            "9 stage-a.above rulebook.bad_number; 10 stage-a.for rulebook.bad_duration; "
            "11 stage-a.level rulebook.bad_value");
}

TEST(RulebookFile, TwoRulesOfOneIdAreRefused) {
  const auto book = read(head + rule_a + rule_a);
  ASSERT_FALSE(book);
  EXPECT_EQ(text_of(book.error().front()), "line 15, stage-a, id: rulebook.duplicate_id (stage-a)");
}

TEST(RulebookFile, TheHashIsThatOfTheBytes) {
  const auto one = read(head + rule_a), two = read(head + rule_a + "# a remark\n");
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->hash, two->hash);
  EXPECT_EQ(diff(*one, *two), rulebook::Diff{});
}

TEST(RulebookFile, WhatIsNoRulebookIsRefused) {
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read("- a\n- b\n"));
  EXPECT_FALSE(read("version: 1\n"));
  EXPECT_FALSE(read("version: 1\nrules: {}\n"));
  EXPECT_FALSE(read("version: 1\nrules: [3]\n"));
  EXPECT_TRUE(read("version: 1\nrules: []\n"));
  EXPECT_FALSE(read("version: 1\nrules: []\n---\nversion: 2\nrules: []\n"));
  EXPECT_FALSE(read("version: 1\nversion: 2\nrules: []\n"));
  EXPECT_FALSE(read(std::string("version: 1\nrules: []\n\0", 22)));
  EXPECT_FALSE(read("version: 1\nrules: []\n\xff\n"));
}

TEST(RulebookFile, BombsAreRefusedWhileReading) {
  const auto code = [](const std::string& text) {
    const auto book = read(text);
    return book ? "none" : book.error().front().code;
  };
  EXPECT_EQ(code("a: &a [x,x]\nb: &b [*a,*a]\nrules: [*b,*b]\n"), "rulebook.alias");
  EXPECT_EQ(code("version: 1\nrules: [[[[[[[[[[1]]]]]]]]]]\n"), "rulebook.too_deep");
  EXPECT_EQ(code(std::string(100'000, '[')), "rulebook.yaml");
  EXPECT_EQ(code("version: !!python/object 1\nrules: []\n"), "rulebook.tag");
  EXPECT_EQ(code(std::string(size_t{600} * 1024, '#')), "rulebook.too_large");
  std::string many = "version: 1\nrules: [";
  for (int i = 0; i < 60'000; ++i) many += "1,";
  EXPECT_EQ(code(many + "1]\n"), "rulebook.too_many");
  EXPECT_EQ(code("{[a]: b}"), "rulebook.yaml");
}

TEST(RulebookFile, Durations) {
  EXPECT_EQ(parse_duration("90s"), Duration(90s));
  EXPECT_EQ(parse_duration("2d"), Duration(48h));
  for (const char* bad : {"", "s", "0s", "-1s", "1.5h", "10", "10 m", "1w", "999999999d", "9999d"})
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
}

TEST(RulebookFile, TheSampleCountysRulesAreValid) {
  const auto path = std::filesystem::path(TOCSIN_SOURCE_DIR) / "sample/qingyuan/rules.yml";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no sample county here";
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const auto book = read(text.str());
  ASSERT_TRUE(book) << text_of(book.error().front());
  EXPECT_GE(book->rules.size(), 10u);
}

}  // namespace
}  // namespace tocsin::rulebook_file
