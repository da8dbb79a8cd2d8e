#include "adapter/reading_store/journal_format.h"

#include <gtest/gtest.h>

#include "adapter/reading_store/bytes.h"
#include "base/random.h"

namespace tocsin::reading_store {
namespace {

using observation::Flag;
using observation::PointKey;
using observation::Reading;

const std::deque<std::string> ids = {"a/level/rtd", "b/rain/rtd"};

Reading reading(std::uint32_t point, std::int64_t ms, double value, Flag flag = Flag::normal) {
  return {instant_ms(ms), instant_ms(ms + 900), value, PointKey{point}, flag};
}

/// A journal of four batches, each as it was synced.
struct Written {
  Bytes bytes;
  std::vector<std::size_t> ends;
};

Written four_batches() {
  Written out;
  JournalPoints points;
  put_journal_header(7, out.bytes);
  const std::vector<std::vector<Reading>> batches = {
      {reading(0, 1'780'000'000'000, 1.25)},
      {reading(1, 1'780'000'000'500, observation::no_value, Flag::no_communication),
       reading(0, 1'779'999'999'000, -3)},
      {reading(1, 1'780'000'001'000, 1e-30)},
      {reading(1, 1'780'000'002'000, 0)}};
  std::uint64_t ordinal = 7;
  for (const auto& batch : batches) {
    Bytes payload;
    points.put_payload(batch, ids, payload);
    points.keep();
    put_record(ordinal++, out.bytes.size(), payload, out.bytes);
    out.ends.push_back(out.bytes.size());
  }
  return out;
}

std::vector<std::uint64_t> ordinals(std::span<const std::uint8_t> bytes, JournalScan& scan) {
  std::vector<std::uint64_t> seen;
  scan = scan_journal(bytes, [&](const JournalBatch& batch) {
    seen.push_back(batch.ordinal);
    return true;
  });
  return seen;
}

TEST(JournalFormat, gives_back_what_was_written) {
  const Written written = four_batches();
  std::vector<JournalBatch> batches;
  const JournalScan scan = scan_journal(written.bytes, [&](const JournalBatch& batch) {
    batches.push_back(batch);
    return true;
  });
  EXPECT_EQ(scan.first_ordinal, 7u);
  EXPECT_EQ(scan.last_ordinal, 10u);
  EXPECT_EQ(scan.end, written.bytes.size());
  EXPECT_EQ(scan.torn, 0u);
  EXPECT_FALSE(scan.clean_end);
  EXPECT_TRUE(scan.damaged.empty());
  ASSERT_EQ(batches.size(), 4u);
  EXPECT_EQ(batches[0].new_points, std::vector<std::string_view>{"a/level/rtd"});
  EXPECT_EQ(batches[1].new_points, std::vector<std::string_view>{"b/rain/rtd"});
  EXPECT_EQ(batches[1].first_new, 1u);
  EXPECT_TRUE(batches[2].new_points.empty());
  ASSERT_EQ(batches[1].readings.size(), 2u);
  const Reading& missing = batches[1].readings[0];
  EXPECT_EQ(missing.point, PointKey{1});
  EXPECT_EQ(missing.time, instant_ms(1'780'000'000'500));
  EXPECT_EQ(missing.arrival, instant_ms(1'780'000'001'400));
  EXPECT_EQ(missing.flag, Flag::no_communication);
  EXPECT_FALSE(missing.has_value());
  EXPECT_EQ(batches[1].readings[1].value, -3);
  EXPECT_EQ(batches[2].readings[0].value, 1e-30);
}

TEST(JournalFormat, writes_the_bytes_the_format_page_shows) {
  // The worked example of docs/formats/readings.md.
  Bytes bytes;
  JournalPoints points;
  put_journal_header(1, bytes);
  Bytes payload;
  points.put_payload(std::vector{reading(0, 1'700'000'000'000, 7.5)}, ids, payload);
  put_record(1, 24, payload, bytes);
  EXPECT_EQ(to_hex(std::span(bytes).first(24)), "544f4353494e524a01000000010000000000000008d36f48");
  EXPECT_EQ(to_hex(std::span(bytes).subspan(24)),
            "545354422100000001000000000000001800000000000000"
            "6916b910"
            "0001"
            "0b612f6c6576656c2f727464"
            "01"
            "00"
            "80a0abfef962"
            "880e"
            "4e"
            "0000000000001e40");
}

TEST(JournalFormat, takes_any_cut_of_the_last_batch_for_a_torn_tail) {
  const Written written = four_batches();
  for (std::size_t size = written.ends[2]; size < written.bytes.size(); ++size) {
    JournalScan scan;
    const auto seen = ordinals(std::span(written.bytes).first(size), scan);
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{7, 8, 9}));
    EXPECT_EQ(scan.end, written.ends[2]);
    EXPECT_EQ(scan.torn, size - written.ends[2]);
    EXPECT_FALSE(scan.unclear) << size;
    EXPECT_TRUE(scan.damaged.empty());
  }
}

TEST(JournalFormat, does_not_claim_that_a_last_batch_of_full_length_was_never_acknowledged) {
  const Written written = four_batches();
  for (std::size_t at = written.ends[2]; at < written.bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes bytes = written.bytes;
      bytes[at] ^= static_cast<std::uint8_t>(1 << bit);
      JournalScan scan;
      EXPECT_EQ(ordinals(bytes, scan), (std::vector<std::uint64_t>{7, 8, 9}));
      EXPECT_EQ(scan.torn, bytes.size() - written.ends[2]);
      EXPECT_TRUE(scan.unclear) << at << " bit " << bit;
    }
}

TEST(JournalFormat, names_damage_to_what_was_already_durable_and_reads_on) {
  const Written written = four_batches();
  for (std::size_t at = 0; at < written.ends[2]; ++at) {
    Bytes bytes = written.bytes;
    bytes[at] ^= 0x10;
    JournalScan scan;
    const auto seen = ordinals(bytes, scan);
    ASSERT_FALSE(scan.damaged.empty()) << at;
    EXPECT_LE(scan.damaged.front().begin, at);
    EXPECT_GT(scan.damaged.front().end, at);
    EXPECT_EQ(scan.torn, 0u);
    EXPECT_EQ(scan.end, bytes.size());
    // The last batch needs the first two for the names of its points.
    if (at >= written.ends[1]) EXPECT_EQ(seen, (std::vector<std::uint64_t>{7, 8, 10}));
  }
}

TEST(JournalFormat, protects_the_last_batch_by_the_mark_of_a_clean_end) {
  Written written = four_batches();
  put_record(10, written.bytes.size(), {}, written.bytes);
  JournalScan scan;
  ordinals(written.bytes, scan);
  EXPECT_TRUE(scan.clean_end);
  for (std::size_t at = written.ends[2]; at < written.ends[3]; ++at) {
    Bytes bytes = written.bytes;
    bytes[at] ^= 1;
    ordinals(bytes, scan);
    ASSERT_EQ(scan.damaged.size(), 1u) << at;
    EXPECT_EQ(scan.damaged[0].begin, written.ends[2]);
  }
}

TEST(JournalFormat, notices_a_batch_that_is_left_out_or_stands_twice) {
  const Written written = four_batches();
  Bytes without(written.bytes.begin(),
                written.bytes.begin() + static_cast<std::ptrdiff_t>(written.ends[1]));
  without.insert(without.end(),
                 written.bytes.begin() + static_cast<std::ptrdiff_t>(written.ends[2]),
                 written.bytes.end());
  JournalScan scan;
  ordinals(without, scan);
  ASSERT_EQ(scan.damaged.size(), 1u);
  EXPECT_EQ(scan.damaged[0].error.code, "journal.ordinal");
  Bytes twice = written.bytes;
  twice.insert(twice.end(), written.bytes.begin() + static_cast<std::ptrdiff_t>(written.ends[2]),
               written.bytes.end());
  ordinals(twice, scan);
  ASSERT_EQ(scan.damaged.size(), 1u);
  EXPECT_EQ(scan.damaged[0].error.code, "journal.ordinal");
}

TEST(JournalFormat, says_when_a_right_checksum_covers_wrong_content) {
  const auto scan_payload = [](std::string_view hex) {
    Bytes bytes;
    put_journal_header(1, bytes);
    put_record(1, bytes.size(), from_hex(hex).value(), bytes);
    JournalScan scan;
    ordinals(bytes, scan);
    return scan.damaged.empty() ? std::string() : scan.damaged[0].error.code;
  };
  EXPECT_EQ(scan_payload("00010161"
                         "01"
                         "00"
                         "02"
                         "00"
                         "4e"
                         "0000000000001e40"),
            "");
  EXPECT_EQ(scan_payload("00010161"
                         "01"
                         "01"
                         "02"
                         "00"
                         "4e"
                         "0000000000001e40"),
            "journal.point");
  EXPECT_EQ(scan_payload("0000"
                         "01"
                         "00"
                         "02"
                         "00"
                         "4e"
                         "0000000000001e40"),
            "journal.point");
  EXPECT_EQ(scan_payload("00010161"
                         "01"
                         "00"
                         "02"
                         "00"
                         "58"
                         "0000000000001e40"),
            "journal.payload");
  EXPECT_EQ(scan_payload("00010161"
                         "02"
                         "00"
                         "02"
                         "00"
                         "4e"
                         "0000000000001e40"),
            "journal.payload");
  EXPECT_EQ(scan_payload("00010161"
                         "00"),
            "journal.payload");
  EXPECT_EQ(scan_payload("00010161"
                         "01"
                         "00"
                         "02"
                         "00"
                         "ce"
                         "ff"),
            "journal.payload");
  EXPECT_EQ(scan_payload("ffffffffffffffffff01"
                         "00"
                         "00"),
            "journal.payload");
}

TEST(JournalFormat, survives_any_bytes) {
  SeededDice dice(1);
  const Written written = four_batches();
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes = written.bytes;
    for (std::uint64_t flips = 1 + dice.next() % 4; flips > 0; --flips)
      bytes[dice.next() % bytes.size()] = static_cast<std::uint8_t>(dice.next());
    bytes.resize(dice.next() % (bytes.size() + 1));
    JournalScan scan;
    ordinals(bytes, scan);
    EXPECT_LE(scan.end, bytes.size());
  }
}

TEST(Crc32c, agrees_with_the_vectors_of_rfc_3720) {
  EXPECT_EQ(crc32c(Bytes(32, 0)), 0x8a9136aau);
  EXPECT_EQ(crc32c(Bytes(32, 0xff)), 0x62a8ab43u);
  Bytes rising(32);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(crc32c(rising), 0x46dd794eu);
  EXPECT_EQ(crc32c(std::span(rising).subspan(13), crc32c(std::span(rising).first(13))),
            0x46dd794eu);
}

}  // namespace
}  // namespace tocsin::reading_store
