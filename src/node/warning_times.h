#pragma once
// Warnings in the order of time, kept by difference from the state of each, so that asking for the
// newest, for those in force or for those just over costs the same however many there ever were.

#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "domain/warning/warning.h"

namespace tocsin::node {

class WarningTimes {
 public:
  using ByTime = std::set<std::pair<Instant, std::string>>;

  void set(const std::string& id, const warning::Warning& warning);

  /// 生效中, by id.
  const std::set<std::string>& in_force() const { return in_force_; }
  /// All, by when they were issued.
  const ByTime& issued() const { return issued_; }
  /// Those cancelled or expired, by when.
  const ByTime& ended() const { return ended_; }

 private:
  struct Known {
    Instant issued{}, ended{};
    warning::Phase phase = warning::Phase::none;
  };
  std::set<std::string> in_force_;
  ByTime issued_, ended_;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace tocsin::node
