#include "sim/machine.h"

#include "sim/story.h"

namespace tocsin::sim {
namespace {

constexpr Duration seal_after_quiet = std::chrono::seconds(10);
/// A wait may last its length, what a slow clock adds, and one turn.
constexpr Duration turn_longest = std::chrono::seconds(20);

std::uint64_t records_of(const node::Node& node) {
  std::uint64_t out = 0;
  for (const node::Tail& tail : node.journal().tails()) out += tail.seq;
  return out;
}

bool same(const node::Receipt& a, const node::Receipt& b) {
  return a.log == b.log && a.seq == b.seq && a.id == b.id && a.command == b.command && a.at == b.at;
}

}  // namespace

Machine::Machine(World& world, node::Setup setup, Duration clock_off, std::uint64_t seed)
    : world_(world),
      setup_(std::move(setup)),
      dice_(seed),
      key_(log::make_signing_key(dice_)),
      off_(clock_off),
      set_at_(world.now) {
  start();
}

node::Node& Machine::node() {
  EXPECT_TRUE(up());
  return *node_;
}

Instant Machine::clock() const {
  const double ran = static_cast<double>((world_.now - set_at_).count());
  return world_.now + off_ + Duration(static_cast<std::int64_t>(ran * drift_));
}

void Machine::set_clock(Duration off, double drift) {
  off_ = off;
  drift_ = drift;
  set_at_ = world_.now;
  ++clock_sets_;
  world_.note(name() + " has its clock set to " + iso_utc(clock()));
}

std::string Machine::new_id() { return setup_.name + "-" + std::to_string(++commands_); }

void Machine::queue(node::Command command, std::function<void(const Answer&)> done) {
  jobs_.push_back({{"post/duty", new_id(), std::move(command)}, std::move(done)});
}

Answer Machine::ask(node::Command command) {
  Answer out;
  queue(std::move(command), [&](const Answer& answer) { out = answer; });
  turn();
  return out;
}

node::Receipt Machine::must(node::Command command) {
  const Answer answer = ask(std::move(command));
  if (!answer) world_.note(name() + " refuses: " + answer.refused);
  EXPECT_TRUE(answer);
  return *answer.receipt;
}

void Machine::ask_again() {
  for (node::Request& request : std::exchange(unanswered_, {}))
    jobs_.push_back({std::move(request), {}});
}

void Machine::turn() {
  if (!up()) {
    for (Job& job : std::exchange(jobs_, {})) lose(std::move(job));
    return;
  }
  try {
    work();
  } catch (const PowerCut&) {
    crash();
  }
}

void Machine::tick(Instant now) {
  const bool held = node_->held();
  const std::uint64_t before = held ? records_of(*node_) : 0;
  node_->tick(now);
  if (held) EXPECT_EQ(records_of(*node_), before);  // no timer fires while the node is held
}

void Machine::work() {
  const Instant now = clock();
  tick(now);
  const std::vector<Job> jobs = std::exchange(jobs_, {});
  std::vector<std::expected<node::Receipt, Refusal>> decided;
  for (const Job& job : jobs) {
    note_calling_again(job.request.command);
    decided.push_back(node_->submit(job.request, now));
  }
  if (!node_->unsealed())
    unsealed_since_.reset();
  else if (!unsealed_since_)
    unsealed_since_ = world_.now;
  if (unsealed_since_ && world_.now - *unsealed_since_ >= seal_after_quiet) node_->seal();
  bool kept = false;
  try {
    kept = flush();
  } catch (const PowerCut&) {
    for (const Job& job : jobs) lose(job);
    throw;
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (!kept && decided[i]) {
      lose(jobs[i]);
      continue;
    }
    if (decided[i]) promise(jobs[i].request, *decided[i]);
    Answer answer;
    if (decided[i]) answer.receipt = *decided[i];
    if (!decided[i]) answer.refused = decided[i].error().code;
    if (jobs[i].done) jobs[i].done(answer);
  }
  if (!kept) return reload();
  mailer_.turn(*node_, world_, now, [&](const node::ReportDelivery& what, auto heard) {
    jobs_.push_back({{"node/mailer", "", what}, [heard](const Answer& answer) {
                       heard(answer || !answer.refused.empty(), bool(answer));
                     }});
  });
  watch_waits();
}

bool Machine::flush() {
  if (!node_->dirty()) return true;
  const auto kept = node_->flush();
  if (!kept) world_.note(name() + ": " + kept.error().code);
  return kept.has_value();
}

void Machine::reload() {
  node_.reset();
  start();
}

void Machine::lose(Job job) {
  if (!job.request.command_id.empty()) unanswered_.push_back(std::move(job.request));
  if (job.done) job.done({});
}

void Machine::promise(const node::Request& request, const node::Receipt& receipt) {
  if (request.command_id.empty()) return;
  const auto known = promise_by_id_.find(request.command_id);
  if (known != promise_by_id_.end()) {
    EXPECT_TRUE(same(promises_[known->second].receipt, receipt));
    return;
  }
  auto records = disk_.records(receipt.log, receipt.seq, receipt.seq);
  std::string bytes = records && !records->empty() ? std::move(records->front()) : std::string();
  promise_by_id_[request.command_id] = promises_.size();
  promises_.push_back({request, receipt, std::move(bytes), false});
}

void Machine::note_calling_again(const node::Command& command) {
  if (const auto* recall = std::get_if<node::RecallWarning>(&command))
    ++world_.called_again[recall->warning.text];
  if (const auto* resend = std::get_if<node::Resend>(&command))
    ++world_.called_again[node_->calls().state(resend->call.text).opened.warning.text];
}

void Machine::hand_out() {
  if (!up()) return;
  try {
    if (node_->unsealed()) node_->seal();
    if (!flush()) reload();
  } catch (const PowerCut&) {
    crash();
  }
}

std::vector<log::Segment> Machine::lacking(const node::Have& have,
                                           const std::function<bool(const log::LogId&)>& audience) {
  return up() && !node_->dirty() ? node_->lacking(have, audience) : std::vector<log::Segment>();
}

Result<void> Machine::accept(const log::Segment& segment) {
  if (!up()) return {};
  try {
    auto taken = node_->accept(segment, clock());
    const bool disk = !taken && taken.error().code.starts_with("store.");
    if (disk) reload();
    return taken;
  } catch (const PowerCut&) {
    crash();
    return {};
  }
}

void Machine::crash() {
  if (!up()) return;
  world_.note(name() + " dies");
  node_.reset();
  disk_.lose_power();
  mailer_.die();
  for (Job& job : std::exchange(jobs_, {})) lose(std::move(job));
}

void Machine::start() {
  if (up()) return;
  auto node = std::make_unique<node::Node>(setup_, disk_, keyring_, dice_, key_);
  const auto loaded = node->load(clock(), {});
  if (!loaded)
    world_.note(name() + " cannot start: " + loaded.error().code + " " + loaded.error().field);
  EXPECT_TRUE(loaded);
  node_ = std::move(node);
  watches_.clear();
  unsealed_since_.reset();
  check_promises(false);
  try {
    if (!flush()) node_.reset();  // the disk is full: it stays down until there is room
  } catch (const PowerCut&) {
    crash();
  }
}

void Machine::crash_and_restart() {
  crash();
  start();
}

void Machine::restore(Disk::Contents backup, const std::function<bool(const Promise&)>& elsewhere) {
  backup.marks["restored"] = "{}";
  set_back(std::move(backup), elsewhere);
}

void Machine::set_back(Disk::Contents contents,
                       const std::function<bool(const Promise&)>& elsewhere) {
  crash();
  world_.note(name() + " goes on from an older disk");
  disk_.replace(std::move(contents));
  ++world_.restores;
  mailer_.forget();
  lost_since(elsewhere);
  start();
}

void Machine::lost_since(const std::function<bool(const Promise&)>& elsewhere) {
  std::vector<Promise> kept;
  promise_by_id_.clear();
  for (Promise& p : promises_) {
    const auto here = disk_.records(p.receipt.log, p.receipt.seq, p.receipt.seq);
    const bool on_disk = here && !here->empty() && here->front() == p.bytes;
    if (!on_disk && !elsewhere(p)) continue;
    p.awaited = !on_disk;
    if (on_disk) promise_by_id_[p.request.command_id] = kept.size();
    kept.push_back(std::move(p));
  }
  promises_ = std::move(kept);
}

void Machine::give_up(const std::function<bool(const Promise&)>& held_somewhere) {
  std::vector<Promise> kept;
  promise_by_id_.clear();
  for (Promise& p : promises_) {
    const auto here = disk_.records(p.receipt.log, p.receipt.seq, p.receipt.seq);
    const bool fetched = here && !here->empty() && here->front() == p.bytes;
    if (p.awaited && !fetched && !held_somewhere(p)) continue;
    if (!p.awaited) promise_by_id_[p.request.command_id] = kept.size();
    kept.push_back(std::move(p));
  }
  promises_ = std::move(kept);
}

void Machine::check_promises(bool all) const {
  for (const Promise& p : promises_) {
    if (p.awaited && !all) continue;
    const auto there = disk_.records(p.receipt.log, p.receipt.seq, p.receipt.seq);
    if (there && there->size() == 1 && there->front() == p.bytes && !p.bytes.empty()) continue;
    broke(__FILE__, __LINE__,
          name() + " has lost what it acknowledged: " + p.receipt.log + "#" +
              std::to_string(p.receipt.seq) + " (" + p.request.command_id + ")");
  }
}

void Machine::check_repeat(const Promise& promise) {
  if (!up() || promise.awaited) return;
  const auto again = node_->submit(promise.request, clock());
  EXPECT_TRUE(again);
  EXPECT_TRUE(same(*again, promise.receipt));
}

void Machine::watch_waits() {
  for (const auto& [id, entry] : node_->calls().all()) {
    const call::Call& call = entry.state;
    for (const call::RungState& rung : call.rungs)
      EXPECT_TRUE(rung.times_asked <=
                  1 + world_.restores + world_.called_again[call.opened.warning.text]);
    const auto words = call::last_words(node_->answers_to({id}));
    const auto wait = call::waiting(call, words);
    if (!wait || entry.owner != name() || node_->held()) {
      watches_.erase(id);
      continue;
    }
    const int asked = call.rungs[static_cast<std::size_t>(*call.current)].times_asked;
    auto [at, fresh] =
        watches_.try_emplace(id, Watch{*call.current, asked, world_.now, clock_sets_});
    Watch& watch = at->second;
    if (watch.rung != *call.current || watch.times_asked != asked)
      watch = {*call.current, asked, world_.now, clock_sets_};
    // What passes between a turn and a clock put back before the next one cannot be known.
    const Duration most =
        wait->length + wait->length / 50 + turn_longest * (1 + clock_sets_ - watch.clock_sets);
    if (world_.now - watch.since <= most) continue;
    broke(__FILE__, __LINE__, name() + ": call/" + id + " waits longer than its length");
  }
}

}  // namespace tocsin::sim
