#pragma once
// The readings that are in the journal and not yet in a sealed file, by point and time.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/time.h"
#include "domain/observation/reading.h"

namespace tocsin::reading_store {

/// What is known of the readings of one instant: how many, and whether the one that stands is the
/// one asked for. To be counted in the order in which they were stored.
struct Matches {
  std::size_t same_time = 0;
  bool same = false;  ///< the last one counted has the value (every bit) and the flag asked for
  void count(const observation::Reading& stored, const observation::Reading& asked);
};

/// One point's readings, sorted by time, equal times in the order they came. A list of short sorted
/// leaves, so that a late reading moves at most one leaf.
class PointBuffer {
 public:
  void insert(const observation::Reading& reading);
  /// Undoes the last insert of exactly this reading.
  void take_back(const observation::Reading& reading);
  void match(const observation::Reading& asked, Matches& matches) const;
  /// Appends all with from <= time < to.
  void copy(Instant from, Instant to, std::vector<observation::Reading>& out) const;
  void copy_all(std::vector<observation::Reading>& out) const;
  bool empty() const { return leaves_.empty(); }
  /// Latest time; only when not empty.
  Instant last() const { return leaves_.back().back().time; }

 private:
  using Leaf = std::vector<observation::Reading>;
  void split(std::size_t leaf);
  std::vector<Leaf> leaves_;  // none of them empty
};

/// All points' buffers, with what a seal wants to know of them.
class Memtable {
 public:
  void insert(const observation::Reading& reading);
  void take_back(const observation::Reading& reading);
  /// nullptr when nothing of the point is here.
  const PointBuffer* find(observation::PointKey point) const;
  /// Points in the order they were first seen: those of one station stand together.
  std::span<const observation::PointKey> points() const { return seen_; }
  std::uint64_t size() const { return size_; }

 private:
  std::vector<PointBuffer> buffers_;  // by key
  std::vector<observation::PointKey> seen_;
  std::uint64_t size_ = 0;
};

}  // namespace tocsin::reading_store
