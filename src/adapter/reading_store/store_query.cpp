// Questions: planned on the owner's thread, answered on any.

#include <algorithm>

#include "adapter/reading_store/store_state.h"

namespace tocsin::reading_store {
namespace {

constexpr std::size_t buckets_max = 100'000;

constexpr std::size_t flag_index(Flag flag) {
  const std::string_view letters("\0NFMCSDBT", 9);
  return letters.find(static_cast<char>(flag));
}

/// Keeps the order of equal times: the one stored later stays behind.
void sort_by_time(std::vector<Reading>& readings) {
  if (std::ranges::is_sorted(readings, {}, &Reading::time)) return;
  std::vector<std::pair<Instant, std::size_t>> order;
  order.reserve(readings.size());
  for (std::size_t i = 0; i < readings.size(); ++i) order.emplace_back(readings[i].time, i);
  std::ranges::sort(order);
  std::vector<Reading> sorted;
  sorted.reserve(readings.size());
  for (const auto& [time, i] : order) sorted.push_back(readings[i]);
  readings = std::move(sorted);
}

void add(const Reading& reading, Bucket& bucket) {
  ++bucket.flags[flag_index(reading.flag)];
  if (!reading.has_value()) {
    ++bucket.missing;
    return;
  }
  const double value = reading.value;
  if (bucket.count == 0) bucket.min = bucket.max = bucket.first = value;
  bucket.min = std::min(bucket.min, value);
  bucket.max = std::max(bucket.max, value);
  bucket.last = value;
  ++bucket.count;
  // A running mean: neither overflows nor drifts on long spans.
  if (bucket.count == 1) bucket.mean = 0;
  bucket.mean += (value - bucket.mean) / bucket.count;
}

}  // namespace

std::uint32_t Bucket::flagged(Flag flag) const { return flags[flag_index(flag)]; }

struct Query::Plan {
  FileSystem& files;
  PointKey point;
  Instant from, to;
  std::vector<BlockRef> blocks;  // in the order in which they were stored
  std::vector<Reading> memory;   // sorted by time, newer than all blocks

  /// Hands each reading in [from, to) to `use`, by time and then by when it was stored, until it
  /// returns false. Decodes at a time only blocks that overlap one another.
  template <class Use>
  Result<void> each(Use use) const;
  /// The same, but only the last revision of each instant.
  template <class Use>
  Result<void> each_last(Use use) const;

 private:
  std::vector<std::vector<BlockRef>> clusters() const;
  Result<void> decode(const std::vector<BlockRef>& cluster, BlockReader& reader,
                      std::vector<Reading>& out) const;
};

/// Groups of blocks whose spans of time overlap, in order of time; within a group as stored.
std::vector<std::vector<BlockRef>> Query::Plan::clusters() const {
  std::vector<std::size_t> by_time(blocks.size());
  for (std::size_t i = 0; i < by_time.size(); ++i) by_time[i] = i;
  std::ranges::sort(by_time, {}, [this](std::size_t i) { return std::pair(blocks[i].first, i); });
  std::vector<std::vector<std::size_t>> groups;
  Instant last = Instant::min();
  for (const std::size_t i : by_time) {
    if (groups.empty() || blocks[i].first > last) groups.emplace_back();
    groups.back().push_back(i);
    last = std::max(last, blocks[i].last);
  }
  std::vector<std::vector<BlockRef>> out;
  for (auto& group : groups) {
    std::ranges::sort(group);
    out.emplace_back();
    for (const std::size_t i : group) out.back().push_back(blocks[i]);
  }
  return out;
}

Result<void> Query::Plan::decode(const std::vector<BlockRef>& cluster, BlockReader& reader,
                                 std::vector<Reading>& out) const {
  for (const BlockRef& block : cluster)
    if (auto done = reader.read(block, point, out); !done) return done;
  std::erase_if(out, [this](const Reading& r) { return r.time < from || r.time >= to; });
  return {};
}

template <class Use>
Result<void> Query::Plan::each(Use use) const {
  BlockReader reader(files, 4);
  std::vector<Reading> readings;
  auto next = memory.begin();
  const auto flush = [&] {
    sort_by_time(readings);
    return std::ranges::all_of(readings, use);
  };
  for (const auto& cluster : clusters()) {
    readings.clear();
    Instant first = Instant::max(), last = Instant::min();
    for (const BlockRef& block : cluster) {
      first = std::min(first, block.first);
      last = std::max(last, block.last);
    }
    for (; next != memory.end() && next->time < first; ++next)
      if (!use(*next)) return {};
    if (auto done = decode(cluster, reader, readings); !done) return done;
    for (; next != memory.end() && next->time <= last; ++next) readings.push_back(*next);
    if (!flush()) return {};
  }
  readings.assign(next, memory.end());
  flush();
  return {};
}

template <class Use>
Result<void> Query::Plan::each_last(Use use) const {
  std::optional<Reading> held;
  bool stopped = false;
  auto done = each([&](const Reading& reading) {
    if (held && held->time != reading.time) stopped = !use(*held);
    held = reading;
    return !stopped;
  });
  if (done && held && !stopped) use(*held);
  return done;
}

Query::Query(std::unique_ptr<const Plan> plan) : plan_(std::move(plan)) {}
Query::Query(Query&&) noexcept = default;
Query& Query::operator=(Query&&) noexcept = default;
Query::~Query() = default;

Result<Found> Query::readings(std::size_t limit, Revisions revisions) const {
  Found found;
  const auto use = [&](const Reading& reading) {
    const bool new_instant = found.readings.empty() || found.readings.back().time != reading.time;
    if (new_instant && found.readings.size() >= limit) {
      found.next = reading.time;
      return false;
    }
    found.readings.push_back(reading);
    return true;
  };
  auto done = revisions == Revisions::all ? plan_->each(use) : plan_->each_last(use);
  if (!done) return std::unexpected(done.error());
  return found;
}

Result<Newest> Query::newest(std::size_t limit) const {
  Newest found;
  std::size_t oldest = 0;  // once full the readings are a ring
  const auto done = plan_->each_last([&](const Reading& reading) {
    if (found.readings.size() < limit) {
      found.readings.push_back(reading);
      return true;
    }
    found.cut = true;
    found.readings[oldest] = reading;
    oldest = (oldest + 1) % limit;
    return true;
  });
  if (!done) return std::unexpected(done.error());
  std::ranges::rotate(found.readings, found.readings.begin() + static_cast<std::ptrdiff_t>(oldest));
  return found;
}

Result<std::vector<Bucket>> Query::rollup(Duration width) const {
  if (width <= Duration{}) return fail("query.bad_width", "width");
  std::vector<Bucket> buckets;
  bool too_many = false;
  auto done = plan_->each_last([&](const Reading& reading) {
    const Instant from = plan_->from + (reading.time - plan_->from) / width * width;
    if (buckets.empty() || buckets.back().from != from) {
      too_many = buckets.size() >= buckets_max;
      if (too_many) return false;
      buckets.emplace_back().from = from;
    }
    add(reading, buckets.back());
    return true;
  });
  if (!done) return std::unexpected(done.error());
  if (too_many) return fail("query.too_many_buckets", "width");
  return buckets;
}

Query Store::query(PointKey point, Instant from, Instant to) const {
  const State& s = *state_;
  // Nothing is stored outside the calendar; within it no difference of times overflows.
  from = std::max(from, Instant{});
  to = std::min(to, calendar_end);
  auto plan = std::make_unique<Query::Plan>(Query::Plan{s.files, point, from, to, {}, {}});
  if (from < to) {
    plan->blocks = s.catalog.overlapping(point, from, to);
    for (const Memtable* table : {s.frozen.get(), &s.active})
      if (const PointBuffer* buffer = table == nullptr ? nullptr : table->find(point))
        buffer->copy(from, to, plan->memory);
    sort_by_time(plan->memory);
  }
  return Query(std::move(plan));
}

Result<std::optional<Reading>> Store::latest(PointKey point) const {
  const State& s = *state_;
  if (index_of(point) >= s.newest.size() || s.newest[index_of(point)] == Instant::min())
    return std::nullopt;
  const Instant time = s.newest[index_of(point)];
  auto found = query(point, time, time + Duration(1)).readings();
  if (!found) return std::unexpected(found.error());
  if (found->readings.empty()) return std::nullopt;
  return found->readings.back();
}

}  // namespace tocsin::reading_store
