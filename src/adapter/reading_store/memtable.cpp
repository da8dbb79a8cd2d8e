#include "adapter/reading_store/memtable.h"

#include <algorithm>
#include <bit>

#include "base/result.h"

namespace tocsin::reading_store {
namespace {

using observation::PointKey;
using observation::Reading;

constexpr std::size_t leaf_max = 512;

bool same_content(const Reading& a, const Reading& b) {
  return std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value) &&
         a.flag == b.flag;
}

constexpr auto time_of = [](const Reading& reading) { return reading.time; };
constexpr auto last_time_of = [](const std::vector<Reading>& leaf) { return leaf.back().time; };
constexpr auto first_time_of = [](const std::vector<Reading>& leaf) { return leaf.front().time; };

}  // namespace

void Matches::count(const Reading& stored, const Reading& asked) {
  ++same_time;
  same = same_content(stored, asked);
}

void PointBuffer::insert(const Reading& reading) {
  if (leaves_.empty() || (reading.time >= last() && leaves_.back().size() >= leaf_max))
    leaves_.emplace_back();
  if (leaves_.back().empty() || reading.time >= last()) {
    leaves_.back().push_back(reading);
    return;
  }
  // The last leaf that begins at or before the reading, else the first.
  auto leaf = std::ranges::upper_bound(leaves_, reading.time, {}, first_time_of);
  if (leaf != leaves_.begin()) --leaf;
  leaf->insert(std::ranges::upper_bound(*leaf, reading.time, {}, time_of), reading);
  if (leaf->size() > leaf_max) split(static_cast<std::size_t>(leaf - leaves_.begin()));
}

void PointBuffer::split(std::size_t leaf) {
  Leaf& full = leaves_[leaf];
  const auto middle = full.begin() + static_cast<std::ptrdiff_t>(full.size() / 2);
  Leaf upper(middle, full.end());
  full.erase(middle, full.end());
  leaves_.insert(leaves_.begin() + static_cast<std::ptrdiff_t>(leaf) + 1, std::move(upper));
}

void PointBuffer::take_back(const Reading& reading) {
  auto leaf = std::ranges::upper_bound(leaves_, reading.time, {}, first_time_of);
  while (leaf != leaves_.begin()) {
    --leaf;
    for (auto at = std::ranges::upper_bound(*leaf, reading.time, {}, time_of);
         at != leaf->begin();) {
      --at;
      if (at->time != reading.time) break;
      if (!same_content(*at, reading)) continue;
      leaf->erase(at);
      if (leaf->empty()) leaves_.erase(leaf);
      return;
    }
  }
  broken("take_back() of a reading that is not here", __FILE__, __LINE__);
}

void PointBuffer::match(const Reading& asked, Matches& matches) const {
  auto leaf = std::ranges::lower_bound(leaves_, asked.time, {}, last_time_of);
  for (; leaf != leaves_.end() && leaf->front().time <= asked.time; ++leaf)
    for (const Reading& stored : std::ranges::equal_range(*leaf, asked.time, {}, time_of))
      matches.count(stored, asked);
}

void PointBuffer::copy(Instant from, Instant to, std::vector<Reading>& out) const {
  auto leaf = std::ranges::lower_bound(leaves_, from, {}, last_time_of);
  for (; leaf != leaves_.end() && leaf->front().time < to; ++leaf)
    out.insert(out.end(), std::ranges::lower_bound(*leaf, from, {}, time_of),
               std::ranges::lower_bound(*leaf, to, {}, time_of));
}

void PointBuffer::copy_all(std::vector<Reading>& out) const {
  for (const Leaf& leaf : leaves_) out.insert(out.end(), leaf.begin(), leaf.end());
}

void Memtable::insert(const Reading& reading) {
  const std::size_t index = index_of(reading.point);
  if (index >= buffers_.size()) buffers_.resize(std::max(index + 1, buffers_.size() * 2));
  PointBuffer& buffer = buffers_[index];
  if (buffer.empty()) seen_.push_back(reading.point);
  buffer.insert(reading);
  ++size_;
}

void Memtable::take_back(const Reading& reading) {
  PointBuffer& buffer = buffers_[index_of(reading.point)];
  buffer.take_back(reading);
  // Batches are taken back whole and last first, so a point that empties was seen last.
  if (buffer.empty()) std::erase(seen_, reading.point);
  --size_;
}

const PointBuffer* Memtable::find(PointKey point) const {
  const std::size_t index = index_of(point);
  if (index >= buffers_.size() || buffers_[index].empty()) return nullptr;
  return &buffers_[index];
}

}  // namespace tocsin::reading_store
