#include "engine/rule/ledger.h"

#include <gtest/gtest.h>

#include "engine/rule/rule_bench_test.h"

namespace tocsin::rule {
namespace {

using namespace testing;

struct Book {
  Rule rule = limit_rule(2.5, 2.3);
  Speaker speaker{.rule = &rule, .version = 7, .point = "p0", .station = "s", .late_after = 3min};
  std::vector<Episode> told;

  std::vector<Finding> say(const std::vector<Judged>& judged, Instant known_at = at(100)) {
    std::vector<Finding> out;
    reconcile(speaker, judged, told, known_at, out);
    return out;
  }
};

Judged judged(double onset, double instant, std::optional<double> ended = {}) {
  Judged j{.onset = at(onset), .instant = at(instant), .ended = {}, .value = 3.0};
  if (ended) j.ended = at(*ended);
  return j;
}

TEST(RuleLedger, SaysADifferenceOnce) {
  Book book;
  ASSERT_EQ(book.say({judged(1, 2)}).size(), 1u);
  EXPECT_TRUE(book.say({judged(1, 2)}).empty());
  const auto cleared = book.say({judged(1, 2, 9)});
  ASSERT_EQ(cleared.size(), 1u);
  EXPECT_EQ(cleared[0].change, Change::cleared);
  EXPECT_TRUE(book.say({judged(1, 2, 9)}).empty());
  const auto moved = book.say({judged(1, 2, 8)});
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].change, Change::revised);
  EXPECT_EQ(moved[0].episode.ended, at(8));
}

TEST(RuleLedger, FoundLateIsALongTimeAfterItsInstant) {
  Book book;
  EXPECT_FALSE(book.say({judged(1, 2)}, at(5))[0].episode.found_late);
  Book late;
  EXPECT_TRUE(late.say({judged(1, 2)}, at(5.1))[0].episode.found_late);
}

TEST(RuleLedger, AMovedEpisodeKeepsItsNameAndANewOneAtItsFormerInstantGetsAnother) {
  Book book;
  const std::string name = book.say({judged(5, 12)})[0].episode.id;
  ASSERT_EQ(book.say({judged(4, 7)}).at(0).change, Change::revised);
  const auto found = book.say({judged(4, 7, 9), judged(11, 12)});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].change, Change::cleared);
  EXPECT_EQ(found[0].episode.id, name);
  EXPECT_EQ(found[1].change, Change::opened);
  EXPECT_EQ(found[1].episode.id, name + "+");
}

TEST(RuleLedger, AMovedEpisodeIsRememberedAsLongAsItsNameCouldBeTaken) {
  Book book;
  book.say({judged(5, 12)});
  book.say({judged(4, 7, 9)});
  forget(book.told, at(9));
  EXPECT_EQ(book.told.size(), 1u);
  forget(book.told, at(12));
  EXPECT_TRUE(book.told.empty());
}

TEST(RuleLedger, OneThatStandsIsPreferredToOneWithdrawn) {
  Book book;
  book.say({judged(1, 2)});
  book.say({});
  ASSERT_EQ(book.told[0].state, State::withdrawn);
  book.say({judged(4, 5)});
  const auto found = book.say({judged(1, 5)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].change, Change::revised);
  EXPECT_EQ(found[0].episode.instant, at(5));
  EXPECT_EQ(book.told[0].state, State::withdrawn);
}

TEST(RuleLedger, AWithdrawnOneThatWasTrueAfterAllResumes) {
  Book book;
  book.say({judged(1, 2)});
  book.say({});
  const auto found = book.say({judged(1, 2, 6)});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].change, Change::resumed);
  EXPECT_EQ(found[0].episode.state, State::open);
  EXPECT_EQ(found[0].episode.ended, std::nullopt);
  EXPECT_EQ(found[1].change, Change::cleared);
}

TEST(RuleLedger, WhatIsSettledIsNotTakenBack) {
  Book book;
  book.say({judged(1, 2, 6)});
  book.speaker.settled_until = at(6);
  EXPECT_TRUE(book.say({}).empty());
  book.speaker.settled_until = at(5);
  EXPECT_EQ(book.say({}).at(0).change, Change::withdrawn);
}

TEST(RuleLedger, UnderOtherRulesTheReasonIsTheRules) {
  Book book;
  book.say({judged(1, 2)});
  book.speaker.version = 8;
  EXPECT_EQ(book.say({}).at(0).reason, Reason::rule_changed);
}

}  // namespace
}  // namespace tocsin::rule
