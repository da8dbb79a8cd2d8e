#include "sim/sim.h"

#include <algorithm>
#include <exception>

#include "sim/calm.h"

namespace tocsin::sim {
namespace {

constexpr Duration step_length = std::chrono::seconds(10);
constexpr Duration announce_every = std::chrono::seconds(60);
constexpr Duration quiet_within = std::chrono::hours(2);

bool sees(const Machine& machine, std::string_view lane) {
  if (lane == "alert") return true;
  constexpr std::string_view work = "work/";
  return lane.starts_with(work) && lane.substr(work.size()).starts_with(machine.setup().area);
}

}  // namespace

Sim::~Sim() {
  if (std::uncaught_exceptions() > 0)
    last_account() = {world_.account.begin(), world_.account.end()};
}

Machine& Sim::add(const std::string& name, Duration clock_off) {
  const bool county = name == "county";
  const char* area = county ? county_area : name == "town" ? town_area : valley_area;
  machines_.push_back(std::make_unique<Machine>(world_, setup_of(name, county ? 1 : 2, area),
                                                clock_off, world_.luck.dice().next()));
  Machine& machine = *machines_.back();
  for (const node::Command& command : first_day()) machine.queue(command);
  machine.turn();
  return machine;
}

std::size_t Sim::index_of(const Machine& machine) const {
  const auto at = std::ranges::find(machines_, &machine, &std::unique_ptr<Machine>::get);
  TOCSIN_CHECK(at != machines_.end());
  return static_cast<std::size_t>(at - machines_.begin());
}

Sim::Cable& Sim::cable(const Machine& a, const Machine& b) {
  const std::size_t i = index_of(a), k = index_of(b);
  return cables_[{std::min(i, k), std::max(i, k)}];
}

void Sim::link(Machine& a, Machine& b, Line line) { cable(a, b) = {line, false}; }

void Sim::heal_all() {
  for (auto& [pair, cable] : cables_) cable = {Line{}, false};
}

void Sim::run(Duration length) {
  for (const Instant end = world_.now + length; world_.now < end;) step();
}

void Sim::step() {
  world_.now += step_length;
  while (!under_way_.empty() && under_way_.begin()->first <= world_.now) {
    const Message message = std::move(under_way_.begin()->second);
    under_way_.erase(under_way_.begin());
    deliver(message);
  }
  for (const auto& machine : machines_) machine->turn();
  if (world_.now - announced_ < announce_every) return;
  announced_ = world_.now;
  for (std::size_t i = 0; i < machines_.size(); ++i) announce(i);
}

void Sim::announce(std::size_t from) {
  if (!machines_[from]->up()) return;
  const auto have = std::make_shared<const node::Have>(machines_[from]->node().have());
  for (std::size_t to = 0; to < machines_.size(); ++to)
    if (to != from) send(from, to, have);
}

void Sim::send(std::size_t from, std::size_t to, const Carried& what) {
  const auto at = cables_.find({std::min(from, to), std::max(from, to)});
  if (at == cables_.end() || at->second.cut) return;
  const Line& line = at->second.line;
  if (world_.luck.chance(line.loss)) return;
  const int times = world_.luck.chance(line.repeat) ? 2 : 1;
  for (int i = 0; i < times; ++i)
    under_way_.insert({world_.now + world_.luck.upto(line.delay_max), {from, to, what}});
}

void Sim::deliver(const Message& message) {
  Machine &to = *machines_[message.to], &from = *machines_[message.from];
  if (!to.up()) return;
  if (const auto* have = std::get_if<std::shared_ptr<const node::Have>>(&message.what)) {
    to.hand_out();
    for (log::Segment& segment :
         to.lacking(**have, [&](const log::LogId& log) { return both_see(to, from, log); }))
      send(message.to, message.from, std::make_shared<const log::Segment>(std::move(segment)));
    return;
  }
  const auto taken = to.accept(*std::get<std::shared_ptr<const log::Segment>>(message.what));
  if (!taken && taken.error().code != "sync.gap")
    world_.note(to.name() + " does not take a segment of " + from.name() + ": " +
                taken.error().code + " " + taken.error().field);
}

bool Sim::both_see(const Machine& a, const Machine& b, const log::LogId& log) {
  return sees(a, log.lane) && sees(b, log.lane);
}

bool Sim::quiet() const {
  for (const auto& machine : machines_)
    if (!machine->up() || machine->node().dirty() || machine->node().unsealed()) return false;
  std::vector<node::Have> held;
  for (const auto& machine : machines_) held.push_back(machine->node().have());
  for (std::size_t a = 0; a < machines_.size(); ++a)
    for (std::size_t b = 0; b < machines_.size(); ++b)
      for (const auto& [log, head] : held[a]) {
        const auto there = held[b].find(log);
        if ((there == held[b].end() ? log::Head{} : there->second) == head) continue;
        const auto id = log::parse_log_id(log);
        if (id && both_see(*machines_[a], *machines_[b], *id)) return false;
      }
  return true;
}

void Sim::run_until_quiet() {
  const Instant end = world_.now + quiet_within;
  do {
    if (world_.now >= end) broke(__FILE__, __LINE__, "it does not become quiet");
    step();
  } while (!quiet());
}

bool Sim::held_elsewhere(const Machine& machine, const Promise& promise) const {
  return std::ranges::any_of(machines_, [&](const auto& other) {
    if (other.get() == &machine) return false;
    const auto there =
        other->disk().records(promise.receipt.log, promise.receipt.seq, promise.receipt.seq);
    return there && !there->empty() && there->front() == promise.bytes;
  });
}

/// The last disk that held what another office awaits may have been the one that was replaced.
void Sim::give_up_what_is_gone() {
  for (const auto& machine : machines_)
    machine->give_up([&](const Promise& p) { return held_elsewhere(*machine, p); });
}

void Sim::restore(Machine& machine, const Disk::Contents& backup) {
  machine.restore(backup, [&](const Promise& p) { return held_elsewhere(machine, p); });
  give_up_what_is_gone();
}

void Sim::set_back(Machine& machine, const Disk::Contents& contents) {
  machine.set_back(contents, [&](const Promise& p) { return held_elsewhere(machine, p); });
  give_up_what_is_gone();
}

log::Hash Sim::digest(Machine& of, const Machine& with) {
  return of.node().digest([&](const log::LogId& log) { return both_see(of, with, log); });
}

void Sim::check_calm() {
  for (const auto& a : machines_) {
    a->check_promises(true);
    check_review(*a);
    check_fresh_load(*a);
    check_chains(*a);
    check_keys(*a);
    for (const auto& b : machines_)
      if (a != b) EXPECT_TRUE(digest(*a, *b) == digest(*b, *a));
  }
}

WarningId Sim::issue(Machine& at, Level level, const std::string& risk_point, Duration valid) {
  return {at.must(node::IssueWarning{words(level, risk_point, at.clock(), valid)}).id};
}

CallId Sim::call_of(Machine& at, const WarningId& warning) {
  EXPECT_EQ(at.node().calls_of(warning).size(), 1u);
  return {*at.node().calls_of(warning).begin()};
}

}  // namespace tocsin::sim
