#include "log/branch.h"

#include <algorithm>
#include <tuple>

namespace tocsin::log {
namespace {

/// One term as claimed: its claim (nullptr for term 1) and the events written under it.
struct Branch {
  std::size_t claim = 0;
  std::vector<std::size_t> events;
};

bool stands_before(const EntityEvent& a, const EntityEvent& b, const Rank& rank) {
  const int ra = rank(a.at.log.node), rb = rank(b.at.log.node);
  if (ra != rb) return ra < rb;
  if (a.at.log.epoch != b.at.log.epoch) return a.at.log.epoch > b.at.log.epoch;
  return a.at < b.at;
}

bool by_place(const EntityEvent& a, const EntityEvent& b) {
  return std::tie(a.at.seq, a.at.log) < std::tie(b.at.seq, b.at.log);
}

}  // namespace

Order order_of(const std::vector<EntityEvent>& events, const Rank& rank) {
  Order out;
  std::map<std::optional<Position>, std::vector<std::size_t>> terms;   // claim -> events under it
  std::map<std::optional<Position>, std::vector<std::size_t>> claims;  // parent -> claims on it
  for (std::size_t i = 0; i < events.size(); ++i) {
    const EntityEvent& e = events[i];
    terms[e.is_claim ? std::optional(e.at) : e.term.claim].push_back(i);
    if (e.is_claim) claims[e.parent].push_back(i);
  }
  std::vector<bool> counted(events.size(), false);
  std::optional<Position> branch;  // term 1 first
  while (true) {
    auto& written = terms[branch];
    std::ranges::sort(written, [&](auto a, auto b) { return by_place(events[a], events[b]); });
    const auto rivals = claims.find(branch);
    const std::size_t* next = nullptr;
    if (rivals != claims.end() && !written.empty())
      next = &*std::ranges::min_element(rivals->second, [&](auto a, auto b) {
        return stands_before(events[a], events[b], rank);
      });
    for (const std::size_t i : written) {
      if (next != nullptr && events[i].at.seq > events[*next].saw) continue;
      counted[i] = true;
      out.counted.push_back(i);
      out.last_seq = events[i].at.seq;
    }
    if (!written.empty()) {
      const EntityEvent& first = events[written.front()];
      out.owner = first.at.log.node;
      out.log = text_of(first.at.log);
      out.term = first.is_claim ? Term{first.term.number, first.at} : first.term;
    }
    if (next == nullptr) break;
    branch = events[*next].at;
  }
  for (std::size_t i = 0; i < events.size(); ++i)
    if (!counted[i]) out.superseded.push_back(i);
  std::ranges::sort(out.superseded, [&](auto a, auto b) { return by_place(events[a], events[b]); });
  return out;
}

}  // namespace tocsin::log
