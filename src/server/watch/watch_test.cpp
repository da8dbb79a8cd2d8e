// The watch with a real reading store, and a node whose disk can refuse: what was stored is judged
// and told, whatever happens in between.

#include "server/watch/watch.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <future>

#include "log/memory_store.h"

namespace tocsin::server {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using observation::Reading;

/// Set by hand, read by three threads.
class SetClock final : public Clock {
 public:
  Instant now() const override { return instant_ms(now_); }
  Duration steady() const override { return Duration(steady_); }
  void pass(Duration by) {
    now_ += by.count();
    steady_ += by.count();
  }

 private:
  std::atomic<std::int64_t> now_ = 1'795'000'000'000, steady_ = 0;
};

class Disk final : public log::MemoryStore {
 public:
  Result<void> commit(const log::Batch& batch) override {
    if (full) return fail("store.disk_full");
    return MemoryStore::commit(batch);
  }
  std::atomic<bool> full = false;
};

constexpr std::string_view rules = R"(version: 1
lateness: 10m
rules:
  - id: stage
    name: {zh: 水位超警戒, en: Stage above alert level}
    family: stage
    hazard: 11A01
    points: [huixi.stage]
    kind: limit
    above: 2.50
    clear: 2.30
    level: orange
    issue: auto
    expires: 6h
    instruction: {zh: 请上堤巡查。, en: Patrol the levee.}
)";

class WatchTest : public testing::Test {
 protected:
  WatchTest() {
    std::string name = (fs::temp_directory_path() / "tocsin-watch-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    adopt();
    start();
  }
  ~WatchTest() override {
    end();
    fs::remove_all(folder_);
  }

  Result<std::unique_ptr<node::Node>> make() {
    node::Setup setup;
    setup.area = "331126";
    setup.sender = "庆元县防汛抗旱指挥部";
    setup.identifier_head = "33112600000000";
    auto node = std::make_unique<node::Node>(setup, disk_, keyring_, dice_,
                                             log::signing_key_from_seed(Bytes(32, 7)));
    if (auto loaded = node->load(clock_.now(), {}); !loaded) return std::unexpected(loaded.error());
    if (auto kept = node->flush(); !kept) return std::unexpected(kept.error());
    return node;
  }

  void adopt() {
    auto node = make();
    ASSERT_TRUE(node);
    observation::Station station;
    station.id = "huixi";
    station.name = "会溪站";
    station.kind = "river_stage";
    station.area = {"331126001", "2022"};
    station.position = {119.06, 27.62};
    station.protocol = "push";
    station.interval_s = 60;
    const std::vector<observation::Station> stations{station};
    const std::vector<observation::Point> points{
        {"huixi.stage", "huixi", "stage", "Rtd", "水位", "m", 2}};
    for (const auto& [kind, bytes] : {std::pair("stations", observation::encode(stations)),
                                      std::pair("points", observation::encode(points)),
                                      std::pair("rules", std::string(rules))}) {
      node::AdoptRegister command;
      command.package = {log::sha256(bytes), kind, bytes};
      command.what.kind = kind;
      command.what.package = command.package.hash;
      ASSERT_TRUE((*node)->submit({"post/duty", "", std::move(command)}, clock_.now()));
    }
    ASSERT_TRUE((*node)->flush());
  }

  void start() {
    auto node = make();
    ASSERT_TRUE(node);
    const WatchInput input = gather(**node, clock_.now());
    ASSERT_EQ(input.book_problem, "");
    hub_ = std::make_unique<Hub>(clock_);
    hub_->add_board("stations");
    desk_ = std::make_unique<Desk>(std::move(*node), [this] { return make(); }, clock_);
    WatchSettings settings;
    settings.folder = (folder_ / "readings").string();
    settings.cursor = cursor();
    auto watch = Watch::open(settings, input, *desk_, *hub_, clock_);
    ASSERT_TRUE(watch) << watch.error().code << " " << watch.error().field;
    watch_ = std::move(*watch);
    desk_->start();
    watch_->start();
  }

  /// Only disks outlive this; nothing is told that was not told before.
  void end() {
    if (watch_) watch_->stop();
    if (desk_) desk_->stop();
    watch_.reset();
    desk_.reset();
    hub_.reset();
  }

  std::string cursor() const { return (folder_ / "rules.cursor").string(); }

  /// A minute passes and a reading comes in, dated ahead or behind by `off`.
  void give(double value, Duration off = Duration(0)) {
    clock_.pass(1min);
    const auto field = watch_->field();
    ASSERT_EQ(field->keys.size(), 1u);
    std::promise<bool> kept;
    watch_->ingest({Reading{clock_.now() + off, clock_.now(), value, field->keys[0], {}}},
                   [&](const Ingested& result) { kept.set_value(result.has_value()); });
    ASSERT_TRUE(kept.get_future().get());
    settle();
  }

  /// Until watch and desk have done what they were told, and what follows from it.
  void settle() {
    for (int i = 0; i < 4; ++i) {
      std::promise<void> watched, looked;
      watch_->post([&](reading_store::Store&) { watched.set_value(); });
      watched.get_future().wait();
      desk_->post([&](const node::Node&) { looked.set_value(); });
      looked.get_future().wait();
    }
  }

  /// The value the station board shows.
  double shown() {
    std::promise<double> seen;
    watch_->rows([&](const std::vector<BoardRow>& rows) {
      const auto& point = rows.at(0).body.at("points").at(0);
      seen.set_value(point.at("value").to_number<double>());
    });
    return seen.get_future().get();
  }

  std::vector<alarm::Alarm> alarms() {
    std::promise<std::vector<alarm::Alarm>> seen;
    desk_->post([&](const node::Node& node) {
      std::vector<alarm::Alarm> out;
      for (const auto& [id, entry] : node.alarms().all()) out.push_back(entry.state);
      seen.set_value(std::move(out));
    });
    return seen.get_future().get();
  }

  fs::path folder_;
  SetClock clock_;
  Disk disk_;
  log::MemoryKeyring keyring_;
  SeededDice dice_{1};
  std::unique_ptr<Hub> hub_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Watch> watch_;
};

TEST_F(WatchTest, AReadingOverItsLimitIsAnAlarmAndOneBelowEndsIt) {
  give(2.0);
  EXPECT_TRUE(alarms().empty());
  give(3.0);
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_FALSE(alarms()[0].cleared);
  give(1.0);
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_TRUE(alarms()[0].cleared);
}

TEST_F(WatchTest, WhatWasStoredAndNotToldAtAKillIsToldAtTheNextStart) {
  give(2.0);
  disk_.full = true;
  give(3.0);
  end();
  disk_.full = false;
  start();
  settle();
  ASSERT_EQ(alarms().size(), 1u);
  end();
  start();
  settle();
  EXPECT_EQ(alarms().size(), 1u) << "and once only";
}

TEST_F(WatchTest, WhatTheLogRefusedIsToldWhenItTakesAgain) {
  give(2.0);
  disk_.full = true;
  give(3.0);
  disk_.full = false;
  for (int i = 0; i < 3; ++i) {
    clock_.pass(11s);
    settle();
    settle();
  }
  EXPECT_EQ(alarms().size(), 1u);
}

TEST_F(WatchTest, HoursInWhichTheLogTookNothingAreLookedOverAgainAfterAKill) {
  give(2.0);
  give(2.0);  // the housekeeping of the minute before has written the cursor
  disk_.full = true;
  give(3.0);
  const auto told_until = read_cursor(cursor());
  ASSERT_TRUE(told_until);
  give(1.0);
  for (int i = 0; i < 180; ++i) give(1.5);
  EXPECT_EQ(read_cursor(cursor()), told_until) << "it stands while something is untold";
  end();
  disk_.full = false;
  start();
  settle();
  ASSERT_EQ(alarms().size(), 1u) << "found by looking back as far as the cursor";
  EXPECT_TRUE(alarms()[0].cleared);
  give(1.5);
  give(1.5);
  EXPECT_GT(*read_cursor(cursor()), *told_until + 3h);
}

TEST_F(WatchTest, AReadingDatedAheadStaysInFrontOfNoLaterOne) {
  const auto restart = [&] {
    end();
    start();
    settle();
  };
  give(1.0);
  give(1.9, 20h);
  EXPECT_EQ(shown(), 1.9) << "the last word there is";
  give(0.5, -30min);
  EXPECT_EQ(shown(), 1.9) << "a late one says nothing of now";
  give(1.1);
  EXPECT_EQ(shown(), 1.1);
  restart();
  EXPECT_EQ(shown(), 1.1);
  give(1.2);
  give(1.3, 3min);
  EXPECT_EQ(shown(), 1.3) << "no clock is exact";
  give(1.4, -1min);
  EXPECT_EQ(shown(), 1.3);
  for (const double value : {1.5, 1.6}) {
    give(value, 20h);
    EXPECT_EQ(shown(), value) << "a clock that always runs ahead is no reason to show nothing";
  }
  restart();
  EXPECT_EQ(shown(), 1.6);
}

TEST_F(WatchTest, AReadingDatedAheadHidesNoHoursInWhichTheLogTookNothing) {
  give(2.0, 20h);
  give(2.0);
  give(2.0);  // the housekeeping of the minute before has written the cursor
  disk_.full = true;
  give(3.0);
  give(1.0);
  for (int i = 0; i < 180; ++i) give(1.5);
  end();
  disk_.full = false;
  start();
  settle();
  EXPECT_EQ(alarms().size(), 1u) << "found by looking back as far as the cursor";
}

TEST(cursor, says_how_far_back_the_rules_must_look) {
  const Instant told = instant_ms(1'795'000'000'000);
  EXPECT_EQ(lag_to_cover({}, told), Duration(1h)) << "a first start, or restored";
  EXPECT_EQ(lag_to_cover(told, {}), Duration(1h));
  EXPECT_EQ(lag_to_cover(told, told - 5h), Duration(1h)) << "nothing came since";
  EXPECT_EQ(lag_to_cover(told, told + 5h), Duration(6h));
  EXPECT_LE(lag_to_cover(told, told + std::chrono::days(400)), Duration(std::chrono::days(30)))
      << "no further than alarms are shown to the rules";
}

}  // namespace
}  // namespace tocsin::server
