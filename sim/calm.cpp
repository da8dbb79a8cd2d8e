#include "sim/calm.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "log/chain.h"
#include "sim/story.h"

namespace tocsin::sim {
namespace {

std::string time_text(const std::optional<Instant>& at) { return at ? iso_utc(*at) : "-"; }

std::string text_of(const warning::Warning& w) {
  return fmt::format("phase {} level {} issued {} changed {} ended {} levels {} alarms {} ack {}",
                     static_cast<int>(w.phase), static_cast<int>(w.level), iso_utc(w.issued_at),
                     iso_utc(w.changed_at), iso_utc(w.ended_at), w.levels.size(), w.alarms.size(),
                     w.acknowledged_by);
}

std::string text_of(const call::Call& c) {
  std::string out =
      fmt::format("phase {} of {} round {} current {} why {}", static_cast<int>(c.phase),
                  c.opened.warning.text, c.opened.round, c.current.value_or(-1), c.closed_why);
  for (const call::RungState& r : c.rungs)
    out += fmt::format(" [{} x{} over {} failed {} up {} tries {} left {}]", time_text(r.asked_at),
                       r.times_asked, time_text(r.handed_over_at), r.failures, r.given_up,
                       r.attempts.size(), r.left);
  return out;
}

std::string text_of(const call::Answer& a) {
  return fmt::format("to {} rung {} kind {} moved {} at {} by {}", a.given.call.text, a.given.rung,
                     static_cast<int>(a.given.kind), a.given.moved.value_or(-1), iso_utc(a.at),
                     a.by);
}

std::string text_of(const alarm::Alarm& a) {
  return fmt::format("phase {} warning {} decided {}", static_cast<int>(a.phase), a.warning.text,
                     a.decided_by);
}

std::string text_of(const office::Office& o) {
  return fmt::format("held {} since {} released {}", o.held, iso_utc(o.held_since),
                     iso_utc(o.released_at));
}

template <class Shelf>
void put(std::vector<std::string>& out, std::string_view kind, const Shelf& shelf) {
  for (const auto& [id, entry] : shelf.all()) {
    if (!entry.exists) continue;
    out.push_back(fmt::format("{}/{} {} of {} to {}: {}", kind, id, log::text_of(entry.term),
                              entry.owner, entry.last_seq, text_of(entry.state)));
  }
}

/// How many records of orders and facts each entity has on the disk.
std::map<std::string, std::size_t> records_by_entity(const Machine& machine) {
  std::map<std::string, std::size_t> out;
  const auto walked = machine.disk().each_record([&](std::string_view bytes) {
    const auto header = log::parse_header(bytes);
    EXPECT_TRUE(header);
    if (header->type != office::Claimed::type) ++out[std::string(header->entity)];
    return true;
  });
  EXPECT_TRUE(walked);
  return out;
}

template <class Shelf>
void recount(std::map<std::string, std::size_t>& records, std::string_view kind,
             const Shelf& shelf) {
  for (const auto& [id, entry] : shelf.all()) {
    const std::string name = std::string(kind) + "/" + id;
    if (entry.exists) EXPECT_EQ(entry.folded + entry.review.size(), records[name]);
  }
}

}  // namespace

std::vector<std::string> picture(const node::Node& node) {
  std::vector<std::string> out;
  put(out, "warning", node.warnings());
  put(out, "call", node.calls());
  put(out, "answer", node.answers());
  put(out, "alarm", node.alarms());
  out.push_back("office " + text_of(node.office()));
  for (const auto& [log, head] : node.have())
    if (head.seq > 0)
      out.push_back(fmt::format("{}#{} {}", log, head.seq, log::text_of(head.hash)));
  for (const node::ForReview& r : node.review())
    out.push_back(fmt::format("review {} {} {}", r.position, r.entity, r.why));
  for (const node::Outgoing& o : node.outbox())
    out.push_back(fmt::format("mail {} {}", identity_of(o), iso_utc(o.asked_at)));
  for (const std::string& key : node.waiting()) out.push_back("waits " + key);
  std::ranges::sort(out);
  return out;
}

void check_review(Machine& machine) {
  auto records = records_by_entity(machine);
  recount(records, "warning", machine.node().warnings());
  recount(records, "call", machine.node().calls());
  recount(records, "answer", machine.node().answers());
}

void check_fresh_load(Machine& machine) {
  Disk copy;
  copy.replace(machine.disk().contents());
  log::MemoryKeyring keyring;
  SeededDice dice(1);
  node::Node fresh(machine.setup(), copy, keyring, dice, machine.node().journal().key());
  EXPECT_TRUE(fresh.load(machine.clock(), {}));
  const auto now = picture(machine.node()), again = picture(fresh);
  for (std::size_t i = 0; i < std::max(now.size(), again.size()); ++i)
    EXPECT_EQ(i < now.size() ? now[i] : "nothing", i < again.size() ? again[i] : "nothing");
}

void check_chains(const Machine& machine) {
  std::map<std::string, log::Chain, std::less<>> chains;
  const auto seals = machine.disk().seals("");
  EXPECT_TRUE(seals);
  std::map<std::string, const log::Seal*> last;  // those before were checked by whoever took them
  for (const log::Seal& seal : *seals) {
    last[seal.log] = &seal;
    auto& chain = chains.try_emplace(seal.log, seal.log).first->second;
    EXPECT_TRUE(chain.expect(seal.first, seal.last, seal.hash));
  }
  for (const auto& [log, seal] : last) EXPECT_TRUE(log::signature_holds(*seal));
  const auto walked = machine.disk().each_record([&](std::string_view bytes) {
    const auto header = log::parse_header(bytes);
    auto& chain =
        chains.try_emplace(std::string(header->log), std::string(header->log)).first->second;
    EXPECT_TRUE(chain.follow(*header, log::sha256(bytes)));
    return true;
  });
  EXPECT_TRUE(walked);
  for (const auto& [log, chain] : chains) EXPECT_TRUE(chain.finish());
}

void check_keys(Machine& machine) {
  for (const std::string& id : machine.node().office().destroyed) {
    const auto key = machine.keyring().find(id);
    EXPECT_TRUE(!key && key.error().code == "key.destroyed");
  }
}

std::vector<std::string>& last_account() {
  thread_local std::vector<std::string> account;
  return account;
}

}  // namespace tocsin::sim
