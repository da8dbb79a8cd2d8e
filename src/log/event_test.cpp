#include "log/event.h"

#include <gtest/gtest.h>

#include "log/test_log.h"

namespace tocsin::log {
namespace {

// Written by hand from docs/formats/log.md; the hash with sha256sum and basenc.
constexpr std::string_view golden =
    R"({"log":"county/1/alert","seq":2,"prev":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",)"
    R"("at":"2026-11-22T02:00:03.120Z","c":4,"entity":"warning/w1",)"
    R"("term":"2 town/1/alert#17","type":"warning.issued","v":2,"by":"post/duty",)"
    R"("cmd":"c-1","body":{"level":1,"words":"转移"}})";

Hash counting_hash() {
  Hash out;
  for (std::size_t i = 0; i < 32; ++i) out.bytes[i] = static_cast<std::uint8_t>(i);
  return out;
}

Draft golden_draft() {
  return Draft{.entity = "warning/w1",
               .term = Term{2, Position{LogId{"town", 1, "alert"}, 17}},
               .type = "warning.issued",
               .version = 2,
               .by = "post/duty",
               .command = "c-1",
               .body = R"({"level":1,"words":"转移"})"};
}

Stamp golden_stamp() { return {*parse_iso("2026-11-22T02:00:03.120Z"), 4}; }

TEST(Event, ARecordHasExactlyTheseBytes) {
  const Record record =
      make_record("county/1/alert", 2, counting_hash(), golden_stamp(), golden_draft());
  EXPECT_EQ(record.bytes, golden);
  EXPECT_EQ(record.hash, sha256(golden));
  EXPECT_EQ(text_of(record.hash), "NIupDhXqA2ycfftYO0QoVlV_mFEyY4iiaFq8vxjpY2c");
}

TEST(Event, TheHeaderIsReadBack) {
  const auto header = parse_header(golden);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->log, "county/1/alert");
  EXPECT_EQ(header->seq, 2u);
  EXPECT_EQ(header->prev, counting_hash());
  EXPECT_EQ(header->at, golden_stamp());
  EXPECT_EQ(header->entity, "warning/w1");
  EXPECT_EQ(*parse_term(header->term), golden_draft().term);
  EXPECT_EQ(header->type, "warning.issued");
  EXPECT_EQ(header->version, 2);
  EXPECT_EQ(header->by, "post/duty");
  EXPECT_EQ(header->command, "c-1");
  EXPECT_EQ(header->body, golden_draft().body);
}

TEST(Event, CountAndCommandMayBeAbsent) {
  Draft draft = golden_draft();
  draft.command.clear();
  draft.term = {};
  const Record record = make_record("county/1/alert", 1, {}, {golden_stamp().at, 0}, draft);
  const auto header = parse_header(record.bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->at.count, 0u);
  EXPECT_EQ(header->command, "");
  EXPECT_EQ(header->term, "1");
  EXPECT_EQ(record.bytes.find("\"c\":"), std::string::npos);
  EXPECT_EQ(record.bytes.find("\"cmd\":"), std::string::npos);
}

/// The record written from what was read: the same bytes, or reading was too generous.
std::string written_again(const Header& h) {
  const auto term = parse_term(h.term);
  if (!term) return "term";
  return make_record(h.log, h.seq, h.prev, h.at,
                     Draft{std::string(h.entity), *term, std::string(h.type), h.version,
                           std::string(h.by), std::string(h.command), std::string(h.body)})
      .bytes;
}

TEST(Event, EveryChangedHeaderByteIsRefusedOrMeansSomethingElse) {
  const auto right = parse_header(golden);
  const std::size_t header_size = golden.find(R"({"level")");
  std::size_t refused = 0;
  for (std::size_t i = 0; i < header_size; ++i) {
    for (int value = 0; value < 256; ++value) {
      if (static_cast<char>(value) == golden[i]) continue;
      std::string bytes(golden);
      bytes[i] = static_cast<char>(value);
      const auto header = parse_header(bytes);
      if (header) {
        EXPECT_EQ(written_again(*header), bytes) << i << " " << value;
        continue;
      }
      ++refused;
      EXPECT_EQ(header.error().code, "event.bad_header");
      // At the change, at the beginning of the text it stands in, or right behind a lost quote.
      const std::size_t named = std::stoul(header.error().field.substr(5));
      EXPECT_LE(named, i + 1) << value;
      EXPECT_LE(i, named + 43) << value;
    }
  }
  EXPECT_GT(refused, header_size * 200);
}

TEST(Event, EveryCutOrGrownRecordIsRefused) {
  for (std::size_t size = 0; size < golden.size(); ++size)
    EXPECT_FALSE(parse_header(golden.substr(0, size))) << size;
  EXPECT_FALSE(parse_header(std::string(golden) + "\n"));
  EXPECT_FALSE(parse_header(" " + std::string(golden)));
}

TEST(Event, LongTextsAndRecordsAreRefused) {
  Draft draft = golden_draft();
  draft.entity = std::string(200, 'e');
  const auto record = [&] { return make_record("county/1/alert", 1, {}, golden_stamp(), draft); };
  std::string longer = record().bytes;
  EXPECT_TRUE(parse_header(longer));
  longer.insert(longer.find("eee"), "e");
  EXPECT_FALSE(parse_header(longer));
  draft.body = "{\"x\":\"" + std::string(record_size_max, 'x') + "\"}";
  EXPECT_EQ(parse_header(record().bytes).error().code, "event.too_large");
}

TEST(Event, PlacesAndTermsHaveOneTextFormEach) {
  for (const char* text : {"county/1/alert", "a/4294967295/work/511721101", "n/2/desk"}) {
    ASSERT_TRUE(parse_log_id(text)) << text;
    EXPECT_EQ(text_of(*parse_log_id(text)), text);
  }
  for (const char* text :
       {"", "/", "//", "county", "county/1", "county/1/", "/1/alert", "c/0/a", "c/01/a", "c/+1/a",
        "c/4294967296/a", "c/1/a b", "c//a", "c/1/\"", "c/1x/a"})
    EXPECT_FALSE(parse_log_id(text)) << text;
  EXPECT_EQ(text_of(*parse_position("county/1/alert#17")), "county/1/alert#17");
  for (const char* text : {"county/1/alert", "county/1/alert#", "county/1/alert#0", "c/1/a#017",
                           "c/1/a#1 ", "c/1/a#-1", "#1"})
    EXPECT_FALSE(parse_position(text)) << text;
  for (const char* text : {"1", "2 county/1/alert#17"}) EXPECT_EQ(text_of(*parse_term(text)), text);
  for (const char* text : {"", "0", "2", "1 county/1/alert#17", "2  county/1/alert#17",
                           "02 c/1/a#1", "2 county/1/alert", "x", "1 "})
    EXPECT_FALSE(parse_term(text)) << text;
}

}  // namespace
}  // namespace tocsin::log
