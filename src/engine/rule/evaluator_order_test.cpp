// Whatever the order, the batches and the restarts: the same episodes. Readings are drawn from a
// seed, delivered late, doubled, in pieces, with the evaluator killed in between (at times before
// what it said last was written down), and compared with a judge that sees all at once.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine/rule/drawn_test.h"

namespace tocsin::rule {
namespace {

using namespace testing;

/// What a node keeps: readings stored, findings written down.
struct Node {
  rulebook::Rulebook book;
  std::vector<Reading> stored;
  std::map<std::string, Episode> log;
  std::optional<Evaluator> evaluator;

  explicit Node(const Rule& rule) : book(testing::book({rule})) {
    book.lateness = 60min;
    evaluator.emplace(book, points());
  }

  void write(const std::vector<Finding>& found) {
    for (const Finding& f : found) {
      const auto known = log.find(f.episode.id);
      if (f.change == Change::opened)
        EXPECT_TRUE(known == log.end()) << "opened twice: " << f.episode.id;
      else
        EXPECT_TRUE(known != log.end()) << "never opened: " << f.episode.id;
      log[f.episode.id] = f.episode;
    }
  }

  void deliver(const std::vector<Reading>& batch, bool crash_before_writing) {
    stored.insert(stored.end(), batch.begin(), batch.end());
    const auto found = evaluator->on_readings(batch);
    if (crash_before_writing)
      restart(batch.back().arrival);
    else
      write(found);
  }

  void restart(Instant now) {
    evaluator.emplace(book, points());
    const Instant from = now - evaluator->lookback();
    std::vector<Episode> known;
    for (const auto& [id, e] : log)
      if (!e.ended || *e.ended >= from) known.push_back(e);
    std::vector<Reading> seen;
    for (const Reading& r : stored)
      if (r.time >= from) seen.push_back(r);
    evaluator->restore(known);
    evaluator->replay(seen);
    write(evaluator->resume(now));
  }

  std::vector<Episode> standing_facts() const {
    std::vector<Episode> facts;
    for (const auto& [id, e] : log)
      if (e.state != State::withdrawn) facts.push_back(e);
    std::ranges::sort(facts, {}, &Episode::instant);
    return facts;
  }
};

void expect_same(const std::vector<Span>& judged, const std::vector<Episode>& told,
                 std::uint64_t seed) {
  ASSERT_EQ(judged.size(), told.size()) << "seed " << seed;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    EXPECT_EQ(judged[i].instant, told[i].instant) << "seed " << seed << " episode " << i;
    EXPECT_EQ(judged[i].ended, told[i].ended) << "seed " << seed << " episode " << i;
  }
}

void swarm(std::uint64_t seed, bool restarts, bool late) {
  Dealer deal(seed);
  const Rule rule = drawn_rule(deal);
  const std::vector<Reading> all = drawn_readings(deal, 700, late ? 55 : 1);
  std::vector<Reading> arriving = all;
  for (const Reading& r : all)
    if (late && deal.one_in(10)) arriving.push_back(r);  // sent twice
  std::ranges::sort(arriving, {}, &Reading::arrival);

  Node node(rule);
  for (std::size_t i = 0; i < arriving.size();) {
    const std::size_t n =
        std::min<std::size_t>(1 + deal.below(deal.one_in(9) ? 40 : 4), arriving.size() - i);
    const auto from = arriving.begin() + static_cast<std::ptrdiff_t>(i);
    node.deliver({from, from + static_cast<std::ptrdiff_t>(n)}, restarts && deal.one_in(15));
    if (restarts && deal.one_in(15)) node.restart(arriving[i + n - 1].arrival);
    i += n;
  }
  expect_same(judged_at_once(rule, all), node.standing_facts(), seed);
}

TEST(RuleOrder, BatchesAloneChangeNothing) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) swarm(seed, false, false);
}
TEST(RuleOrder, RestartsAloneChangeNothing) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) swarm(seed, true, false);
}
TEST(RuleOrder, LateAndDoubledReadingsChangeNothing) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) swarm(seed, false, true);
}
TEST(RuleOrder, AllOfItTogether) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) swarm(seed, true, true);
}

TEST(RuleRestart, KilledAfterTwoOfThreeReadingsTheThirdStillOpens) {
  Node node(limit_rule(2.5, 2.3, 2min));
  node.deliver({reading(0, 3.0)}, false);
  node.deliver({reading(1, 3.0)}, false);
  node.restart(at(1.5));
  EXPECT_TRUE(node.log.empty());
  node.deliver({reading(2, 3.0)}, false);
  EXPECT_EQ(node.log.size(), 1u);
  node.restart(at(3));
  EXPECT_EQ(node.log.size(), 1u);
}

TEST(RuleRestart, AnAlarmOfADeadSensorSurvivesWithoutAnyReading) {
  Node node(limit_rule(2.5, 2.3));
  node.deliver({reading(0, 3.0)}, false);
  node.restart(at(60 * 24 * 7));
  ASSERT_EQ(node.evaluator->standing().size(), 1u);
  node.deliver({reading(60 * 24 * 7 + 1, 2.0)}, false);
  EXPECT_TRUE(node.evaluator->standing().empty());
}

TEST(RuleRestart, ARuleThatIsGoneTakesItsEpisodesWithIt) {
  Node node(limit_rule(2.5, 2.3));
  node.deliver({reading(0, 3.0)}, false);
  node.book.rules.clear();
  node.restart(at(1));
  ASSERT_EQ(node.log.size(), 1u);
  EXPECT_EQ(node.log.begin()->second.state, State::withdrawn);
}

TEST(RuleRestart, SilenceIsTakenUpWhereItWas) {
  Rule rule = limit_rule(0, 0);
  rule.condition = rulebook::Missing{.after = 20min};
  Node node(rule);
  node.deliver({reading(0, 1.0)}, false);
  node.write(node.evaluator->tick(at(21)));
  ASSERT_EQ(node.log.size(), 1u);
  node.restart(at(30));
  EXPECT_EQ(node.log.size(), 1u);
  EXPECT_EQ(node.evaluator->standing().size(), 1u);
  node.deliver({reading(40, 1.0)}, false);
  EXPECT_EQ(node.log.begin()->second.state, State::cleared);
}

}  // namespace
}  // namespace tocsin::rule
