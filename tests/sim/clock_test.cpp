// Clocks that are wrong, corrected, and wrong again.

#include "sim/sim.h"

namespace tocsin::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

SIM_TEST(a_clock_days_fast_that_is_corrected_makes_nobody_wait_days) {
  Sim sim(seed);
  auto& county = sim.add("county", hours(48));
  const WarningId flood = sim.issue(county, Level::orange, "FXD-1", hours(1));
  const CallId call = sim.call_of(county, flood);
  sim.run(minutes(2));
  county.set_clock(seconds(0));
  if (sim.luck().chance(0.5)) county.crash_and_restart();
  sim.run(minutes(6));
  EXPECT_EQ(county.node().calls().state(call.text).current.value_or(-1), 1);
  sim.run(hours(1));
  EXPECT_TRUE(county.node().warnings().state(flood.text).phase == warning::Phase::expired);
  sim.check_calm();
}

SIM_TEST(a_clock_put_back_again_and_again_does_not_stretch_a_wait) {
  Sim sim(seed);
  auto& county = sim.add("county");
  const CallId call = sim.call_of(county, sim.issue(county, Level::red));
  Duration back{};
  for (int i = 0; i < 10; ++i) {
    sim.run(seconds(30));
    back -= sim.luck().upto(sim.luck().chance(0.5) ? seconds(50) : seconds(3600));
    county.set_clock(back);
  }
  // The rung was given 300 s; a turn of 10 s is lost with each step back, since nobody saw it.
  sim.run(seconds(110));
  EXPECT_EQ(county.node().calls().state(call.text).current.value_or(-1), 1);
}

SIM_TEST(an_office_in_the_year_2000_takes_part_like_any_other) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town", -hours(24 * 365 * 26));
  sim.link(county, town, {.loss = 0.2, .delay_max = seconds(20)});
  const WarningId ours = sim.issue(county, Level::orange);
  const WarningId theirs = sim.issue(town, Level::red);
  sim.run_until_quiet();
  EXPECT_TRUE(town.node().warnings().find(ours.text) != nullptr);
  EXPECT_TRUE(county.node().warnings().find(theirs.text) != nullptr);
  town.must(node::AssumeCommand{"warning/" + ours.text, "就近指挥"});
  sim.run(minutes(6));
  const CallId call = sim.call_of(town, ours);
  EXPECT_TRUE(town.node().calls().state(call.text).current.value_or(-1) >= 1);
  town.set_clock(seconds(0));
  sim.run_until_quiet();
  EXPECT_TRUE(county.node().journal().epoch() == 1);
  sim.check_calm();
}

SIM_TEST(a_neighbour_two_days_ahead_does_not_drag_our_clock_along) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town", hours(48));
  sim.link(county, town, {});
  sim.issue(town, Level::blue);
  sim.run_until_quiet();
  const auto receipt =
      county.must(node::IssueWarning{words(Level::blue, "FXD-2", county.clock(), hours(6))});
  EXPECT_TRUE(receipt.at < county.clock() + minutes(5));
  sim.run_until_quiet();
  sim.check_calm();
}

}  // namespace
}  // namespace tocsin::sim
