#include "engine/rule/silence.h"

#include <gtest/gtest.h>

#include "engine/rule/rule_bench_test.h"

namespace tocsin::rule {
namespace {

using namespace testing;

Rule missing_rule(std::optional<Duration> after = 20min, unsigned count = 1) {
  Rule rule;
  rule.id = "silent";
  for (unsigned i = 0; i < count; ++i) rule.points.push_back("p" + std::to_string(i));
  rule.condition = rulebook::Missing{.after = after};
  return rule;
}

TEST(RuleSilence, AStationThatStopsIsSilentAndHeardAgain) {
  Bench bench({missing_rule()});
  bench.run(0, {1.0, 1.0});
  EXPECT_TRUE(bench.tick(21).empty());
  const auto found = bench.tick(21.5);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].change, Change::opened);
  EXPECT_EQ(found[0].episode.silence, Silence::no_arrival);
  EXPECT_EQ(found[0].episode.onset, at(1));
  EXPECT_EQ(found[0].episode.instant, at(21));
  EXPECT_EQ(found[0].episode.station, "s");
  EXPECT_EQ(found[0].episode.point, "");
  EXPECT_TRUE(bench.tick(60).empty());
  const auto heard = bench.run(70, {1.0});
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].change, Change::cleared);
  EXPECT_EQ(heard[0].episode.id, found[0].episode.id);
  EXPECT_EQ(heard[0].episode.ended, at(70));
  EXPECT_EQ(bench.tick(91).size(), 1u);
}

TEST(RuleSilence, ARegisteredStationNeverHeardIsSilentAfterItsOwnInterval) {
  Bench bench({missing_rule(std::nullopt)});
  EXPECT_TRUE(bench.tick(3).empty());
  const auto found = bench.tick(3.1);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].episode.silence, Silence::never_heard);
  EXPECT_FALSE(words(Silence::never_heard).zh.empty());
}

TEST(RuleSilence, BackfillDoesNotMakeASilentStationHeard) {
  Bench bench({missing_rule()});
  bench.run(0, {1.0});
  ASSERT_EQ(bench.tick(30).size(), 1u);
  EXPECT_TRUE(bench.give({late(1, 40, 1.0), late(2, 40, 1.0)}).empty());
  EXPECT_EQ(bench.give({late(45, 46, 1.0)}).size(), 1u);
}

TEST(RuleSilence, OldDataOnlyAndBrokenClocksHaveTheirOwnWords) {
  Bench slow({missing_rule()});
  for (int m = 0; m < 40; m += 5) slow.give({late(m - 60, m, 1.0)});
  EXPECT_EQ(slow.tick(40).at(0).episode.silence, Silence::only_old);

  Bench fast({missing_rule()});
  for (int m = 0; m < 40; m += 5) fast.give({late(m + 60, m, 1.0)});
  EXPECT_EQ(fast.tick(40).at(0).episode.silence, Silence::bad_clock);
}

TEST(RuleSilence, ADeadSensorIsSilentThoughItsFramesArrive) {
  Bench bench({missing_rule()});
  for (int m = 0; m < 40; m += 5)
    bench.give({reading(m, observation::no_value, m % 2 ? Flag::fault : Flag::no_communication)});
  EXPECT_EQ(bench.tick(40).at(0).episode.silence, Silence::no_value);
}

TEST(RuleSilence, MaintenanceIsALifeSign) {
  Bench bench({missing_rule()});
  for (int m = 0; m < 60; m += 5)
    bench.give({reading(m, observation::no_value, Flag::maintenance)});
  EXPECT_TRUE(bench.tick(60).empty());
}

TEST(RuleSilence, AStationIsHeardWhileAnyOfItsPointsIs) {
  Bench bench({missing_rule(20min, 2)}, points(2));
  for (int m = 0; m < 60; m += 5) bench.give({reading(m, 1.0, Flag::normal, 1)});
  EXPECT_TRUE(bench.tick(60).empty());
  EXPECT_EQ(bench.tick(80).size(), 1u);
}

TEST(RuleSilence, ByPointEachIsWatchedAlone) {
  Rule rule = missing_rule(20min, 2);
  rule.condition = rulebook::Missing{.after = 20min, .scope = rulebook::Missing::Scope::point};
  Bench bench({rule}, points(2));
  for (int m = 0; m < 60; m += 5) bench.give({reading(m, 1.0, Flag::normal, 1)});
  const auto found = bench.tick(60);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].episode.point, "p0");
}

TEST(RuleSilence, ASensorThatDiesAboveTheLimitStaysInAlarmAndIsSilentToo) {
  Bench bench({limit_rule(2.5, 2.3), missing_rule()});
  bench.run(0, {3.0});
  bench.tick(500);
  ASSERT_EQ(bench.evaluator.standing().size(), 2u);
  EXPECT_EQ(bench.evaluator.standing()[0].rule, "stage");
  EXPECT_EQ(bench.evaluator.standing()[1].rule, "silent");
  EXPECT_EQ(bench.count(Change::cleared), 0u);
}

TEST(RuleSilence, AClockSetBackSilencesNobody) {
  Bench bench({missing_rule()});
  bench.run(100, {1.0});
  EXPECT_TRUE(bench.tick(101).empty());
  EXPECT_TRUE(bench.tick(96).empty());
  EXPECT_TRUE(bench.tick(-1000).empty());
}

TEST(RuleSilence, AnEarWithoutIntervalOrTimeIsListedNotGuessed) {
  Bench bench({missing_rule(std::nullopt)}, points(1, Duration{}));
  EXPECT_EQ(bench.evaluator.unknown_points().size(), 1u);
  EXPECT_TRUE(bench.tick(1e6).empty());
}

TEST(RuleSilence, NamesGoBothWays) {
  for (const Silence why : {Silence::none, Silence::never_heard, Silence::no_arrival,
                            Silence::only_old, Silence::bad_clock, Silence::no_value}) {
    EXPECT_EQ(parse_silence(name_of(why)), why);
    EXPECT_EQ(words(why).zh.empty(), why == Silence::none);
  }
  EXPECT_EQ(parse_silence("loud"), std::nullopt);
}

}  // namespace
}  // namespace tocsin::rule
