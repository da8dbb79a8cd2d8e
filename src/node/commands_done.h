#pragma once
// 已办命令. Which command was done where, so that one asked again gets the same receipt. Most of
// them are read at start, in a row: they lie sorted in one block, the later ones beside it.

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/journal.h"

namespace tocsin::node {

/// Where the first event of a command stands, and of which kind it is.
struct Done {
  Journal::LogIndex log;
  std::uint32_t kind;
  std::uint64_t seq;
};

class CommandsDone {
 public:
  /// One found in the log at start; `settle` is called when all are read. Of two of one name the
  /// first counts.
  void read(std::uint64_t name, const Done& done) {
    if (!old_.empty() && old_.back().name == name) return;  // another event of one command
    old_.push_back({name, old_.size(), done});
  }
  void settle() {
    std::ranges::sort(old_, {}, [](const Named& n) { return std::pair(n.name, n.nth); });
    const auto again = std::ranges::unique(old_, {}, &Named::name);
    old_.erase(again.begin(), again.end());
    old_.shrink_to_fit();
  }
  void add(std::uint64_t name, const Done& done) {
    if (find(name) == nullptr) new_.emplace(name, done);
  }

  /// Nothing when no command of that name was done.
  const Done* find(std::uint64_t name) const {
    const auto at = std::ranges::lower_bound(old_, name, {}, &Named::name);
    if (at != old_.end() && at->name == name) return &at->done;
    const auto later = new_.find(name);
    return later == new_.end() ? nullptr : &later->second;
  }

 private:
  struct Named {
    std::uint64_t name;
    std::size_t nth;
    Done done;
  };
  std::vector<Named> old_;
  std::unordered_map<std::uint64_t, Done> new_;
};

}  // namespace tocsin::node
