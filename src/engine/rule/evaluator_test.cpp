#include "engine/rule/evaluator.h"

#include <gtest/gtest.h>

#include "engine/rule/rule_bench_test.h"

namespace tocsin::rule {
namespace {

using namespace testing;

TEST(LimitRule, OpensWhenTheDurationIsServedAndQuotesWhatItRestsOn) {
  Bench bench({limit_rule(2.5, 2.3, 3min)});
  EXPECT_TRUE(bench.run(0, {2.4, 2.6, 2.7, 2.6}).empty());
  const auto found = bench.run(4, {2.55});
  ASSERT_EQ(found.size(), 1u);
  const Episode& e = found[0].episode;
  EXPECT_EQ(found[0].change, Change::opened);
  EXPECT_EQ(e.rule, "stage");
  EXPECT_EQ(e.version, 7);
  EXPECT_EQ(e.point, "p0");
  EXPECT_EQ(e.station, "s");
  EXPECT_EQ(e.onset, at(1));
  EXPECT_EQ(e.instant, at(4));
  EXPECT_EQ(e.value, 2.55);
  EXPECT_FALSE(e.found_late);
  EXPECT_EQ(e.id, "stage:p0:" + std::to_string(ms_of(at(4))));
  ASSERT_EQ(found[0].readings.size(), 4u);
  EXPECT_EQ(found[0].readings.front(), (Quote{at(1), 2.6, Flag::normal}));
  EXPECT_EQ(found[0].readings.back(), (Quote{at(4), 2.55, Flag::normal}));
}

TEST(LimitRule, TheLimitItselfIsOverTheLimit) {
  Bench bench({limit_rule(2.5, 2.5)});
  EXPECT_EQ(bench.run(0, {2.5}).size(), 1u);
  EXPECT_EQ(bench.run(1, {2.5}).size(), 0u);
  EXPECT_EQ(bench.run(2, {2.49}).size(), 1u);
  EXPECT_EQ(bench.count(Change::cleared), 1u);
}

TEST(LimitRule, OneReadingBelowBreaksTheDuration) {
  Bench bench({limit_rule(2.5, 2.3, 3min)});
  EXPECT_TRUE(bench.run(0, {2.6, 2.6, 2.4, 2.6, 2.6, 2.6}).empty());
  EXPECT_EQ(bench.run(6, {2.6}).size(), 1u);
}

TEST(LimitRule, BelowWorksLikewise) {
  Rule rule = limit_rule(0, 0);
  rule.condition = rulebook::Limit{.side = rulebook::Side::below, .limit = 6.0, .clear = 6.5};
  Bench bench({rule});
  EXPECT_EQ(bench.run(0, {6.2, 6.0}).size(), 1u);
  EXPECT_TRUE(bench.run(2, {6.3}).empty());
  const auto found = bench.run(3, {6.6});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].change, Change::cleared);
  EXPECT_EQ(found[0].value, 6.6);
  EXPECT_EQ(found[0].episode.ended, at(3));
}

TEST(LimitRule, FlappingAroundTheLimitIsOneEpisode) {
  Bench bench({limit_rule(2.5, 2.3)});
  for (int m = 0; m < 10; ++m) bench.run(m, {m % 2 ? 2.45 : 2.55});
  EXPECT_EQ(bench.found.size(), 1u);
  bench.run(10, {2.2});
  EXPECT_EQ(bench.count(Change::opened), 1u);
  EXPECT_EQ(bench.count(Change::cleared), 1u);
}

TEST(LimitRule, ClearHoldWaitsUntilItStaysBelow) {
  Rule rule = limit_rule(2.5, 2.3);
  rule.clear_for = 2min;
  Bench bench({rule});
  bench.run(0, {2.6, 2.2, 2.2, 2.4, 2.2, 2.2});
  EXPECT_EQ(bench.found.size(), 1u);
  EXPECT_EQ(bench.run(6, {2.2}).size(), 1u);
  EXPECT_EQ(bench.found.back().episode.ended, at(6));
}

TEST(RuleGap, OneMissingReadingKeepsTheClock) {
  Bench bench({limit_rule(2.5, 2.3, 10min)});
  bench.run(0, {2.6, 2.6, 2.6, 2.6, 2.6, 2.6});
  bench.run(7, {2.6, 2.6, 2.6});  // minute 6 is missing
  ASSERT_EQ(bench.run(10, {2.6}).size(), 1u);
  EXPECT_EQ(bench.found[0].episode.onset, at(0));
}

TEST(RuleGap, ALongGapBreaksTheRun) {
  Bench bench({limit_rule(2.5, 2.3, 4min)});
  bench.run(0, {2.6, 2.6});
  EXPECT_TRUE(bench.run(5, {2.6, 2.6, 2.6, 2.6}).empty());  // 4 min without any: 3 are tolerated
  EXPECT_EQ(bench.run(9, {2.6}).size(), 1u);
  EXPECT_EQ(bench.found[0].episode.onset, at(5));
}

TEST(RuleGap, ExactlyTheToleratedGapKeepsTheRun) {
  Bench bench({limit_rule(2.5, 2.3, 4min)});
  bench.run(0, {2.6, 2.6});
  EXPECT_EQ(bench.run(4, {2.6}).size(), 1u);
}

TEST(RateRule, FindsARiseWithinTheSpanAndItsEnd) {
  Rule rule = limit_rule(0, 0);
  rule.condition = rulebook::Rate{.change = 0.5, .per = 60min, .clear = 0.2};
  Bench bench({rule}, points(1, 10min));
  for (int m = 0; m <= 30; m += 10) EXPECT_TRUE(bench.run(m, {1.0 + m / 100.0}).empty());
  const auto found = bench.run(40, {1.5});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_DOUBLE_EQ(found[0].episode.value, 0.5);
  EXPECT_EQ(found[0].readings.size(), 5u);
  for (int m = 50; m <= 80; m += 10) EXPECT_TRUE(bench.run(m, {1.5}).empty()) << m;
  // At 90 the hour before begins with the 1.3 of minute 30: it rose by less than 0.2.
  EXPECT_EQ(bench.run(90, {1.45}).size(), 1u);
  EXPECT_EQ(bench.found.back().change, Change::cleared);
}

TEST(RateRule, AFallIsNegativeAndARiseIsNoFall) {
  Rule rule = limit_rule(0, 0);
  rule.condition = rulebook::Rate{
      .direction = rulebook::Rate::Direction::fall, .change = 1.0, .per = 5min, .clear = 1.0};
  Bench bench({rule});
  EXPECT_TRUE(bench.run(0, {1, 3, 5}).empty());
  ASSERT_EQ(bench.run(3, {4.0}).size(), 1u);
  EXPECT_DOUBLE_EQ(bench.found[0].episode.value, -1.0);
}

TEST(RateRule, TheFirstReadingAfterSilenceDoesNotClear) {
  Rule rule = limit_rule(0, 0);
  rule.condition = rulebook::Rate{.change = 0.5, .per = 60min, .clear = 0.5};
  Bench bench({rule}, points(1, 10min));
  bench.run(0, {1.0});
  bench.run(10, {1.6});
  ASSERT_EQ(bench.count(Change::opened), 1u);
  EXPECT_TRUE(bench.run(200, {1.7}).empty());
  EXPECT_TRUE(bench.run(210, {1.7}).empty());
  EXPECT_EQ(bench.run(230, {1.7}).size(), 1u);  // half of the span is known again
}

TEST(NOfMRule, FiresWhereEveryFourthReadingIsLow) {
  Rule rule = limit_rule(0, 0);
  rule.condition = rulebook::NOfM{.limit = 50, .clear = 50, .n = 3, .m = 4};
  Bench bench({rule});
  EXPECT_TRUE(bench.run(0, {60, 20, 60}).empty());
  ASSERT_EQ(bench.run(3, {60}).size(), 1u);
  EXPECT_TRUE(bench.run(4, {60, 20, 60, 60, 60, 20}).empty());
  EXPECT_EQ(bench.run(10, {20}).size(), 1u);
  EXPECT_EQ(bench.found.back().change, Change::cleared);
}

TEST(NOfMRule, ReadingsFromBeforeALongSilenceDoNotCount) {
  Rule rule = limit_rule(0, 0);
  rule.condition = rulebook::NOfM{.limit = 50, .clear = 50, .n = 3, .m = 4};
  Bench bench({rule});
  bench.run(0, {60, 60});
  EXPECT_TRUE(bench.run(100, {60}).empty());
  EXPECT_TRUE(bench.run(101, {60}).empty());
  EXPECT_EQ(bench.run(102, {60}).size(), 1u);
}

TEST(RuleFlags, StoppedMaintainedAndCalibratingRaiseNothing) {
  for (const Flag flag :
       {Flag::stopped, Flag::maintenance, Flag::calibration, Flag::fault, Flag::no_communication}) {
    Bench bench({limit_rule(2.5, 2.3)});
    EXPECT_TRUE(bench.give({reading(0, 9.9, flag)}).empty()) << static_cast<char>(flag);
    EXPECT_EQ(bench.evaluator.counters().unusable, 1u);
    EXPECT_EQ(bench.give({reading(1, 9.9)}).size(), 1u);
    EXPECT_TRUE(bench.give({reading(2, 0.0, flag)}).empty()) << "cleared by a value that is none";
  }
}

TEST(RuleFlags, OverRangeIsAboveAnyLimitWhateverTheNumber) {
  Bench bench({limit_rule(2.5, 2.3)});
  EXPECT_EQ(bench.give({reading(0, 0.0, Flag::over_range)}).size(), 1u);
  EXPECT_TRUE(bench.give({reading(1, observation::no_value, Flag::over_range)}).empty());
  EXPECT_EQ(bench.evaluator.standing().size(), 1u);
}

TEST(RuleFlags, OverRangeNeedsNoNumber) {
  Bench bench({limit_rule(2.5, 2.3)});
  EXPECT_EQ(bench.give({reading(0, observation::no_value, Flag::over_range)}).size(), 1u);
}

TEST(RuleFlags, AnEarlierRunByHandDoesNotStainALaterOne) {
  Bench bench({limit_rule(2.5, 2.3, 2min)});
  bench.give({reading(0, 9.9, Flag::set_by_hand)});
  EXPECT_TRUE(bench.run(1, {1.0, 3.0, 3.0}).empty());
  const auto found = bench.run(4, {3.0});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_FALSE(found[0].episode.by_hand);
}

TEST(RuleFlags, AValueEnteredByHandNeverMakesARedByItself) {
  Bench red({limit_rule(2.5, 2.3)});
  const auto found = red.give({reading(0, 9.9, Flag::set_by_hand)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].episode.by_hand);
  EXPECT_TRUE(found[0].needs_person);

  Rule rule = limit_rule(2.5, 2.3);
  rule.level = Level::orange;
  Bench orange({rule});
  EXPECT_FALSE(orange.give({reading(0, 9.9, Flag::set_by_hand)})[0].needs_person);

  Bench device({limit_rule(2.5, 2.3)});
  EXPECT_FALSE(device.give({reading(0, 9.9)})[0].needs_person);
}

TEST(RuleValues, NoValueAndInfinityAreNotJudged) {
  Bench bench({limit_rule(2.5, 2.3)});
  EXPECT_TRUE(bench.give({reading(0, observation::no_value)}).empty());
  EXPECT_TRUE(bench.give({reading(1, std::numeric_limits<double>::infinity())}).empty());
  EXPECT_EQ(bench.evaluator.counters().unusable, 2u);
}

TEST(RuleDuplicates, CountOnce) {
  Rule rule = limit_rule(0, 0);
  rule.condition = rulebook::NOfM{.limit = 50, .clear = 50, .n = 3, .m = 4};
  Bench bench({rule});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(bench.give({reading(0, 60)}).empty());
  EXPECT_EQ(bench.evaluator.counters().duplicate, 4u);
  EXPECT_EQ(bench.evaluator.counters().judged, 1u);
}

TEST(RuleRegister, PointsThatAreNotThereAreListedAndForeignReadingsIgnored) {
  Rule rule = limit_rule(2.5, 2.3);
  rule.points = {"p0", "p9"};
  Bench bench({rule});
  EXPECT_EQ(bench.evaluator.unknown_points(), std::vector<std::string>{"stage: p9"});
  EXPECT_TRUE(bench.give({reading(0, 9.9, Flag::normal, 77)}).empty());
}

TEST(RuleStorm, EachOfManyPointsOpensOnItsOwn) {
  Rule rule = limit_rule(2.5, 2.3);
  rule.points.clear();
  for (unsigned i = 0; i < 500; ++i) rule.points.push_back("p" + std::to_string(i));
  Bench bench({rule}, points(500));
  std::vector<Reading> batch;
  for (unsigned i = 0; i < 500; ++i) batch.push_back(reading(0, 3.0, Flag::normal, i));
  EXPECT_EQ(bench.give(batch).size(), 500u);
  EXPECT_EQ(bench.evaluator.standing().size(), 500u);
}

}  // namespace
}  // namespace tocsin::rule
