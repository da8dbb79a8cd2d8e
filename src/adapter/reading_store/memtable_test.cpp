#include "adapter/reading_store/memtable.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace tocsin::reading_store {
namespace {

using observation::Flag;
using observation::PointKey;
using observation::Reading;

Reading reading(std::int64_t ms, double value) {
  return {instant_ms(ms), instant_ms(ms), value, PointKey{1}, Flag::normal};
}

bool same(const Reading& a, const Reading& b) { return a.time == b.time && a.value == b.value; }

/// The buffer against a plain list kept in order the slow way.
TEST(PointBuffer, stays_in_order_whatever_order_readings_come_in) {
  SeededDice dice(1);
  for (int round = 0; round < 30; ++round) {
    PointBuffer buffer;
    std::vector<Reading> plain;
    const int manner = round % 3;  // rising, falling, any
    for (std::int64_t i = 0; i < 3000; ++i) {
      const std::int64_t time = manner == 0   ? i / 2
                                : manner == 1 ? (3000 - i) / 2
                                              : static_cast<std::int64_t>(dice.next() % 700);
      const Reading r = reading(time, static_cast<double>(i));
      buffer.insert(r);
      plain.insert(std::ranges::upper_bound(plain, r.time, {}, &Reading::time), r);
      if (dice.next() % 10 == 0) {
        buffer.take_back(r);
        plain.erase(
            std::ranges::find_if(plain, [&](const Reading& other) { return same(other, r); }));
      }
    }
    std::vector<Reading> all;
    buffer.copy_all(all);
    ASSERT_TRUE(std::ranges::equal(all, plain, same));
    EXPECT_EQ(buffer.last(), plain.back().time);
    for (int k = 0; k < 50; ++k) {
      const Instant from = instant_ms(static_cast<std::int64_t>(dice.next() % 1500));
      const Instant to = from + Duration(dice.next() % 200);
      std::vector<Reading> part, expected;
      buffer.copy(from, to, part);
      for (const Reading& r : plain)
        if (from <= r.time && r.time < to) expected.push_back(r);
      ASSERT_TRUE(std::ranges::equal(part, expected, same));
      Matches matches;
      buffer.match(reading(ms_of(from), -1), matches);
      EXPECT_FALSE(matches.same);
      EXPECT_EQ(matches.same_time,
                static_cast<std::size_t>(std::ranges::count(plain, from, &Reading::time)));
    }
  }
}

TEST(PointBuffer, tells_values_and_flags_apart_bit_for_bit) {
  PointBuffer buffer;
  buffer.insert(reading(5, 1.5));
  const auto is_there = [&](Reading asked) {
    Matches matches;
    buffer.match(asked, matches);
    return matches.same;
  };
  EXPECT_TRUE(is_there(reading(5, 1.5)));
  EXPECT_FALSE(is_there(reading(5, 1.5000000000000002)));
  EXPECT_FALSE(is_there(reading(6, 1.5)));
  Reading flagged = reading(5, 1.5);
  flagged.flag = Flag::fault;
  EXPECT_FALSE(is_there(flagged));
  buffer.insert(reading(5, observation::no_value));
  EXPECT_TRUE(is_there(reading(5, observation::no_value)));
  EXPECT_FALSE(is_there(reading(5, 1.5))) << "another one stands now";
}

TEST(Memtable, knows_its_points_in_the_order_they_came) {
  Memtable table;
  const auto of = [](std::uint32_t point) {
    return Reading{instant_ms(1), instant_ms(1), 1, PointKey{point}, Flag::normal};
  };
  table.insert(of(9));
  table.insert(of(2));
  table.insert(of(9));
  EXPECT_EQ(table.size(), 3u);
  EXPECT_TRUE(std::ranges::equal(table.points(), std::vector{PointKey{9}, PointKey{2}}));
  table.take_back(of(2));
  EXPECT_TRUE(std::ranges::equal(table.points(), std::vector{PointKey{9}}));
  EXPECT_EQ(table.find(PointKey{2}), nullptr);
  EXPECT_EQ(table.find(PointKey{100}), nullptr);
  EXPECT_NE(table.find(PointKey{9}), nullptr);
}

}  // namespace
}  // namespace tocsin::reading_store
