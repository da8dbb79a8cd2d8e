// Rules and log together: what the log keeps of an alarm is enough for the rules to go on from,
// whenever the node is killed.

#include "server/watch/findings.h"

#include <gtest/gtest.h>

#include "engine/rule/drawn_test.h"
#include "engine/rule/evaluator.h"
#include "node/office_for_tests.h"

namespace tocsin::server {
namespace {

using namespace rule::testing;
using std::chrono::minutes;

/// Readings stored, findings told to a node, and nothing else kept.
class Office {
 public:
  explicit Office(const Rule& rule) : book_(rule::testing::book({rule})) {
    book_.lateness = std::chrono::minutes(60);
    rules_.emplace(book_, points());
  }

  void deliver(const std::vector<rule::Reading>& batch, bool dies_before_telling = false) {
    stored_.insert(stored_.end(), batch.begin(), batch.end());
    const auto found = rules_->on_readings(batch);
    if (dies_before_telling) return restart(batch.back().arrival);
    tell(found);
  }

  void restart(Instant now) {
    office_.restart();
    rules_.emplace(book_, points());
    const Instant from = now - rules_->lookback();
    std::vector<rule::Reading> seen;
    for (const rule::Reading& r : stored_)
      if (r.time >= from) seen.push_back(r);
    rules_->restore(episodes_of(office_.node(), from));
    rules_->replay(seen);
    tell(rules_->resume(now));
  }

  /// What the log says of all alarms that stand, in order of time.
  std::vector<rule::testing::Span> standing() {
    std::vector<rule::testing::Span> out;
    for (const rule::Episode& e : episodes_of(office_.node(), Instant::min()))
      if (e.state != rule::State::withdrawn) out.push_back({e.instant, e.ended});
    std::ranges::sort(out, {}, &rule::testing::Span::instant);
    return out;
  }
  const node::Node& node() { return office_.node(); }

 private:
  void tell(const std::vector<rule::Finding>& found) {
    for (const rule::Finding& finding : found)
      for (node::Command& command : commands_for(finding, book_, stations_))
        (void)office_.submit(std::move(command));
    ASSERT_TRUE(office_.node().flush());
  }

  node::TestOffice office_;
  rulebook::Rulebook book_;
  observation::Stations stations_;
  std::optional<rule::Evaluator> rules_;
  std::vector<rule::Reading> stored_;
};

TEST(findings, the_log_alone_carries_the_rules_over_every_restart) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Dealer deal(seed);
    Rule rule = drawn_rule(deal);
    rule.issue = rulebook::Issue::person;
    const std::vector<rule::Reading> all = drawn_readings(deal, 400, 55);
    std::vector<rule::Reading> arriving = all;
    std::ranges::sort(arriving, {}, &rule::Reading::arrival);
    Office office(rule);
    for (std::size_t i = 0; i < arriving.size();) {
      const std::size_t n = std::min<std::size_t>(1 + deal.below(4), arriving.size() - i);
      const auto from = arriving.begin() + static_cast<std::ptrdiff_t>(i);
      office.deliver({from, from + static_cast<std::ptrdiff_t>(n)}, deal.one_in(15));
      if (deal.one_in(10)) office.restart(arriving[i + n - 1].arrival);
      i += n;
    }
    EXPECT_EQ(judged_at_once(rule, all), office.standing()) << "seed " << seed;
  }
}

TEST(findings, an_alarm_moved_by_late_data_stays_open_over_a_restart_inside_the_band) {
  Office office(limit_rule(2.5, 2.0, minutes(3)));
  for (int m = 4; m <= 7; ++m) office.deliver({reading(m, 3.0)});   // true at 7
  office.deliver({late(2, 8, 3.0), late(3, 8, 3.0)});               // so it was true at 5
  for (int m = 9; m < 200; ++m) office.deliver({reading(m, 2.2)});  // neither above nor over
  office.restart(at(200));
  ASSERT_EQ(office.node().alarms().size(), 1u);
  const alarm::Alarm& a = office.node().alarms().all().begin()->second.state;
  EXPECT_EQ(a.known.onset, at(2));
  EXPECT_EQ(a.known.at, at(5));
  EXPECT_EQ(a.raised.at, at(7)) << "what was told stands";
  EXPECT_FALSE(a.cleared || a.withdrawn);
}

TEST(findings, a_rise_is_told_with_its_time_and_the_level_it_reached) {
  Rule rise = limit_rule(0, 0, minutes(0));
  rise.condition = rulebook::Rate{rulebook::Rate::Direction::rise, 0.5, minutes(60), 0.5};
  Office office(rise);
  office.deliver({reading(0, 1.58), reading(30, 1.7), reading(60, 2.08)});
  ASSERT_EQ(office.node().alarms().size(), 1u);
  const alarm::Raised told = office.node().alarms().all().begin()->second.state.raised;
  EXPECT_DOUBLE_EQ(told.value, 0.5);
  EXPECT_EQ(told.change, (ChangeWithin{minutes(60), 2.08}));
  office.restart(at(61));
  EXPECT_EQ(office.node().alarms().all().begin()->second.state.raised.change, told.change);
}

TEST(findings, a_value_is_no_change) {
  Office office(limit_rule(2.5, 2.0, minutes(0)));
  office.deliver({reading(0, 3.0)});
  ASSERT_EQ(office.node().alarms().size(), 1u);
  EXPECT_FALSE(office.node().alarms().all().begin()->second.state.raised.change);
}

}  // namespace
}  // namespace tocsin::server
