#include "server/watch/watch.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "server/watch/findings.h"

namespace tocsin::server {

using observation::Reading;
using reading_store::Fate;

Watch::Watch(WatchSettings settings, Desk& desk, Hub& hub, const Clock& clock)
    : settings_(std::move(settings)), desk_(desk), hub_(hub), clock_(clock) {
  field_ = std::make_shared<const Field>();
}

Result<std::unique_ptr<Watch>> Watch::open(WatchSettings settings, const WatchInput& input,
                                           Desk& desk, Hub& hub, const Clock& clock) {
  std::unique_ptr<Watch> watch(new Watch(std::move(settings), desk, hub, clock));
  if (auto begun = watch->begin(input); !begun) return std::unexpected(begun.error());
  return watch;
}

Watch::~Watch() { stop(); }

Result<void> Watch::begin(const WatchInput& input) {
  reading_store::Known known;
  known.named = input.named;
  auto opened = reading_store::Store::open(reading_store::posix_file_system(), settings_.folder,
                                           settings_.store, known);
  if (!opened) return std::unexpected(opened.error());
  store_ = std::move(*opened);
  report_ = store_->report();
  if (!settings_.cursor.empty()) told_until_ = read_cursor(settings_.cursor);
  for (const observation::SealedFile& file : report_.unnamed) name_file(file);
  renew(input);
  return {};
}

void Watch::start() {
  thread_ = std::thread([this] { run(); });
}

void Watch::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (sealer_.joinable()) sealer_.join();  // it is about to post to this
}

std::shared_ptr<const Field> Watch::field() const {
  const std::lock_guard lock(mutex_);
  return field_;
}

void Watch::ingest(std::vector<Reading> readings, std::function<void(Ingested)> done) {
  std::string no;
  {
    const std::lock_guard lock(mutex_);
    if (disk_low_) no = "store.disk_reserve";
    if (stopping_ || queued_readings_ + readings.size() > settings_.queued_readings_max)
      no = "store.backlog";
    if (no.empty()) {
      queued_readings_ += readings.size();
      queue_.push_back({std::move(readings), std::move(done), clock_.steady()});
    }
  }
  if (!no.empty()) return done(fail(std::move(no)));
  wake_.notify_one();
}

void Watch::post(std::function<void(reading_store::Store&)> look) {
  {
    const std::lock_guard lock(mutex_);
    chores_.push_back([this, look = std::move(look)] { look(*store_); });
  }
  wake_.notify_one();
}

void Watch::rows(std::function<void(std::vector<BoardRow>)> done) {
  post([this, done = std::move(done)](reading_store::Store&) { done(board_.all()); });
}

void Watch::reload(WatchInput input) {
  auto shared = std::make_shared<WatchInput>(std::move(input));
  {
    const std::lock_guard lock(mutex_);
    chores_.push_back([this, shared] { renew(*shared); });
  }
  wake_.notify_one();
}

void Watch::clock_off(std::string station, Duration off) {
  const std::lock_guard lock(mutex_);
  chores_.push_back([this, station = std::move(station), off] { board_.clock_off(station, off); });
}

WatchStats Watch::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void Watch::run() {
  while (true) {
    std::vector<Batch> batches;
    std::vector<std::function<void()>> chores;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::milliseconds(board_.round_open() ? 0 : 200),
                     [&] { return stopping_ || !queue_.empty() || !chores_.empty(); });
      if (stopping_ && queue_.empty()) return;
      batches.swap(queue_);
      chores.swap(chores_);
      queued_readings_ = 0;
    }
    for (const auto& chore : chores) chore();
    if (!batches.empty()) store(std::move(batches));
    housekeep(clock_.now());
  }
}

/// Stores what is queued, as few fsyncs as the store's batch size allows, answers, then judges.
void Watch::store(std::vector<Batch> batches) {
  const std::size_t most = settings_.store.batch_readings_max;
  for (std::size_t first = 0; first < batches.size();) {
    std::vector<Reading> all;
    std::size_t last = first;
    while (last < batches.size() &&
           (last == first || all.size() + batches[last].readings.size() <= most)) {
      all.insert(all.end(), batches[last].readings.begin(), batches[last].readings.end());
      ++last;
    }
    auto receipt = store_->ingest(all);
    std::vector<Fate> fates;
    if (receipt) fates.assign(receipt->fates.begin(), receipt->fates.end());
    {
      const std::lock_guard lock(mutex_);
      ++stats_.batches;
      stats_.trouble = receipt ? "" : receipt.error().code;
      if (receipt) {
        stats_.stored += receipt->stored;
        stats_.duplicates += receipt->duplicate;
        stats_.refused += receipt->refused;
      } else {
        stats_.failed += all.size();
      }
    }
    std::size_t at = 0;
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t n = batches[i].readings.size();
      if (!receipt) {
        batches[i].done(std::unexpected(receipt.error()));
      } else {
        const auto begin = fates.begin() + static_cast<std::ptrdiff_t>(at);
        batches[i].done(std::vector<Fate>(begin, begin + static_cast<std::ptrdiff_t>(n)));
      }
      at += n;
    }
    if (receipt) judge(all, fates);
    const std::lock_guard lock(mutex_);
    stats_.lag_ms = (clock_.steady() - batches[first].queued).count();
    first = last;
  }
}

void Watch::judge(const std::vector<Reading>& readings, const std::vector<Fate>& fates) {
  std::vector<Reading> fresh;
  fresh.reserve(readings.size());
  for (std::size_t i = 0; i < readings.size(); ++i)
    if (fates[i] == Fate::stored || fates[i] == Fate::stored_late || fates[i] == Fate::revised)
      fresh.push_back(readings[i]);
  for (const Reading& reading : fresh) {
    const auto key = observation::index_of(reading.point);
    if (key < point_of_key_.size() && point_of_key_[key] != UINT32_MAX)
      board_.saw(point_of_key_[key], reading);
  }
  if (!fresh.empty()) tell(rules_->on_readings(fresh));
}

void Watch::tell(std::vector<rule::Finding> findings) {
  for (const rule::Finding& finding : findings) {
    board_.told(finding);
    // Refused only when the log has it already, which is what a replay finds.
    for (node::Command& command : commands_for(finding, *input_.book, *input_.stations)) {
      ++telling_;
      desk_.submit({"node/rules", "", std::move(command)}, [this](const Submitted& done) {
        post([this, failed = done.failed.has_value()](reading_store::Store&) { told(failed); });
      });
    }
  }
  const std::lock_guard lock(mutex_);
  stats_.findings += findings.size();
}

void Watch::told(bool failed) {
  --telling_;
  untold_ = untold_ || failed;
}

/// When the newest reading stored came in.
std::optional<Instant> Watch::newest_arrival() const {
  std::optional<Instant> out;
  for (const observation::Point& point : input_.stations->points()) {
    const auto key = store_->find(point.id);
    if (!key) continue;
    const auto latest = store_->latest(*key);
    if (!latest || !*latest) continue;
    const Instant arrival = (*latest)->arrival;
    out = std::max(out.value_or(arrival), arrival);
    if ((*latest)->time <= arrival) continue;
    // A clock that runs ahead must not hide what came after it.
    auto behind = store_->query(*key, arrival, (*latest)->time).readings();
    if (!behind) continue;
    for (const Reading& reading : behind->readings) out = std::max(*out, reading.arrival);
  }
  return out;
}

void Watch::renew(const WatchInput& input) {
  input_ = input;
  auto field = std::make_shared<Field>();
  field->stations = input.stations;
  field->areas = input.areas;
  field->dialects = input.dialects;
  point_of_key_.clear();
  std::vector<rule::Point> points;
  const auto& rows = input.stations->points();
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const auto key = store_->point(rows[i].id);
    if (!key) continue;
    field->keys.push_back(*key);
    const std::size_t at = observation::index_of(*key);
    if (point_of_key_.size() <= at) point_of_key_.resize(at + 1, UINT32_MAX);
    point_of_key_[at] = i;
    const observation::Station& station = input.stations->stations()[input.stations->station_of(i)];
    points.push_back(
        {*key, rows[i].id, station.id, std::chrono::seconds(station.interval_s), clock_.now()});
  }
  rule::Options options;
  options.lag_max = lag_to_cover(told_until_, newest_arrival());
  rules_ = std::make_unique<rule::Evaluator>(*input_.book, points, options);
  board_.reset(input_);
  replay(clock_.now());
  {
    const std::lock_guard lock(mutex_);
    field->version = field_->version + 1;
    field_ = std::move(field);
    stats_.book_problem = input.book_problem;
  }
  publish(clock_.now(), true);
}

/// Shows the rules what is stored, from as far before each point's last reading as they look back:
/// what was stored but not judged when the node went down is judged now.
void Watch::replay(Instant now) {
  rules_->restore(input_.episodes);
  std::vector<Reading> seen;
  const auto& rows = input_.stations->points();
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const auto key = store_->find(rows[i].id);
    if (!key) continue;
    const auto latest = store_->latest(*key);
    if (!latest || !*latest) continue;
    board_.saw(i, **latest);
    const Duration back = std::max<Duration>(rules_->lookback(*key), std::chrono::hours(1));
    // A clock that runs ahead must not hide what came before it.
    const Instant from = std::min((*latest)->time, (*latest)->arrival) - back;
    const auto query = store_->query(*key, from, (*latest)->time + std::chrono::milliseconds(1));
    auto found = query.readings();
    if (!found) continue;
    for (const Reading& reading : found->readings) board_.saw(i, reading);
    seen.insert(seen.end(), found->readings.begin(), found->readings.end());
  }
  rules_->replay(seen);
  tell(rules_->resume(now));
  board_.standing(rules_->standing());
}

void Watch::publish(Instant now, bool whole) {
  constexpr std::size_t rows_a_time = 64;  // some milliseconds that readings wait
  StreamBoard all{{}, now};
  for (BoardRow& row : whole ? board_.whole() : board_.changed(rows_a_time))
    all.rows.push_back({row.id, boost::json::serialize(row.body), std::move(row.areas)});
  if (whole) return hub_.reset("stations", std::move(all));
  if (!all.rows.empty()) hub_.publish("stations", {std::move(all.rows), {}, now});
}

}  // namespace tocsin::server
