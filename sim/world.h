#pragma once
// What all machines of a simulated night share: the true time, the luck, and the account of what
// happened, which is printed when an expectation does not hold.

#include <deque>
#include <map>
#include <string>

#include "sim/luck.h"

namespace tocsin::sim {

struct World {
  explicit World(std::uint64_t seed) : luck(seed) {}

  Instant now = *parse_iso("2026-07-18T02:00:00Z");
  const Instant began = now;
  Luck luck;
  std::deque<std::string> account;
  int restores = 0;                         ///< machines that went on from an older state
  std::map<std::string, int> called_again;  ///< warning -> how often a person called again

  void note(std::string what) {
    account.push_back(std::to_string((now - began).count() / 1000) + " s: " + std::move(what));
    if (account.size() > 60) account.pop_front();
  }
};

}  // namespace tocsin::sim
