#include "log/segment.h"

#include <gtest/gtest.h>

#include "log/test_log.h"

namespace tocsin::log {
namespace {

/// Records 4..9 of a log with their seal, and the hash of record 3.
struct Sample {
  Sample() {
    log.batch(3);
    prev = log.head();
    for (int i = 4; i <= 9; ++i) segment.records.push_back(log.next(std::to_string(i)).bytes);
    segment.seal = log.seal();
  }
  TestLog log{"county/1/alert"};
  Hash prev;
  Segment segment;
};

TEST(Segment, AWholeOneHolds) {
  const Sample it;
  EXPECT_TRUE(check(it.segment, it.prev));
  EXPECT_EQ(it.segment.seal.first, 4u);
  EXPECT_EQ(it.segment.seal.last, 9u);
}

void expect_refused(const Segment& segment, const Hash& prev, const char* code,
                    const std::string& field) {
  const auto checked = check(segment, prev);
  ASSERT_FALSE(checked) << code;
  EXPECT_EQ(checked.error().code, code);
  EXPECT_TRUE(checked.error().field.starts_with(field)) << checked.error().field;
}

TEST(Segment, WhatIsWrongIsNamed) {
  const Sample good;
  Segment s = good.segment;
  s.records[2][s.records[2].find("\"6\"") + 1] = '7';
  expect_refused(s, good.prev, "segment.broken_chain", "county/1/alert#7, byte ");
  s = good.segment;
  s.records[5][s.records[5].find("\"9\"") + 1] = '7';
  expect_refused(s, good.prev, "segment.bad_hash", "county/1/alert#9");
  s = good.segment;
  std::swap(s.records[1], s.records[2]);
  expect_refused(s, good.prev, "segment.gap", "county/1/alert#5, byte ");
  s = good.segment;
  s.records.erase(s.records.begin());
  expect_refused(s, good.prev, "segment.gap", "county/1/alert#4, byte ");
  s = good.segment;
  s.records.pop_back();
  expect_refused(s, good.prev, "segment.gap", "county/1/alert#9");
  s = good.segment;
  s.records.push_back(s.records.back());
  expect_refused(s, good.prev, "segment.gap", "county/1/alert#10");
  s = good.segment;
  s.records[3] = "{}";
  expect_refused(s, good.prev, "event.bad_header", "county/1/alert#7, byte 1");
  expect_refused(good.segment, Hash{}, "segment.broken_chain", "county/1/alert#4, byte ");
  TestLog other("county/1/desk");
  s = good.segment;
  s.records[0] = other.next().bytes;
  expect_refused(s, good.prev, "segment.gap", "county/1/alert#4, byte 8");
  s = good.segment;
  s.seal.first = 0;
  s.seal.last = UINT64_MAX;
  expect_refused(s, good.prev, "segment.gap", "county/1/alert#0");
}

TEST(Segment, TheSealIsOfItsKeyAndItsWords) {
  const Sample good;
  EXPECT_TRUE(signature_holds(good.segment.seal));
  TestLog stranger("county/1/alert", 2);
  Seal s = good.segment.seal;
  s.key = to_base64url(stranger.key().pub);
  EXPECT_FALSE(signature_holds(s));
  s = good.segment.seal;
  s.first = 3;
  EXPECT_FALSE(signature_holds(s));
  s = good.segment.seal;
  s.hash.bytes[31] ^= 1;
  EXPECT_FALSE(signature_holds(s));
  s = good.segment.seal;
  s.log = "county/2/alert";
  EXPECT_FALSE(signature_holds(s));
  s.signature = "short";
  EXPECT_FALSE(signature_holds(s));
}

TEST(Segment, TheSealsLineIsReadBackAndEveryChangeOfItIsSeen) {
  const Sample good;
  const std::string line = print(good.segment.seal);
  const auto read = parse_seal(line);
  ASSERT_TRUE(read);
  EXPECT_EQ(print(*read), line);
  EXPECT_TRUE(signature_holds(*read));
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string changed = line;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto seal = parse_seal(changed);
    if (!seal) {
      EXPECT_EQ(seal.error().code, "segment.bad_seal") << i;
      continue;
    }
    EXPECT_FALSE(signature_holds(*seal)) << i << " " << changed;
  }
}

TEST(Segment, BadSealsNameTheMember) {
  const std::string good = print(Sample().segment.seal);
  const auto field_after = [&](const std::string& from, const std::string& to) {
    std::string line = good;
    line.replace(line.find(from), from.size(), to);
    const auto seal = parse_seal(line);
    return seal ? std::string("taken") : seal.error().field;
  };
  EXPECT_EQ(field_after("\"first\":4", "\"first\":10"), "last");
  EXPECT_EQ(field_after("\"first\":4", "\"first\":0"), "first");
  EXPECT_EQ(field_after("\"first\":4", "\"f\":4"), "first");
  EXPECT_EQ(field_after("county/1/alert", "county"), "segment");
  EXPECT_EQ(field_after("ed25519-sha256", "rot13"), "suite");
  EXPECT_EQ(field_after("\"key\":\"", "\"key\":\"A"), "key");
  EXPECT_EQ(field_after("\"sig\":\"", "\"sig\":5,\"x\":\""), "sig");
  EXPECT_EQ(field_after("{", "["), "byte 10");
}

}  // namespace
}  // namespace tocsin::log
