// Questions: ranges, pages, rollups, and that the answer is the same wherever the readings lie.

#include <cmath>
#include <map>

#include "adapter/reading_store/store_test_help.h"
#include "base/random.h"

namespace tocsin::reading_store {
namespace {

using StoreQueryTest = StoreTest;

TEST_F(StoreQueryTest, a_range_includes_its_beginning_and_not_its_end) {
  for (int i = 0; i < 5; ++i) put(at("a", i, i));
  const PointKey point{0};
  const auto between = [&](std::int64_t from, std::int64_t to) {
    Values out;
    for (const Reading& r :
         store->query(point, instant_ms(base_ms + from), instant_ms(base_ms + to))
             .readings()
             ->readings)
      out.push_back(r.value);
    return out;
  };
  for (const bool sealed : {false, true}) {
    if (sealed) seal();
    EXPECT_EQ(between(1000, 3000), (Values{1, 2}));
    EXPECT_EQ(between(1001, 3001), (Values{2, 3}));
    EXPECT_EQ(between(3000, 3000), Values{});
    EXPECT_EQ(between(3000, 1000), Values{});
    EXPECT_EQ(between(9000, 99'000), Values{});
  }
  EXPECT_TRUE(
      store->query(PointKey{7}, Instant::min(), Instant::max()).readings()->readings.empty());
  EXPECT_FALSE(store->latest(PointKey{7}).value().has_value());
}

TEST_F(StoreQueryTest, says_where_to_go_on_when_the_answer_was_cut) {
  for (int i = 0; i < 10; ++i) put({at("a", i, i), at("a", i, i + 0.5)});
  seal();
  Values all;
  Instant from = Instant::min();
  for (int pages = 0; pages < 100; ++pages) {
    const auto found = store->query(PointKey{0}, from, Instant::max()).readings(3);
    ASSERT_TRUE(found.has_value());
    EXPECT_LE(found->readings.size(), 3u);
    for (const Reading& r : found->readings) all.push_back(r.value);
    if (!found->next) break;
    from = *found->next;
  }
  EXPECT_EQ(all, values("a"));
  const auto whole =
      store->query(PointKey{0}, Instant::min(), Instant::max()).readings(3, Revisions::all);
  EXPECT_EQ(whole->readings.size(), 4u) << "an instant is never split";
  EXPECT_EQ(whole->next, instant_ms(base_ms + 2000));
}

TEST_F(StoreQueryTest, gives_the_newest_and_says_that_it_left_some_out) {
  for (int i = 0; i < 10; ++i) {
    put({at("a", i, i), at("a", i, i + 0.5)});
    if (i == 6) seal();
  }
  const auto newest = [this](std::size_t limit) {
    return store->query(PointKey{0}, instant_ms(base_ms + 1000), instant_ms(base_ms + 9000))
        .newest(limit)
        .value();
  };
  const auto of = [](const Newest& found) {
    Values out;
    for (const Reading& r : found.readings) out.push_back(r.value);
    return out;
  };
  EXPECT_EQ(of(newest(3)), (Values{6.5, 7.5, 8.5})) << "across what is sealed and what is not";
  EXPECT_TRUE(newest(3).cut);
  EXPECT_EQ(of(newest(7)).front(), 2.5);
  EXPECT_TRUE(newest(7).cut);
  EXPECT_EQ(of(newest(8)).front(), 1.5);
  EXPECT_FALSE(newest(8).cut);
  EXPECT_EQ(newest(9).readings.size(), 8u);
}

TEST_F(StoreQueryTest, rolls_up_and_leaves_missing_missing) {
  put({at("a", 0, 4), at("a", 1, 1), at("a", 2, 7, Flag::over_range),
       at("a", 3, observation::no_value, Flag::no_communication), at("a", 4, 3),
       at("a", 25, observation::no_value, Flag::fault)});
  const auto buckets = store->query(PointKey{0}, instant_ms(base_ms), instant_ms(base_ms + 60'000))
                           .rollup(std::chrono::seconds(10));
  ASSERT_TRUE(buckets.has_value());
  ASSERT_EQ(buckets->size(), 2u) << "a bucket without any reading is not there";
  const Bucket& first = buckets->front();
  EXPECT_EQ(first.from, instant_ms(base_ms));
  EXPECT_EQ(first.count, 4u);
  EXPECT_EQ(first.missing, 1u);
  EXPECT_EQ(first.min, 1);
  EXPECT_EQ(first.max, 7);
  EXPECT_DOUBLE_EQ(first.mean, 15.0 / 4);
  EXPECT_EQ(first.first, 4);
  EXPECT_EQ(first.last, 3);
  EXPECT_EQ(first.flagged(Flag::normal), 3u);
  EXPECT_EQ(first.flagged(Flag::over_range), 1u);
  EXPECT_EQ(first.flagged(Flag::no_communication), 1u);
  EXPECT_EQ(first.flagged(Flag::none), 0u);
  const Bucket& second = buckets->back();
  EXPECT_EQ(second.from, instant_ms(base_ms + 20'000));
  EXPECT_EQ(second.count, 0u);
  EXPECT_EQ(second.missing, 1u);
  EXPECT_TRUE(std::isnan(second.mean) && std::isnan(second.min) && std::isnan(second.last));
}

TEST_F(StoreQueryTest, refuses_a_rollup_without_width_or_with_too_many_buckets) {
  std::vector<Reading> batch;
  for (int i = 0; i < 100'000; ++i) batch.push_back(at("a", i, 1));
  put(batch);
  put(at("a", 100'000, 1));
  const Query all = store->query(PointKey{0}, Instant::min(), Instant::max());
  EXPECT_EQ(all.rollup(Duration{}).error().code, "query.bad_width");
  EXPECT_EQ(all.rollup(Duration(1)).error().code, "query.too_many_buckets");
  EXPECT_EQ(all.rollup(std::chrono::hours(24 * 365)).value().size(), 1u);
}

/// Late, revised and sealed at random; every answer against a plain map.
TEST_F(StoreQueryTest, answers_the_same_wherever_the_readings_lie) {
  SeededDice dice(11);
  std::map<std::pair<std::string, Instant>, double> model;
  for (int round = 0; round < 120; ++round) {
    std::vector<Reading> batch;
    for (int i = 0; i < 80; ++i) {
      const std::string id = "p" + std::to_string(dice.next() % 3);
      const bool late = dice.next() % 5 == 0;
      const auto second = late ? static_cast<std::int64_t>(dice.next() % 3000) : round * 25 + i / 3;
      const double value = static_cast<double>(dice.next() % 1'000'000'000) / 7;
      batch.push_back(at(id, second, value));
      model[{id, batch.back().time}] = value;
    }
    put(batch);
    if (dice.next() % 9 == 0) seal();
    if (dice.next() % 20 == 0) open();
  }
  EXPECT_GT(log.size(), 5u);
  for (int k = 0; k < 300; ++k) {
    const std::string id = "p" + std::to_string(dice.next() % 3);
    const Instant from = instant_ms(base_ms + static_cast<std::int64_t>(dice.next() % 3'100'000));
    const Instant to = from + Duration(dice.next() % 600'000);
    const auto found = store->query(store->find(id).value(), from, to).readings();
    ASSERT_TRUE(found.has_value());
    std::size_t next = 0;
    for (auto it = model.lower_bound({id, from});
         it != model.end() && it->first < std::pair(id, to); ++it) {
      ASSERT_LT(next, found->readings.size());
      EXPECT_EQ(found->readings[next].time, it->first.second);
      EXPECT_EQ(found->readings[next++].value, it->second);
    }
    EXPECT_EQ(next, found->readings.size());
  }
}

/// A question outlives what happens to the store after it was asked.
TEST_F(StoreQueryTest, answers_from_the_moment_it_was_asked) {
  put(at("a", 1, 1));
  seal();
  put(at("a", 2, 2));
  const Query asked = store->query(PointKey{0}, Instant::min(), Instant::max());
  put({at("a", 3, 3), at("a", 1, 9)});
  seal();
  store.reset();
  const auto found = asked.readings();
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->readings.size(), 2u);
  EXPECT_EQ(found->readings[0].value, 1);
}

}  // namespace
}  // namespace tocsin::reading_store
