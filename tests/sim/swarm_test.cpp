// One night drawn whole from its seed. First a storm: orders, answers and claims at every office
// while links are cut, machines die, disks fill up or are put back, clocks jump. Machine and Mailer
// watch all the while what must never happen. Then calm: links are healed, clocks set right, people
// release what was held; and all must agree, with nothing acknowledged lost.

#include <algorithm>

#include "sim/sim.h"

namespace tocsin::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Swarm {
 public:
  explicit Swarm(std::uint64_t seed) : sim_(seed), luck_(sim_.luck()) {}

  void storm() {
    sim_.add("county", any_clock());
    sim_.add("town", any_clock());
    if (luck_.chance(0.4)) sim_.add("valley", any_clock());
    for (const auto& a : sim_.machines())
      for (const auto& b : sim_.machines())
        if (a != b) sim_.link(*a, *b, any_line());
    for (const auto& machine : sim_.machines()) machine->mailer().set_refusals(refusals_);
    const std::uint64_t turns = 40 + luck_.below(40);
    for (std::uint64_t i = 0; i < turns; ++i) {
      if (luck_.chance(0.7)) order(any_machine());
      if (luck_.chance(0.2)) harm(any_machine());
      sim_.run(luck_.chance(0.1) ? luck_.upto(minutes(20)) : luck_.upto(seconds(60)));
    }
  }

  void calm() {
    sim_.heal_all();
    for (const auto& machine : sim_.machines()) {
      machine->disk().set_full(false);
      machine->disk().set_fate(Disk::Fate::nothing);
      machine->set_clock(Duration(0));
      machine->start();
      machine->ask_again();
    }
    sim_.run_until_quiet();  // whoever was restored has fetched its own tail
    for (const auto& machine : sim_.machines())
      if (machine->node().held()) machine->must(node::Release{"已核对"});
    sim_.run(minutes(30));
    for (const auto& machine : sim_.machines()) machine->ask_again();
    sim_.run_until_quiet();
    for (const auto& machine : sim_.machines()) EXPECT_EQ(machine->unanswered(), 0u);
    sim_.check_calm();
    for (const auto& machine : sim_.machines())
      for (const Promise& promise : machine->promises()) machine->check_repeat(promise);
  }

 private:
  Machine& any_machine() { return *luck_.one_of(sim_.machines()); }
  Duration any_clock() {
    if (luck_.chance(0.6)) return Duration(0);
    if (luck_.chance(0.2)) return -hours(24 * 365 * 26);  // the year 2000
    return luck_.upto(hours(96)) - hours(48);
  }
  Line any_line() {
    return {.loss = luck_.chance(0.5) ? 0.3 : 0.0,
            .repeat = luck_.chance(0.5) ? 0.2 : 0.0,
            .delay_max = luck_.chance(0.5) ? seconds(1) : seconds(90)};
  }
  Level any_level() { return static_cast<Level>(1 + luck_.below(4)); }

  template <class Shelf>
  std::string any_of(const Shelf& shelf) {
    std::vector<std::string> ids;
    for (const auto& [id, entry] : shelf.all())
      if (entry.exists) ids.push_back(id);
    if (ids.empty()) return {};
    std::ranges::sort(ids);
    return luck_.one_of(ids);
  }

  void order(Machine& at) {
    if (!at.up()) return;
    const WarningId warning{any_of(at.node().warnings())};
    const CallId call{any_of(at.node().calls())};
    const std::uint64_t what = warning.empty() || call.empty() ? 0 : luck_.below(16);
    if (what < 3) {
      at.queue(node::IssueWarning{words(any_level(), luck_.chance(0.5) ? "FXD-1" : "FXD-2",
                                        at.clock(), minutes(1) + luck_.upto(hours(3)))});
    } else if (what < 6) {
      at.queue(node::ChangeLevel{warning, any_level(), "研判"});
    } else if (what < 7) {
      at.queue(node::CancelWarning{warning, "雨停"});
    } else if (what < 8) {
      at.queue(node::RecallWarning{warning});
    } else if (what < 9) {
      at.queue(node::Resend{call});
    } else if (what < 11) {
      at.queue(node::AssumeCommand{
          luck_.chance(0.8) ? "warning/" + warning.text : "call/" + call.text, "接管"});
    } else if (what < 12) {
      at.queue(node::AcknowledgeWarning{warning});
    } else if (what < 13) {
      at.queue(node::NoteAttempt{call, any_rung(at, call), "no_answer", ""});
    } else {
      answer(at, call);
    }
    if (luck_.chance(0.3)) at.turn();
    if (luck_.chance(0.1) && !at.promises().empty()) at.check_repeat(luck_.one_of(at.promises()));
  }

  int any_rung(Machine& at, const CallId& call) {
    const auto& rungs = at.node().calls().state(call.text).rungs;
    return rungs.empty() ? 0 : static_cast<int>(luck_.below(rungs.size()));
  }

  void answer(Machine& at, const CallId& call) {
    node::GiveAnswer given{call, any_rung(at, call),  call::AnswerKind::received, {},
                           "",   call::Channel::phone};
    if (luck_.chance(0.4)) given.kind = call::AnswerKind::cannot;
    if (luck_.chance(0.3)) {
      given.kind = call::AnswerKind::done;
      given.moved = static_cast<int>(luck_.below(30));
    }
    at.queue(std::move(given));
  }

  void harm(Machine& at) {
    Machine& other = any_machine();
    switch (luck_.below(9)) {
      case 0:
        return at.crash();
      case 1:
        return at.crash_and_restart();
      case 2:
        return at.disk().set_fate(luck_.chance(0.5) ? Disk::Fate::dies_before_sync
                                                    : Disk::Fate::dies_after_sync);
      case 3:
        return &at == &other ? void() : sim_.cut(at, other);
      case 4:
        return &at == &other ? void() : sim_.heal(at, other);
      case 5:
        return at.set_clock(any_clock(), luck_.chance(0.3) ? 0.01 : 0.0);
      case 6:
        return full_or_not(at);
      case 7:
        return back_up_or_restore(at);
      default:
        return wake(at);
    }
  }

  void full_or_not(Machine& at) {
    const bool full = luck_.chance(0.3);
    at.disk().set_full(full);
    if (!full) at.start();
  }

  void back_up_or_restore(Machine& at) {
    const auto known = backups_.find(at.name());
    if (known == backups_.end() || luck_.chance(0.5)) {
      backups_[at.name()] = at.disk().contents();
      return;
    }
    at.disk().set_full(false);
    sim_.restore(at, known->second);
  }

  /// Somebody comes, starts what is down, and sometimes lets go what is held.
  void wake(Machine& at) {
    at.disk().set_full(false);
    at.start();
    at.ask_again();
    if (at.up() && at.node().held() && luck_.chance(0.5)) at.queue(node::Release{"已核对"});
  }

  Sim sim_;
  Luck& luck_;
  const double refusals_ = luck_.chance(0.3) ? 0.4 : 0.0;
  std::map<std::string, Disk::Contents> backups_;
};

SIM_TEST(swarm) {
  Swarm swarm(seed);
  swarm.storm();
  swarm.calm();
}

}  // namespace
}  // namespace tocsin::sim
