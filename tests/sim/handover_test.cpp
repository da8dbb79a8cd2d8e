// 指挥权移交: who commands when offices cannot hear each other, and what becomes of the words of
// the one who lost.

#include <algorithm>

#include "sim/sim.h"

namespace tocsin::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

SIM_TEST(county_takes_command_while_the_township_is_cut_off) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town", hours(2));
  sim.link(county, town, {.loss = 0.3, .delay_max = seconds(30)});

  const WarningId flood = sim.issue(town, Level::orange);
  sim.run_until_quiet();

  sim.cut(county, town);
  county.must(node::AssumeCommand{"warning/" + flood.text, "启动二级响应"});
  county.must(node::ChangeLevel{flood, Level::red, "上游险情"});
  town.must(node::ChangeLevel{flood, Level::yellow, "水位回落"});  // has not heard
  town.crash_and_restart();
  sim.heal(county, town);
  sim.run_until_quiet();

  EXPECT_TRUE(sim.digest(county, town) == sim.digest(town, county));
  EXPECT_TRUE(town.node().warnings().state(flood.text).level == Level::red);
  EXPECT_EQ(county.node().warnings().find(flood.text)->review.size(), 1u);
  sim.check_calm();
}

SIM_TEST(a_township_that_claims_twice_does_not_overrule_the_county) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  auto& valley = sim.add("valley");
  sim.link(county, town, {});
  sim.link(county, valley, {});
  sim.link(town, valley, {});
  const WarningId flood = sim.issue(town, Level::orange);
  sim.run_until_quiet();

  sim.cut(county, town);
  sim.cut(county, valley);
  valley.must(node::AssumeCommand{"warning/" + flood.text, "就近指挥"});  // term 2
  sim.run(minutes(2));
  town.must(node::AssumeCommand{"warning/" + flood.text, "收回"});  // term 3, on top of it
  town.must(node::ChangeLevel{flood, Level::yellow, "水位回落"});
  county.must(node::AssumeCommand{"warning/" + flood.text, "启动二级响应"});  // term 2
  county.must(node::ChangeLevel{flood, Level::red, "上游险情"});
  sim.heal(county, town);
  sim.heal(county, valley);
  sim.run_until_quiet();
  for (const auto& machine : sim.machines()) {
    const auto* entry = machine->node().warnings().find(flood.text);
    EXPECT_EQ(entry->owner, "county");
    EXPECT_EQ(entry->term.number, 2u);
    EXPECT_TRUE(entry->state.level == Level::red);
    EXPECT_EQ(entry->review.size(), 1u);
  }
  sim.check_calm();
}

SIM_TEST(an_answer_taken_at_a_cut_off_township_outlives_the_loss_of_its_command) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {.loss = 0.2, .repeat = 0.2, .delay_max = minutes(1)});
  const WarningId flood = sim.issue(town, Level::red);
  const CallId call = sim.call_of(town, flood);
  sim.run_until_quiet();
  sim.cut(county, town);
  county.must(node::AssumeCommand{"warning/" + flood.text, "启动一级响应"});
  EXPECT_EQ(county.node().calls().find(call.text)->owner, "county");  // calls follow their warning
  town.must(node::GiveAnswer{call, 0, call::AnswerKind::done, 32, "", call::Channel::phone});
  sim.heal(county, town);
  sim.run_until_quiet();
  const auto* answer = call::settling(call::last_words(county.node().answers_to(call)));
  EXPECT_TRUE(answer != nullptr && answer->given.moved == 32);
  const auto asked = [&] {  // on a bad link the ladder may have climbed before the answer was heard
    const auto& rungs = county.node().calls().state(call.text).rungs;
    return std::ranges::count_if(rungs, [](const auto& rung) { return rung.asked_at.has_value(); });
  };
  const auto before = asked();
  sim.run(hours(1));
  EXPECT_EQ(asked(), before);  // the ladder rests
  sim.check_calm();
}

SIM_TEST(cannot_said_at_another_office_climbs_at_once) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town", -hours(24 * 365 * 26));  // its clock stands at the year 2000
  sim.link(county, town, {});
  const WarningId flood = sim.issue(county, Level::blue);
  const CallId call = sim.call_of(county, flood);
  sim.run_until_quiet();
  town.must(node::GiveAnswer{call, 0, call::AnswerKind::cannot, {}, "", call::Channel::phone});
  sim.run(minutes(3));  // a blue rung is given half an hour
  EXPECT_EQ(county.node().calls().state(call.text).current.value_or(-1), 1);
  sim.run_until_quiet();
  sim.check_calm();
}

SIM_TEST(a_cancelled_warning_ends_the_calls_of_every_office) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {});
  const WarningId flood = sim.issue(town, Level::orange);
  sim.run_until_quiet();
  sim.cut(county, town);
  county.must(node::AssumeCommand{"warning/" + flood.text, "接管"});
  town.must(node::ChangeLevel{flood, Level::red, "险情"});  // calls again, as its own
  county.must(node::CancelWarning{flood, "雨停"});
  sim.heal(county, town);
  sim.run_until_quiet();
  sim.run(minutes(2));
  for (const auto& machine : sim.machines()) {
    for (const std::string& id : machine->node().calls_of(flood))
      EXPECT_TRUE(machine->node().calls().state(id).phase == call::Phase::closed);
    EXPECT_TRUE(machine->node().outbox().empty());
  }
  sim.run_until_quiet();
  sim.check_calm();
}

SIM_TEST(both_offices_call_again_while_cut_and_each_call_is_told_apart) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {.repeat = 0.3, .delay_max = seconds(40)});
  const WarningId flood = sim.issue(town, Level::yellow);
  sim.run_until_quiet();
  sim.cut(county, town);
  county.must(node::AssumeCommand{"warning/" + flood.text, "接管"});
  county.must(node::ChangeLevel{flood, Level::orange, "上游"});
  town.must(node::ChangeLevel{flood, Level::red, "沟口"});
  sim.run(minutes(20));
  sim.heal(county, town);
  sim.run_until_quiet();
  EXPECT_TRUE(town.node().warnings().state(flood.text).level == Level::orange);
  county.must(node::ChangeLevel{flood, Level::red, "沟口"});
  sim.run_until_quiet();
  sim.check_calm();
}

}  // namespace
}  // namespace tocsin::sim
