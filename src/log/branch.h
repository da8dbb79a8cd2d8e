#pragma once
// 指挥权与任期. Which of an entity's events count, and in which order, when several nodes have
// claimed it while cut off from each other. The same answer on every node, whatever came first and
// whatever the clocks say:
//  - term 1 begins with the entity's first event; a claim opens the next term and names the claim
//  it
//    builds on (its parent) and how far it had seen that term's log;
//  - between claims with one parent the higher office's stands (then the later epoch, then the
//    position); a claim that does not build on the winning branch loses with all that follows it;
//  - a term is written in one log: that of its claim, term 1 in that of the highest office among
//    those that say they began the entity;
//  - events of a term behind what its winning successor had seen, and all of losing terms, are
//    superseded: they go to review, never into the state;
//  - a restored node that goes on with what it owned cuts off nothing of its former self: both are
//    one office's word, the earlier epoch's first.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "log/event.h"

namespace tocsin::log {

/// One event of an entity as ordering sees it.
struct EntityEvent {
  Position at;
  Term term;
  std::optional<Position> parent;  ///< of a claim: the claim it builds on; absent for term 1's
  std::uint64_t saw = 0;           ///< of a claim: last seq of the parent term's log it had seen
  bool is_claim = false;           ///< opens a term (an `entity.claimed`), term names itself
};

struct Order {
  std::vector<std::size_t> counted;     ///< indexes into the input, in the order they fold
  std::vector<std::size_t> superseded;  ///< for the review tray, by position
  std::string owner;                    ///< node whose claim stands last
  Term term;                            ///< that claim's term
  std::uint64_t last_seq = 0;           ///< last counted seq in that term's log
  std::string log;                      ///< text of the log in which that term is written
};

/// Rank of a node's office: smaller is higher (county 1, township 2, village 3); unknown nodes
/// last.
using Rank = std::function<int(const std::string& node)>;

/// `events`: in any order, without duplicates, the first event of the entity among them or not yet
/// (then nothing counts). Total: every input has an answer.
Order order_of(const std::vector<EntityEvent>& events, const Rank& rank);

}  // namespace tocsin::log
