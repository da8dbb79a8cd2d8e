// What late, repeated, revised and impossible readings may and may not do.

#include <gtest/gtest.h>

#include "engine/rule/rule_bench_test.h"

namespace tocsin::rule {
namespace {

using namespace testing;

TEST(RuleLate, OneOldReadingDoesNotServeADuration) {
  Bench bench({limit_rule(2.5, 2.3, 10min)});
  EXPECT_TRUE(bench.give({late(0, 10, 9.9)}).empty());
  EXPECT_TRUE(bench.give({late(1, 20, 9.9)}).empty());
  EXPECT_TRUE(bench.evaluator.standing().empty());
}

TEST(RuleLate, ABatchDoesNotFakeADurationAcrossAReadingBelow) {
  Bench bench({limit_rule(2.5, 2.3, 10min)});
  bench.give({reading(5, 1.0)});
  std::vector<Reading> batch;
  for (int m = 0; m <= 12; ++m)
    if (m != 5) batch.push_back(late(m, 13, 3.0));
  EXPECT_TRUE(bench.give(batch).empty());
}

TEST(RuleLate, ABatchDoesNotHideADurationThatIsThere) {
  Bench bench({limit_rule(2.5, 2.3, 10min)});
  bench.run(0, {2.6, 2.6, 2.6, 2.6, 2.6, 2.6});
  bench.give({late(-5, 6, 1.0), late(-4, 6, 1.0)});  // low, but before
  EXPECT_TRUE(bench.run(6, {2.6, 2.6, 2.6, 2.6}).empty());
  EXPECT_EQ(bench.run(10, {2.6}).size(), 1u);
}

TEST(RuleLate, AnExceedanceOnlyLateDataShowIsFoundAndMarked) {
  Bench bench({limit_rule(2.5, 2.3, 3min)});
  bench.run(0, {1.0, 1.0});
  bench.run(30, {1.0});
  std::vector<Reading> batch;
  for (int m = 2; m < 30; ++m) batch.push_back(late(m, 31, m >= 10 && m < 20 ? 3.0 : 1.0));
  const auto found = bench.give(batch);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].change, Change::opened);
  EXPECT_TRUE(found[0].episode.found_late);
  EXPECT_EQ(found[0].episode.onset, at(10));
  EXPECT_EQ(found[0].episode.instant, at(13));
  EXPECT_EQ(found[1].change, Change::cleared);
  EXPECT_EQ(found[1].episode.ended, at(20));
  EXPECT_EQ(found[1].episode.id, found[0].episode.id);
}

TEST(RuleLate, AnOldReadingBelowDoesNotClearWhatStandsNow) {
  Bench bench({limit_rule(2.5, 2.3)});
  bench.run(20, {3.0});
  EXPECT_TRUE(bench.give({late(10, 21, 1.0)}).empty());
  EXPECT_EQ(bench.evaluator.standing().size(), 1u);
}

TEST(RuleLate, AReadingBelowInsideTheServedDurationTakesTheEpisodeBack) {
  Bench bench({limit_rule(2.5, 2.3, 4min)});
  bench.run(0, {3.0, 3.0});
  bench.run(3, {3.0, 3.0});  // 2 is missing
  ASSERT_EQ(bench.count(Change::opened), 1u);
  const auto found = bench.give({late(2, 4.5, 1.0)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].change, Change::withdrawn);
  EXPECT_EQ(found[0].reason, Reason::late_data);
  EXPECT_EQ(found[0].episode.id, bench.found[0].episode.id);
  EXPECT_TRUE(bench.evaluator.standing().empty());
  EXPECT_TRUE(bench.run(5, {3.0, 3.0}).empty());
  EXPECT_EQ(bench.run(7, {3.0}).size(), 1u);  // from minute 3: served again
}

TEST(RuleLate, AnEarlierOnsetRenamesNothing) {
  Bench bench({limit_rule(2.5, 2.3, 3min)});
  bench.run(4, {3.0, 3.0, 3.0, 3.0});
  ASSERT_EQ(bench.count(Change::opened), 1u);
  const auto found = bench.give({late(2, 8, 3.0), late(3, 8, 3.0)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].change, Change::revised);
  EXPECT_EQ(found[0].episode.id, bench.found[0].episode.id);
  EXPECT_EQ(found[0].episode.onset, at(2));
  EXPECT_EQ(found[0].episode.instant, at(5));
  EXPECT_EQ(bench.evaluator.standing().size(), 1u);
}

TEST(RuleLate, TwoEpisodesThatWereOneAreMerged) {
  Rule rule = limit_rule(2.5, 2.3);
  rule.clear_for = 2min;
  Bench bench({rule});
  bench.run(0, {3.0, 2.0});
  bench.run(3, {2.0});
  bench.run(4, {3.0});
  ASSERT_EQ(bench.count(Change::opened), 2u);
  ASSERT_EQ(bench.count(Change::cleared), 1u);
  const auto found = bench.give({late(2, 5, 3.0)});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].change, Change::withdrawn);
  EXPECT_EQ(found[0].reason, Reason::merged);
  EXPECT_EQ(found[0].episode.instant, at(4));
  EXPECT_EQ(found[1].change, Change::resumed);
  EXPECT_EQ(found[1].episode.instant, at(0));
  EXPECT_EQ(bench.evaluator.standing().size(), 1u);
}

TEST(RuleRevision, TheLastWordOnAnInstantCounts) {
  Bench bench({limit_rule(2.5, 2.3)});
  ASSERT_EQ(bench.run(0, {1.0, 9.0}).size(), 1u);
  const auto found = bench.give({late(1, 2, 0.9)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].change, Change::withdrawn);
  EXPECT_EQ(bench.evaluator.counters().revised, 1u);
}

TEST(RuleRevision, AFlagMayTakeAValueBack) {
  Bench bench({limit_rule(2.5, 2.3)});
  ASSERT_EQ(bench.run(0, {9.0}).size(), 1u);
  const auto found = bench.give({late(0, 1, 9.0, Flag::calibration)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].change, Change::withdrawn);
}

TEST(RuleClock, ImpossibleTimesBeginAndEndNothingAndAreCounted) {
  Bench bench({limit_rule(2.5, 2.3)});
  EXPECT_TRUE(bench.give({late(60, 0, 9.9)}).empty());               // an hour fast
  EXPECT_TRUE(bench.give({late(0, 60 * 24 * 365.0, 9.9)}).empty());  // years back
  EXPECT_TRUE(bench.give({late(0, 6 * 60 + 0.1, 9.9)}).empty());     // older than the lateness
  EXPECT_EQ(bench.evaluator.counters().ahead, 1u);
  EXPECT_EQ(bench.evaluator.counters().too_old, 2u);
  EXPECT_EQ(bench.evaluator.bad_times(PointKey{0}), 3u);
  ASSERT_EQ(bench.give({late(405, 400, 9.9)}).size(), 1u);  // five minutes ahead is still taken
  EXPECT_TRUE(bench.give({late(500, 401, 0.0)}).empty()) << "cleared by a reading from the future";
  EXPECT_EQ(bench.evaluator.standing().size(), 1u);
}

TEST(RuleClock, AStationAnHourSlowIsJudgedInItsOwnTimeAndMarkedLate) {
  Bench bench({limit_rule(2.5, 2.3, 2min)});
  bench.give({late(0, 60, 3.0)});
  bench.give({late(1, 61, 3.0)});
  const auto found = bench.give({late(2, 62, 3.0)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].episode.found_late);
}

TEST(RuleClock, OurOwnClockSteppingBackLosesAndDoublesNothing) {
  Bench bench({limit_rule(2.5, 2.3, 3min)});
  bench.give({late(0, 0, 3.0)});
  bench.give({late(1, 1, 3.0)});
  bench.give({late(2, -3, 3.0)});
  EXPECT_EQ(bench.give({late(3, -2, 3.0)}).size(), 1u);
  EXPECT_TRUE(bench.give({late(4, -1, 3.0)}).empty());
}

TEST(RuleMemory, WhatIsKeptStaysBoundedAndVeryLateReadingsAreRefused) {
  Bench bench({limit_rule(2.5, 2.3)}, points(1, 1s), {.history_max = 256});
  for (int i = 0; i < 5000; ++i) bench.give({reading(i / 60.0, 1.0)});
  EXPECT_TRUE(bench.give({late(10.001, 5000 / 60.0, 9.9)}).empty());
  EXPECT_EQ(bench.evaluator.counters().too_old, 1u);
  EXPECT_EQ(bench.give({late(4990.5 / 60, 5000 / 60.0, 9.9)}).size(), 2u);  // opened and cleared
}

TEST(RuleMemory, AnEpisodeThatBeganLongAgoStillClears) {
  Bench bench({limit_rule(2.5, 2.3)}, points(1, 1s), {.history_max = 256});
  for (int i = 0; i < 3000; ++i) bench.give({reading(i / 60.0, 3.0)});
  ASSERT_EQ(bench.found.size(), 1u);
  const auto found = bench.give({reading(3000 / 60.0, 1.0)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].change, Change::cleared);
  EXPECT_EQ(found[0].episode.instant, at(0));
  for (int i = 3001; i < 4000; ++i) bench.give({reading(i / 60.0, 1.0)});
  EXPECT_EQ(bench.found.size(), 2u);
}

}  // namespace
}  // namespace tocsin::rule
