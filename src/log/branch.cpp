#include "log/branch.h"

#include <algorithm>
#include <tuple>

namespace tocsin::log {
namespace {

bool stands_before(const EntityEvent& a, const EntityEvent& b, const Rank& rank) {
  const int ra = rank(a.at.log.node), rb = rank(b.at.log.node);
  if (ra != rb) return ra < rb;
  if (a.at.log.epoch != b.at.log.epoch) return a.at.log.epoch > b.at.log.epoch;
  return a.at < b.at;
}

bool by_place(const EntityEvent& a, const EntityEvent& b) {
  return std::tie(a.at.seq, a.at.log) < std::tie(b.at.seq, b.at.log);
}

using Indexes = std::vector<std::size_t>;
using Claim = std::optional<Position>;  // nullopt: term 1, which nothing claimed

/// Of the events that say they belong to a term, those in the log in which it is written: the
/// claim's own, for term 1 that of the highest office among them.
Indexes in_log_of_term(const std::vector<EntityEvent>& events, const Indexes& said,
                       const Claim& claim, const Rank& rank) {
  if (said.empty()) return {};
  const LogId log =
      claim ? claim->log : events[*std::ranges::min_element(said, [&](auto a, auto b) {
                             return stands_before(events[a], events[b], rank);
                           })].at.log;
  Indexes out;
  for (const std::size_t i : said)
    if (events[i].at.log == log && (!claim || events[i].at >= *claim)) out.push_back(i);
  std::ranges::sort(out, [&](auto a, auto b) { return by_place(events[a], events[b]); });
  return out;
}

}  // namespace

Order order_of(const std::vector<EntityEvent>& events, const Rank& rank) {
  Order out;
  std::map<Claim, Indexes> terms;   // claim -> events that say they were written under it
  std::map<Claim, Indexes> claims;  // parent -> claims that build on it
  for (std::size_t i = 0; i < events.size(); ++i) {
    const EntityEvent& e = events[i];
    terms[e.is_claim ? Claim(e.at) : e.term.claim].push_back(i);
    if (e.is_claim) claims[e.parent].push_back(i);
  }
  std::vector<bool> counted(events.size(), false);
  Claim claim;
  for (std::size_t steps = 0; steps <= events.size(); ++steps) {  // a term each, never more
    const Indexes written = in_log_of_term(events, terms[claim], claim, rank);
    if (written.empty()) break;
    const auto rivals = claims.find(claim);
    const EntityEvent* next = nullptr;
    if (rivals != claims.end())
      next = &events[*std::ranges::min_element(rivals->second, [&](auto a, auto b) {
        return stands_before(events[a], events[b], rank);
      })];
    // Whoever builds on a claim has seen it, whatever it says; and a node that builds on its own
    // words stands by all of them, also by those it forgot with its disk.
    const bool own = next != nullptr && next->at.log.node == events[written.front()].at.log.node;
    const std::uint64_t seen =
        next == nullptr || own ? UINT64_MAX : std::max(next->saw, claim ? claim->seq : 0);
    for (const std::size_t i : written) {
      if (events[i].at.seq > seen) continue;
      counted[i] = true;
      out.counted.push_back(i);
      out.last_seq = events[i].at.seq;
    }
    const EntityEvent& first = events[written.front()];
    out.owner = first.at.log.node;
    out.log = text_of(first.at.log);
    out.term = first.is_claim ? Term{first.term.number, first.at} : first.term;
    if (next == nullptr) break;
    claim = next->at;
  }
  for (std::size_t i = 0; i < events.size(); ++i)
    if (!counted[i]) out.superseded.push_back(i);
  std::ranges::sort(out.superseded, [&](auto a, auto b) { return by_place(events[a], events[b]); });
  return out;
}

}  // namespace tocsin::log
