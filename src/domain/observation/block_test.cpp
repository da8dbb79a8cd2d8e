#include "domain/observation/block.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "domain/observation/column.h"

namespace tocsin::observation {
namespace {

bool same(const Reading& a, const Reading& b) {
  return a.time == b.time && a.arrival == b.arrival && a.point == b.point && a.flag == b.flag &&
         std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
}

void expect_round_trip(const std::vector<Reading>& readings) {
  Bytes bytes = {7, 7};  // a block need not begin at 0
  encode_block(readings, bytes);
  bytes.push_back(9);
  std::vector<Reading> back;
  std::size_t at = 2;
  const auto done = decode_block(bytes, at, PointKey{5}, back);
  ASSERT_TRUE(done.has_value()) << done.error().code << " " << done.error().field;
  EXPECT_EQ(at, bytes.size() - 1);
  ASSERT_EQ(back.size(), readings.size());
  for (std::size_t i = 0; i < back.size(); ++i) EXPECT_TRUE(same(back[i], readings[i])) << i;
}

Reading at_minute(std::int64_t minute, double value, Flag flag = Flag::normal) {
  const Instant time = instant_ms(1'700'000'000'000 + minute * 60'000);
  return {.time = time,
          .arrival = time + Duration(850),
          .value = value,
          .point = PointKey{5},
          .flag = flag};
}

/// A series drawn from the dice: a walk of decimals or of any bits, regular or not.
std::vector<Reading> any_series(Dice& dice) {
  constexpr char letters[] = {0, 'N', 'F', 'M', 'C', 'S', 'D', 'B', 'T'};
  const std::size_t count = 1 + dice.next() % (dice.next() % 4 == 0 ? block_readings_max : 40);
  const bool regular = dice.next() % 2 == 0, wild = dice.next() % 4 == 0;
  const double scale = std::pow(10.0, static_cast<double>(dice.next() % 8));
  std::vector<Reading> series;
  std::int64_t time = static_cast<std::int64_t>(dice.next() % 2'000'000'000'000);
  std::int64_t walk = 0;
  for (std::size_t i = 0; i < count; ++i) {
    time += regular ? 60'000 : static_cast<std::int64_t>(dice.next() % 100'000);
    walk += static_cast<std::int64_t>(dice.next() % 201) - 100;
    double value = static_cast<double>(walk) / scale;
    if (wild) value = std::bit_cast<double>(dice.next());
    if (dice.next() % 20 == 0) value = no_value;
    series.push_back(
        {.time = instant_ms(time),
         .arrival = instant_ms(time + static_cast<std::int64_t>(dice.next() % 5'000)),
         .value = value,
         .point = PointKey{5},
         .flag = static_cast<Flag>(letters[dice.next() % 30 == 0 ? dice.next() % 9 : 1])});
  }
  return series;
}

TEST(Block, gives_back_every_bit_of_any_series) {
  SeededDice dice(1);
  for (int round = 0; round < 400; ++round) expect_round_trip(any_series(dice));
}

TEST(Block, keeps_the_far_ends_of_time_and_number) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto reading = [](std::int64_t time, std::int64_t arrival, double value) {
    return Reading{instant_ms(time), instant_ms(arrival), value, PointKey{5}, Flag::none};
  };
  expect_round_trip({reading(least, most, 1), reading(0, least, -0.0), reading(most, 0, 1e300)});
  expect_round_trip({reading(0, 0, 9007199254740991.0), reading(0, 0, 0.1)});
  expect_round_trip({reading(0, 0, -9007199254740991.0), reading(0, 0, 12)});
  expect_round_trip({reading(0, 0, std::numeric_limits<double>::infinity())});
  expect_round_trip({reading(0, 0, std::bit_cast<double>(0x7ff8000000000001u))});  // another NaN
  expect_round_trip({reading(0, 0, std::numeric_limits<double>::denorm_min())});
}

TEST(Block, writes_the_bytes_the_format_page_shows) {
  // The worked example of docs/formats/readings.md.
  const std::vector<Reading> readings = {at_minute(0, 7.21), at_minute(1, 7.2),
                                         at_minute(2, no_value, Flag::fault), at_minute(3, 7.25)};
  Bytes bytes;
  encode_block(readings, bytes);
  EXPECT_EQ(to_hex(bytes),
            "04"                          // four readings
            "0180a0abfef962e0d403020202"  // times: differences of 1 in units of a minute
            "03a40d"                      // arrival - time: always 850 ms
            "4e02c4014e01"                // N N, D without value, N
            "000201a20b01010a");          // decimals of scale 2: 721, -1, +5
}

TEST(Block, packs_a_quiet_gauge_into_two_bytes_a_reading) {
  SeededDice dice(3);
  std::vector<Reading> readings;
  for (int i = 0; i < 1000; ++i)
    readings.push_back(at_minute(i, static_cast<double>(17000 + dice.next() % 60) / 100));
  Bytes bytes;
  encode_block(readings, bytes);
  EXPECT_LT(bytes.size(), readings.size() * 2 + 400);
}

TEST(Block, refuses_every_cut_and_leaves_the_output_alone) {
  SeededDice dice(4);
  for (int round = 0; round < 20; ++round) {
    std::vector<Reading> readings = any_series(dice);
    readings.resize(std::min<std::size_t>(readings.size(), 50));
    Bytes bytes;
    encode_block(readings, bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      std::vector<Reading> out(1);
      std::size_t at = 0;
      const auto done = decode_block(std::span(bytes).first(size), at, PointKey{}, out);
      ASSERT_FALSE(done.has_value());
      EXPECT_EQ(done.error().code, "block.short");
      EXPECT_LE(std::stoul(done.error().field.substr(5)), size);
      EXPECT_EQ(out.size(), 1u);
      EXPECT_EQ(at, 0u);
    }
  }
}

TEST(Block, survives_any_bytes) {
  SeededDice dice(5);
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes;
    encode_block(std::vector{at_minute(0, 1.5), at_minute(1, 2.5), at_minute(2, 1e-30)}, bytes);
    for (int flips = 0; flips < 3; ++flips)
      bytes[dice.next() % bytes.size()] = static_cast<std::uint8_t>(dice.next());
    std::vector<Reading> out;
    std::size_t at = 0;
    if (decode_block(bytes, at, PointKey{}, out)) {
      EXPECT_LE(at, bytes.size());
      for (std::size_t i = 1; i < out.size(); ++i) EXPECT_LE(out[i - 1].time, out[i].time);
    } else {
      EXPECT_TRUE(out.empty());
    }
  }
}

struct Bad {
  const char* hex;
  const char* code;
  const char* field;
};

TEST(Block, names_what_is_wrong_and_where) {
  const Bad cases[] = {
      {"00", "block.count", "byte 0"},
      {"8120", "block.count", "byte 0"},                   // 4097
      {"ffffffffffffffffff7f", "block.varint", "byte 0"},  // 70 bits
      {"020400", "block.column", "byte 1"},                // order 4
      {"02"
       "0102"
       "01"
       "01",
       "block.order", "byte 1"},  // times 1, 0
      {"01"
       "0300"
       "0300"
       "5801",
       "block.flag", "byte 5"},  // 'X'
      {"01"
       "0300"
       "0300"
       "4e02",
       "block.runs", "byte 6"},  // two of one
      {"01"
       "0300"
       "0300"
       "4e00",
       "block.runs", "byte 5"},  // none
      {"01"
       "0300"
       "0300"
       "4e01"
       "02",
       "block.column", "byte 7"},  // kind 2
      {"01"
       "0300"
       "0300"
       "4e01"
       "000d0300",
       "block.range", "byte 8"},  // scale 13
      {"01"
       "0300"
       "0300"
       "4e01"
       "000003feffffffffffffff7f",
       "block.range", "byte 8"},
  };
  for (const Bad& bad : cases) {
    const Bytes bytes = from_hex(bad.hex).value();
    std::vector<Reading> out;
    std::size_t at = 0;
    const auto done = decode_block(bytes, at, PointKey{}, out);
    ASSERT_FALSE(done.has_value()) << bad.hex;
    EXPECT_EQ(done.error().code, bad.code) << bad.hex;
    EXPECT_EQ(done.error().field, bad.field) << bad.hex;
  }
}

TEST(Column, takes_the_cheapest_of_its_orders) {
  const auto order_of = [](std::vector<std::int64_t> values) {
    Bytes bytes;
    encode_column(values, bytes);
    std::vector<std::int64_t> back(values.size());
    Input in(bytes);
    decode_column(in, back);
    EXPECT_FALSE(in.failed());
    EXPECT_EQ(back, values);
    return static_cast<int>(bytes[0]);
  };
  EXPECT_EQ(order_of({5, 5, 5}), 3);
  EXPECT_EQ(order_of({3, 100, 5, 110, 9, 101}), 0);
  EXPECT_EQ(order_of({0, 10'000, 20'001, 30'000, 40'003, 50'000}), 2);
  EXPECT_EQ(order_of({0, 50, 10, 60, 20, 300, 350, 310, 360, 320, 600, 650}), 1);
}

}  // namespace
}  // namespace tocsin::observation
