// 个人信息到期销毁: words vanish when their time is over, at every office that has a key of its
// own.

#include "node/ids.h"
#include "sim/sim.h"

namespace tocsin::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// What was said at an office about a warning, as it stands in the log there.
log::PartRef said_at(Machine& at, const CallId& call) {
  at.must(
      node::GiveAnswer{call, 0, call::AnswerKind::received, {}, "路断了", call::Channel::phone});
  for (const call::Answer* answer : at.node().answers_to(call))
    if (answer->given.words && at.node().open(*answer->given.words)) return *answer->given.words;
  broke(__FILE__, __LINE__, "no words were kept");
}

SIM_TEST(every_office_destroys_the_words_it_keeps_also_one_that_was_cut_off_or_restored) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {.loss = 0.2, .delay_max = minutes(1)});
  const WarningId flood = sim.issue(county, Level::orange, "FXD-1", hours(2));
  sim.run_until_quiet();
  const CallId call = sim.call_of(county, flood);
  const log::PartRef here = said_at(county, call), there = said_at(town, call);
  sim.run_until_quiet();
  const Disk::Contents backup = county.disk().contents();
  const log::MemoryKeyring old_keys = county.keyring();
  sim.cut(county, town);

  sim.run(hours(2) + minutes(5));  // it has expired, which the township never hears
  if (sim.luck().chance(0.5)) town.crash_and_restart();
  sim.run(hours(8));
  for (const auto& [machine, words] : {std::pair(&county, &here), std::pair(&town, &there)}) {
    EXPECT_TRUE(machine->node().office().destroyed.contains(node::case_of(flood)));
    EXPECT_EQ(machine->node().open(*words).error().code, "key.destroyed");
  }

  county.keyring() = old_keys;  // everything comes back from copies, and nothing can be read
  sim.restore(county, backup);
  EXPECT_TRUE(county.node().held());
  sim.run(minutes(1));
  EXPECT_EQ(county.node().open(here).error().code, "key.destroyed");
  sim.heal(county, town);
  sim.run_until_quiet();
  county.must(node::Release{"已核对"});
  sim.run(minutes(30));
  sim.run_until_quiet();
  EXPECT_EQ(county.keyring().find(node::case_of(flood)).error().code, "key.destroyed");
  sim.check_calm();
}

}  // namespace
}  // namespace tocsin::sim
