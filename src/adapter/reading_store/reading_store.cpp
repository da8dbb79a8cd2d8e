#include "adapter/reading_store/reading_store.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "adapter/reading_store/store_state.h"

namespace tocsin::reading_store {
namespace {

constexpr std::size_t point_id_max = 128;

bool in_calendar(Instant time) { return time >= Instant{} && time < calendar_end; }

/// The same reading with one form for "no value" and one for zero, so that equal ones are equal bit
/// for bit.
Reading normal_form(Reading reading) {
  if (!reading.has_value()) reading.value = observation::no_value;
  if (reading.value == 0) reading.value = 0;
  return reading;
}

bool is_new(Fate fate) {
  return fate == Fate::stored || fate == Fate::stored_late || fate == Fate::revised;
}

void count(Fate fate, Receipt& receipt) {
  if (is_new(fate)) ++receipt.stored;
  if (fate == Fate::stored_late) ++receipt.late;
  if (fate == Fate::revised) ++receipt.revised;
  if (fate == Fate::duplicate) ++receipt.duplicate;
  if (fate > Fate::duplicate) ++receipt.refused;
}

}  // namespace

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}

Store::~Store() {
  // What is acknowledged is safe without the mark, so its failure changes nothing.
  (void)state_->journal->mark_end(state_->last_ordinal);
}

const OpenReport& Store::report() const { return state_->report; }

Result<PointKey> Store::State::point(std::string_view id) {
  if (const auto found = keys_of.find(id); found != keys_of.end()) return found->second;
  if (id.empty() || id.size() > point_id_max || !valid_utf8(id))
    return fail("store.point_id", "point", "1 to 128 bytes of UTF-8");
  if (ids.size() >= options.points_max) return fail("store.too_many_points", "point");
  const PointKey key{static_cast<std::uint32_t>(ids.size())};
  keys_of.emplace(ids.emplace_back(id), key);
  newest.push_back(Instant::min());
  return key;
}

Result<PointKey> Store::point(std::string_view id) { return state_->point(id); }

std::optional<PointKey> Store::find(std::string_view id) const {
  const auto found = state_->keys_of.find(id);
  if (found == state_->keys_of.end()) return std::nullopt;
  return found->second;
}

std::string_view Store::id_of(PointKey key) const {
  TOCSIN_CHECK(index_of(key) < state_->ids.size());
  return state_->ids[index_of(key)];
}

std::size_t Store::points() const { return state_->ids.size(); }

Fate Store::State::judge(const Reading& reading) {
  if (index_of(reading.point) >= ids.size()) return Fate::bad_point;
  if (!in_calendar(reading.time) || !in_calendar(reading.arrival)) return Fate::bad_time;
  if (std::isinf(reading.value)) return Fate::bad_value;
  if (!observation::is_flag(static_cast<char>(reading.flag))) return Fate::bad_flag;
  if (reading.time > newest[index_of(reading.point)]) return Fate::stored;
  Matches matches;
  std::vector<Reading> stored;
  for (const BlockRef& block :
       catalog.overlapping(reading.point, reading.time, reading.time + Duration(1))) {
    // A block that cannot be read cannot be asked: better twice than lost. verify() names it.
    stored.clear();
    if (!lookup.read(block, reading.point, stored)) continue;
    for (const Reading& other : std::ranges::equal_range(stored, reading.time, {}, &Reading::time))
      matches.count(other, reading);
  }
  for (const Memtable* table : {frozen.get(), static_cast<const Memtable*>(&active)})
    if (const PointBuffer* buffer = table == nullptr ? nullptr : table->find(reading.point))
      buffer->match(reading, matches);
  if (matches.same) return Fate::duplicate;
  if (matches.same_time >= revisions_max) return Fate::too_many;
  return matches.same_time > 0 ? Fate::revised : Fate::stored_late;
}

void Store::State::take(const Reading& reading) {
  active.insert(reading);
  Instant& latest = newest[index_of(reading.point)];
  latest = std::max(latest, reading.time);
  oldest_arrival = std::min(oldest_arrival.value_or(reading.arrival), reading.arrival);
}

void Store::State::refresh_newest(PointKey point) {
  Instant latest = catalog.newest(point);
  for (const Memtable* table : {frozen.get(), static_cast<const Memtable*>(&active)})
    if (const PointBuffer* buffer = table == nullptr ? nullptr : table->find(point))
      latest = std::max(latest, buffer->last());
  newest[index_of(point)] = latest;
}

Result<Receipt> Store::ingest(std::span<const Reading> batch) {
  State& s = *state_;
  if (batch.size() > s.options.batch_readings_max)
    return fail("store.batch_too_big", "readings", std::to_string(batch.size()));
  if (s.unsealed() + batch.size() > s.options.unsealed_readings_max)
    return fail("store.backlog", {}, "sealing does not keep up, or the disk is full");
  s.fates.clear();
  s.fresh.clear();
  Receipt receipt;
  for (const Reading& given : batch) {
    const Reading reading = normal_form(given);
    const Fate fate = s.judge(reading);
    s.fates.push_back(fate);
    count(fate, receipt);
    if (!is_new(fate)) continue;
    // Into memory first, so that the rest of the batch is judged with it; taken back if it does not
    // become durable.
    s.take(reading);
    s.fresh.push_back(reading);
  }
  if (!s.fresh.empty()) {
    if (auto done = s.journal->append(s.last_ordinal + 1, s.fresh, s.ids); !done) {
      for (auto reading = s.fresh.rbegin(); reading != s.fresh.rend(); ++reading)
        s.active.take_back(*reading);
      for (const Reading& reading : s.fresh) s.refresh_newest(reading.point);
      if (s.active.size() == 0) s.oldest_arrival.reset();
      return std::unexpected(done.error());
    }
    ++s.last_ordinal;
  }
  receipt.ordinal = s.last_ordinal;
  receipt.fates = s.fates;
  return receipt;
}

std::uint64_t Store::last_ordinal() const { return state_->last_ordinal; }
std::uint64_t Store::unsealed_readings() const { return state_->unsealed(); }

Result<void> Store::read_from(
    std::uint64_t cursor,
    const std::function<bool(std::uint64_t, std::span<const Reading>)>& visit) const {
  State& s = *state_;
  std::vector<std::uint64_t> journals = s.closed_journals;
  journals.push_back(s.journal->first_ordinal());
  const std::uint64_t oldest = journals.front() - 1;
  if (cursor < oldest) return fail("store.cursor_gone", std::to_string(oldest));
  std::optional<Error> damage;
  bool more = true;
  for (std::size_t i = 0; i < journals.size() && more; ++i) {
    if (i + 1 < journals.size() && journals[i + 1] - 1 <= cursor) continue;
    const auto bytes = read_whole(s.files, s.path(journal_name(journals[i])));
    if (!bytes) return std::unexpected(bytes.error());
    std::vector<PointKey> keys;
    std::vector<Reading> readings;
    const JournalScan scan = scan_journal(*bytes, [&](const JournalBatch& batch) {
      keys.resize(std::max(keys.size(), batch.first_new + batch.new_points.size()));
      for (std::size_t k = 0; k < batch.new_points.size(); ++k)
        if (const auto key = s.point(batch.new_points[k])) keys[batch.first_new + k] = *key;
      if (batch.ordinal <= cursor) return true;
      readings = batch.readings;
      for (Reading& reading : readings) reading.point = keys[index_of(reading.point)];
      return more = visit(batch.ordinal, readings);
    });
    if (!scan.damaged.empty() && !damage) damage = scan.damaged.front().error;
  }
  if (damage) return std::unexpected(*damage);
  return {};
}

}  // namespace tocsin::reading_store
