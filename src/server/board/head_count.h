#pragma once
// 转移人数. How many people are to move and how many were reported moved, place by place, so that
// nobody counts twice: not over the rounds of a warning, not over two warnings at one place.

#include <map>
#include <string>
#include <utility>

#include "node/node.h"

namespace tocsin::server {

/// What holds: in one call a person's last answer is his word, so "received" after "done, 12"
/// takes the 12 back. Of one responsible post and one place the last number so reported counts,
/// whichever round or warning asked for it; a later call answered without a number takes nothing
/// back. Of several posts at one place the largest counts. What a call says of several places is
/// shared out by the people registered there. A silent station moves nobody.
class HeadCount {
 public:
  struct Sum {
    int to_move = 0, moved = 0;
  };

  /// Takes in all calls of a warning, of every round.
  void add(const node::Node& node, const WarningId& warning);

  Sum total() const;
  /// At the places of one call, or at one risk point; zero where no call was about it.
  Sum of(const call::Call& call) const;
  Sum at(const RiskPointId& place) const;
  /// By the first nine digits of the place's division code, of the edition in use.
  std::map<std::string, Sum> by_township() const;

 private:
  struct Place {
    std::string area;
    int people = 0;
    std::map<std::string, std::pair<Instant, int>> told;  ///< post -> when, how many
    Sum sum() const;
  };
  void add(const node::Node& node, const call::Call& call, const call::LastWords& words,
           bool moves_people);
  std::map<std::string, Place> places_;
};

}  // namespace tocsin::server
