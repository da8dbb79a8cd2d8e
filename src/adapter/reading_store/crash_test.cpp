// The promise under fire: whatever is done and wherever the power goes, every reading that was
// acknowledged is found again, none twice, and verify() accepts what the crash left.

#include <gtest/gtest.h>

#include <map>

#include "adapter/reading_store/faulty_file_system.h"
#include "adapter/reading_store/reading_store.h"

namespace tocsin::reading_store {
namespace {

struct Value {
  double value;
  Flag flag;
  Instant arrival;
  bool says_the_same(const Value& other) const {
    return value == other.value && flag == other.flag;
  }
  bool operator==(const Value&) const = default;
};

/// What must be there: by point and time the values in the order they were acknowledged.
using Model = std::map<std::pair<std::string, Instant>, std::vector<Value>>;

/// A store, the log's word about it, and what it owes.
class World {
 public:
  explicit World(std::uint64_t seed) : dice_(seed) { open(); }

  void open() {
    auto opened = Store::open(disk_, "d", options_, {log_, removed_});
    if (!opened && disk_.dead()) return;
    ASSERT_TRUE(opened.has_value()) << opened.error().code << " " << opened.error().field;
    store_ = std::move(*opened);
    for (const SealedFile& file : store_->report().unnamed) name(file);
  }

  /// One random act. Stops early when the disk has died.
  void act() {
    const std::uint64_t what = dice_.next() % 20;
    if (what < 13) return ingest();
    if (what < 15) return begin_seal();
    if (what < 18) return finish_seal();
    if (what == 18) return retain();
    close_and_open();
  }

  void crash() {
    disk_.die_after(1 + dice_.next() % 40);
    for (int i = 0; i < 100 && !disk_.dead(); ++i) act();
    disk_.die_after(1);
    (void)disk_.remove("d/none");  // dead from here on, so that closing writes nothing more
    job_.reset();
    store_.reset();
    SeededDice tearing(dice_.next());
    disk_.crash(dice_.next() % 3 == 0 ? nullptr : &tearing);
    open();
  }

  void check() {
    ASSERT_TRUE(store_ != nullptr);
    for (const Damage& damage : store_->report().damaged)
      ADD_FAILURE() << damage.file << " " << damage.error.code << " " << damage.error.field;
    settle_batch_under_way();
    std::size_t found = 0, owed = 0;
    for (std::size_t i = 0; i < store_->points(); ++i)
      found += compare(static_cast<std::uint32_t>(i));
    for (const auto& [key, values] : model_) owed += values.size();
    EXPECT_EQ(found, owed);
    EXPECT_GE(store_->last_ordinal(), acknowledged_);
    acknowledged_ = store_->last_ordinal();
    const auto verified = verify(disk_, "d", log_);
    ASSERT_TRUE(verified.has_value());
    EXPECT_FALSE(verified->first.has_value())
        << verified->first->file << " " << verified->first->error.code;
    std::uint64_t next = released_;
    const auto read = store_->read_from(released_, [&](std::uint64_t ordinal, auto readings) {
      EXPECT_EQ(ordinal, ++next);
      EXPECT_FALSE(readings.empty());
      return true;
    });
    EXPECT_TRUE(read.has_value()) << read.error().code;
    EXPECT_EQ(next, store_->last_ordinal());
  }

 private:
  void ingest() {
    std::vector<Reading> batch;
    Model after = model_;
    for (std::uint64_t i = 1 + dice_.next() % 30; i > 0; --i) {
      const std::string id = "p" + std::to_string(dice_.next() % 5);
      clock_ += static_cast<std::int64_t>(dice_.next() % 3) * 500 + 1;  // no arrival twice
      const std::int64_t back =
          dice_.next() % 4 == 0 ? static_cast<std::int64_t>(dice_.next() % 60'000) : 0;
      const Instant time = instant_ms(std::max<std::int64_t>(0, clock_ - back) / 500 * 500);
      const Value value{static_cast<double>(dice_.next() % 3) / 10,
                        dice_.next() % 9 == 0 ? Flag::fault : Flag::normal, instant_ms(clock_)};
      batch.push_back({time, value.arrival, value.value, store_->point(id).value(), value.flag});
      auto& values = after[{id, time}];
      if (values.empty() || !value.says_the_same(values.back())) values.push_back(value);
    }
    const auto receipt = store_->ingest(batch);
    if (receipt) {
      acknowledged_ = receipt->ordinal;
      model_ = std::move(after);
    } else {
      if (!under_way_) under_way_ = std::move(after);
    }
  }

  void begin_seal() {
    auto job = store_->begin_seal();
    if (job && *job) job_ = std::move(**job);
  }

  void finish_seal() {
    if (!job_) return;
    auto sealed = store_->finish_seal(job_->run());
    job_.reset();
    // The log's own write may come after a crash: then open() reports the file again.
    if (!sealed || dice_.next() % 4 == 0) return;
    name(*sealed);
    if (dice_.next() % 2 == 0) return;
    const std::uint64_t cursor =
        acknowledged_ - std::min<std::uint64_t>(acknowledged_, dice_.next() % 20);
    if (store_->release(cursor) || disk_.dead()) released_ = std::max(released_, cursor);
  }

  void name(const SealedFile& file) {
    log_.push_back(file);
    store_->named(file.name);
  }

  /// Drops what is old, but for one pinned instant.
  void retain() {
    if (model_.empty()) return;
    auto pinned = model_.begin();
    std::advance(pinned, static_cast<std::ptrdiff_t>(dice_.next() % model_.size()));
    const auto [id, time] = pinned->first;
    const Pin pin{id, time, time};
    auto removals = store_->expired(instant_ms(clock_ - 60'000), std::span(&pin, 1));
    if (!removals) return;
    for (const Removal& removal : *removals) {
      if (dice_.next() % 4 == 0) continue;  // the log never heard of it
      drop_from_model(removal.file, pin);
      std::erase(log_, removal.file);
      removed_.push_back(removal.file.name);
      if (removal.replacement) log_.push_back(*removal.replacement);
      if (!store_->remove(removal)) return;
    }
  }

  void drop_from_model(const SealedFile& file, const Pin& pin) {
    // Ask the file itself what it holds: it is sound, as check() showed.
    FaultyFileSystem alone;
    const auto create = alone.create("a/" + file.name);
    ASSERT_TRUE((*create)->write_at(0, disk_.bytes("d/" + file.name)).has_value());
    auto only = Store::open(alone, "a", {}, {{file}, {}});
    ASSERT_TRUE(only.has_value());
    for (std::size_t i = 0; i < (*only)->points(); ++i) {
      const PointKey point{static_cast<std::uint32_t>(i)};
      const std::string id((*only)->id_of(point));
      for (const Reading& r : all_of(**only, point)) {
        if (id == pin.point && r.time == pin.from) continue;
        auto& values = model_.at({id, r.time});
        std::erase(values, Value{r.value, r.flag, r.arrival});
        if (values.empty()) model_.erase({id, r.time});
      }
    }
  }

  void close_and_open() {
    job_.reset();
    store_.reset();
    if (!disk_.dead()) return open();
    disk_.crash(nullptr);
    open();
  }

  static std::vector<Reading> all_of(const Store& store, PointKey point) {
    auto found =
        store.query(point, Instant::min(), Instant::max()).readings(SIZE_MAX, Revisions::all);
    EXPECT_TRUE(found.has_value()) << found.error().code << " " << found.error().field;
    return found ? found->readings : std::vector<Reading>{};
  }

  std::size_t compare(std::uint32_t index) {
    const std::string id(store_->id_of(PointKey{index}));
    const auto readings = all_of(*store_, PointKey{index});
    std::map<Instant, std::vector<Value>> by_time;
    for (const Reading& r : readings) by_time[r.time].push_back({r.value, r.flag, r.arrival});
    for (const auto& [time, values] : by_time) {
      const auto owed = model_.find({id, time});
      EXPECT_TRUE(owed != model_.end()) << id << " " << ms_of(time);
      if (owed != model_.end()) EXPECT_EQ(values, owed->second) << id << " " << ms_of(time);
    }
    return readings.size();
  }

  /// The batch at whose ingest() the disk died is there whole or not at all.
  void settle_batch_under_way() {
    if (under_way_ && store_->last_ordinal() > acknowledged_) model_ = std::move(*under_way_);
    under_way_.reset();
  }

  SeededDice dice_;
  FaultyFileSystem disk_;
  Options options_{.seal_readings = 100};
  std::unique_ptr<Store> store_;
  std::optional<SealJob> job_;
  std::vector<SealedFile> log_;
  std::vector<std::string> removed_;
  Model model_;
  std::optional<Model> under_way_;
  std::uint64_t acknowledged_ = 0, released_ = 0;
  std::int64_t clock_ = 1'780'000'000'000;
};

TEST(ReadingStoreCrash, keeps_what_it_acknowledged_wherever_the_power_goes) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(seed);
    for (int life = 0; life < 6; ++life) {
      world.crash();
      world.check();
      if (HasFatalFailure() || HasNonfatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace tocsin::reading_store
