#include "adapter/reading_store/sealed_format.h"

#include <gtest/gtest.h>

#include "adapter/reading_store/page.h"
#include "base/random.h"

namespace tocsin::reading_store {
namespace {

using observation::Flag;
using observation::PointKey;
using observation::Reading;

std::vector<Reading> series(std::size_t count, std::uint64_t seed) {
  SeededDice dice(seed);
  std::vector<Reading> out;
  for (std::size_t i = 0; i < count; ++i) {
    const Instant time = instant_ms(1'780'000'000'000 + static_cast<std::int64_t>(i) * 60'000);
    out.push_back({time, time + Duration(dice.next() % 5000),
                   static_cast<double>(dice.next() % 100'000) / 1000, PointKey{}, Flag::normal});
  }
  return out;
}

struct Built {
  Bytes bytes;
  SealedIndex index;
};

Built build() {
  SealedBuilder builder({5, 9, 1});
  builder.add("8821000001/w01001/rtd", series(3000, 1));
  builder.add("8821000001/w01018/rtd", series(1, 2));
  builder.add("水位", series(12'000, 3));
  Built out;
  out.bytes = builder.finish();
  out.index = builder.index();
  return out;
}

Result<SealedIndex> read(const Bytes& bytes) {
  if (bytes.size() < sealed_trailer_size) return fail("index.trailer");
  if (auto good = check_header(std::span(bytes).first(sealed_header_size), {5, 9, 1}); !good)
    return std::unexpected(good.error());
  const auto place = parse_trailer(std::span(bytes).last(sealed_trailer_size), bytes.size());
  if (!place) return std::unexpected(place.error());
  const auto raw = open_page(std::span(bytes).subspan(place->offset, place->size), index_raw_max);
  if (!raw) return std::unexpected(raw.error());
  return parse_index(*raw, place->offset);
}

TEST(SealedFormat, reads_back_the_index_it_wrote) {
  const Built built = build();
  const auto index = read(built.bytes);
  ASSERT_TRUE(index.has_value()) << index.error().code;
  EXPECT_EQ(index->points, built.index.points);
  EXPECT_EQ(index->blocks, built.index.blocks);
  EXPECT_EQ(index->page_offsets, built.index.page_offsets);
  EXPECT_EQ(index->last_arrival, built.index.last_arrival);
  EXPECT_EQ(index->readings(), 15'001u);
  EXPECT_GT(index->page_offsets.size(), 2u);  // the example has several pages
  EXPECT_EQ(index->blocks[0].count, 1000u);   // 3,000 in three equal blocks, not 1,024 twice
  EXPECT_EQ(index->blocks.size(), 3u + 1u + 12u);
}

TEST(SealedFormat, refuses_another_files_header) {
  const Built built = build();
  const auto header = std::span(built.bytes).first(sealed_header_size);
  EXPECT_TRUE(check_header(header, {5, 9, 1}).has_value());
  EXPECT_EQ(check_header(header, {5, 9, 0}).error().code, "index.header");
  EXPECT_EQ(check_header(header, {5, 8, 1}).error().code, "index.header");
}

TEST(SealedFormat, notices_every_spoilt_byte_of_header_index_and_trailer) {
  const Built built = build();
  const std::size_t index_at = built.index.page_offsets.back();
  for (std::size_t at = 0; at < built.bytes.size(); ++at) {
    if (at >= sealed_header_size && at < index_at) continue;  // pages have their own test
    Bytes bytes = built.bytes;
    bytes[at] ^= 0x40;
    EXPECT_FALSE(read(bytes).has_value()) << at;
  }
}

TEST(SealedFormat, refuses_an_index_that_does_not_add_up) {
  const Built built = build();
  const std::uint64_t offset = built.index.page_offsets.back();
  const auto raw = open_page(
      std::span(built.bytes).subspan(offset, built.bytes.size() - offset - sealed_trailer_size),
      index_raw_max);
  ASSERT_TRUE(raw.has_value());
  EXPECT_TRUE(parse_index(*raw, offset).has_value());
  EXPECT_EQ(parse_index(*raw, offset + 1).error().code, "index.pages");
  SeededDice dice(1);
  for (int round = 0; round < 20'000; ++round) {
    Bytes bad = *raw;
    bad[dice.next() % bad.size()] = static_cast<std::uint8_t>(dice.next());
    const auto index = parse_index(bad, offset);
    if (!index) continue;
    for (const BlockEntry& block : index->blocks) {
      EXPECT_LT(block.point, index->points.size());
      EXPECT_LT(block.page + 1, index->page_offsets.size());
      EXPECT_LE(block.offset + block.size, page_raw_max);
      EXPECT_LE(block.first, block.last);
    }
  }
}

TEST(Page, gives_back_its_content_or_says_what_is_wrong) {
  const Bytes raw(5000, 42);
  Bytes page;
  put_page(raw, page);
  EXPECT_LT(page.size(), 100u);
  EXPECT_EQ(open_page(page, page_raw_max).value(), raw);
  EXPECT_EQ(open_page(page, 4999).error().code, "page.size");
  EXPECT_EQ(open_page(std::span(page).first(page.size() - 1), page_raw_max).error().code,
            "page.short");
  EXPECT_EQ(open_page(std::span(page).first(3), page_raw_max).error().code, "page.short");
  for (std::size_t at = 4; at < page.size(); ++at) {
    Bytes bad = page;
    bad[at] ^= 1;
    EXPECT_EQ(open_page(bad, page_raw_max).error().code, "page.checksum") << at;
  }
}

TEST(FileNames, are_read_back_and_nothing_else_is_taken_for_one) {
  const SealedName name{1, 0xabcdef, 2};
  EXPECT_EQ(text_of(name), "readings-0000000000000001-0000000000abcdef-02.tsr");
  EXPECT_EQ(parse_sealed_name(text_of(name)), name);
  EXPECT_EQ(parse_journal_name(journal_name(77)), 77u);
  for (const char* other :
       {"", "readings-0000000000000001-0000000000ABCDEF-02.tsr", "journal-4d.tsj",
        "readings-0000000000000001-0000000000abcdef-02.tsr.tmp", "journal-000000000000004d.tsj2",
        "readings-000000000000000g-0000000000abcdef-02.tsr"}) {
    EXPECT_FALSE(parse_sealed_name(other).has_value()) << other;
    EXPECT_FALSE(parse_journal_name(other).has_value()) << other;
  }
}

}  // namespace
}  // namespace tocsin::reading_store
