// 自备份恢复: an office that goes on from an older state of its disk.

#include <algorithm>

#include "sim/sim.h"

namespace tocsin::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

SIM_TEST(a_restored_county_is_silent_and_does_not_lower_what_it_has_forgotten) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {.loss = 0.2, .delay_max = seconds(20)});
  const WarningId flood = sim.issue(county, Level::yellow);
  sim.run_until_quiet();
  const Disk::Contents backup = county.disk().contents();
  county.must(node::ChangeLevel{flood, Level::red, "上游险情"});
  sim.run_until_quiet();
  const std::size_t mails = county.mailer().sent().size();

  sim.cut(county, town);
  sim.restore(county, backup);
  sim.run(hours(2));  // yesterday's timers stay silent, and so does the mailer
  EXPECT_EQ(county.mailer().sent().size(), mails);
  county.must(node::AcknowledgeWarning{flood});  // an order, before it has heard of the red
  sim.heal(county, town);
  sim.run_until_quiet();
  for (const auto& machine : sim.machines()) {
    const auto* entry = machine->node().warnings().find(flood.text);
    EXPECT_TRUE(entry->state.level == Level::red);  // from its own tail, fetched from the township
    EXPECT_TRUE(entry->review.empty());
  }
  EXPECT_EQ(county.node().warnings().find(flood.text)->term.number, 2u);
  county.must(node::Release{"已核对"});
  sim.run(minutes(30));
  sim.run_until_quiet();
  sim.check_calm();
}

SIM_TEST(the_same_backup_restored_twice_writes_nothing_twice) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {});
  const WarningId first = sim.issue(county, Level::yellow);
  sim.run_until_quiet();
  const Disk::Contents backup = county.disk().contents();
  sim.restore(county, backup);
  county.must(node::Release{"第一次"});
  const WarningId second = sim.issue(county, Level::orange, "FXD-2");
  sim.run_until_quiet();
  sim.cut(county, town);
  sim.restore(county, backup);
  EXPECT_TRUE(county.node().held());
  const WarningId third = sim.issue(county, Level::red, "FXD-2");
  sim.heal(county, town);
  sim.run_until_quiet();
  for (const WarningId& id : {first, second, third})
    for (const auto& machine : sim.machines())
      EXPECT_TRUE(machine->node().warnings().find(id.text) != nullptr);
  EXPECT_TRUE(county.node().held());  // what was let go before the second restore does not count
  county.must(node::Release{"第二次"});
  sim.run_until_quiet();
  sim.check_calm();
}

SIM_TEST(a_disk_put_back_without_a_word_is_noticed) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {});
  const WarningId flood = sim.issue(county, Level::yellow);
  sim.run_until_quiet();
  const Disk::Contents old = county.disk().contents();
  county.must(node::ChangeLevel{flood, Level::red, "上游险情"});
  sim.run_until_quiet();
  sim.set_back(county, old);
  sim.run_until_quiet();
  EXPECT_TRUE(county.node().held());  // the township holds records of ours that we lack
  EXPECT_TRUE(county.node().warnings().state(flood.text).level == Level::red);
  county.must(node::Release{"已核对"});
  sim.issue(county, Level::orange, "FXD-2");
  sim.run_until_quiet();
  sim.check_calm();
}

SIM_TEST(a_copied_disk_forks_one_log_and_stops_nothing_else) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {});
  sim.issue(county, Level::yellow);
  sim.run_until_quiet();
  const Disk::Contents old = county.disk().contents();
  sim.issue(county, Level::red);
  sim.run_until_quiet();
  sim.cut(county, town);
  sim.set_back(county, old);
  const WarningId other = sim.issue(county, Level::orange);  // the same numbers, other words
  sim.heal(county, town);
  sim.run(minutes(5));
  EXPECT_TRUE(county.node().held());
  county.must(node::Release{"已核对"});
  const WarningId later = sim.issue(county, Level::blue, "FXD-2");
  const WarningId theirs = sim.issue(town, Level::blue);
  sim.run(minutes(5));
  EXPECT_TRUE(town.node().warnings().find(later.text) != nullptr);
  EXPECT_TRUE(county.node().warnings().find(theirs.text) != nullptr);
  EXPECT_TRUE(town.node().warnings().find(other.text) == nullptr);  // until a person rules
  const auto fork = [](const node::ForReview& r) { return r.why == "sync.forked"; };
  EXPECT_TRUE(std::ranges::any_of(county.node().review(), fork));
}

SIM_TEST(what_nobody_had_sealed_before_a_restore_still_reaches_the_others) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {});
  const WarningId flood = sim.issue(town, Level::yellow);
  const Disk::Contents backup = town.disk().contents();  // written, not yet sealed
  sim.restore(town, backup);
  sim.run_until_quiet();
  EXPECT_TRUE(county.node().warnings().find(flood.text) != nullptr);
  town.must(node::Release{"已核对"});
  sim.run_until_quiet();
  sim.check_calm();
}

}  // namespace
}  // namespace tocsin::sim
