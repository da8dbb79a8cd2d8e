#pragma once
// Warnings in the order of time, kept by difference from the state of each, so that asking for the
// newest, for those in force or for those just over costs the same however many there ever were.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "domain/warning/warning.h"

namespace tocsin::node {

class WarningTimes {
 public:
  using ByTime = std::set<std::pair<Instant, std::string>>;
  /// What decides who may read a warning, and under which phase he finds it.
  struct Kind {
    warning::Phase phase = warning::Phase::none;
    std::string edition;
    std::vector<std::string> areas;
    auto operator<=>(const Kind&) const = default;
  };

  /// Room for so many.
  void reserve(std::size_t warnings) { known_.reserve(warnings); }
  void set(const std::string& id, const warning::Warning& warning);

  /// 生效中, by id.
  const std::set<std::string>& in_force() const { return in_force_; }
  /// All, by when they were issued.
  const ByTime& issued() const { return issued_; }
  /// Those cancelled or expired, by when.
  const ByTime& ended() const { return ended_; }
  /// How many there are of each kind: far fewer kinds than warnings, so that a total is cheap.
  const std::map<Kind, std::size_t>& counts() const { return counts_; }

 private:
  using Counts = std::map<Kind, std::size_t>;
  struct Known {
    Instant issued{}, ended{};
    std::optional<Counts::iterator> kind;  ///< nothing while it has no phase
  };
  void forget(const std::string& id, const Known& known);

  std::set<std::string> in_force_;
  ByTime issued_, ended_;
  Counts counts_;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace tocsin::node
