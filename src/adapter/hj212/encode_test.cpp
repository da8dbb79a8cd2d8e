#include "adapter/hj212/encode.h"

#include <gtest/gtest.h>

#include <random>

#include "adapter/hj212/framer.h"
#include "adapter/hj212/parts.h"

namespace tocsin::hj212 {
namespace {

const Instant noon = *device_time("20240801120000");

Upload upload_of(std::size_t factors) {
  Upload upload{.qn = "20240801120001000", .mn = "010000A8900016F000169DC0", .data_time = noon};
  for (std::size_t i = 0; i < factors; ++i)
    upload.factors.push_back({.code = "w" + std::to_string(10000 + i),
                              .values = {{Stat::avg, std::to_string(i) + ".5"}, {Stat::max, "9"}}});
  return upload;
}

TEST(Encode, AnswerHasTheSameQnAndAsksForNothing) {
  const std::string segment =
      "QN=20240801120001000;ST=32;CN=2011;PW=123456;MN=STATION1;Flag=9;CP=&&&&";
  EXPECT_EQ(answer(parse_segment(segment).head, 9014),
            enclose("QN=20240801120001000;ST=91;CN=9014;PW=123456;MN=STATION1;Flag=8;CP=&&&&"));
}

TEST(Encode, AnswerToA2005StationNamesThePacketInsideCp) {
  const std::string segment = "QN=20240801120001000;ST=32;CN=2011;PW=123456;MN=X;Flag=1;CP=&&&&";
  EXPECT_EQ(answer(parse_segment(segment).head, 9014),
            enclose("ST=91;CN=9014;PW=123456;MN=X;Flag=0;CP=&&QN=20240801120001000;CN=2011&&"));
}

TEST(Encode, RequestAsksAndCarriesItsOwnQn) {
  const Request request{.now = noon,
                        .st = "32",
                        .pw = "123456",
                        .mn = "X",
                        .cn = 1012,
                        .cp = "SystemTime=20240801120000"};
  EXPECT_EQ(encode(request),
            enclose("QN=20240801120000000;ST=32;CN=1012;PW=123456;MN=X;Flag=5;CP=&&"
                    "SystemTime=20240801120000&&"));
}

/// What a receiver reads back from an upload's frames.
std::string read_back(const std::vector<std::string>& frames, const std::optional<Sm4Key>& key) {
  std::string out;
  PartAssembler parts;
  Framer framer;
  std::string stream;
  for (const auto& frame : frames) stream += frame;
  framer.feed(stream);
  framer.finish();
  while (const auto bytes = framer.next()) {
    const Segment segment = parse_segment(open_envelope(*bytes)->segment);
    std::string cp(segment.cp);
    if (segment.encrypted()) cp = *decrypt_cp(segment.cp, *key);
    if (!segment.head.flag->split()) return cp;
    if (auto whole = parts.add(segment.head, cp, noon); *whole) out = **whole;
  }
  return out;
}

TEST(EncodeProperty, EveryUploadReadsBackWhole) {
  const Sm4Key key = *parse_key("30303030303030303030303030303030");
  for (const std::size_t n : {0u, 1u, 5u, 40u, 300u}) {
    const Upload upload = upload_of(n);
    std::string expected = "DataTime=20240801120000";
    for (const auto& f : upload.factors)
      expected += ";" + f.code + "-Avg=" + f.values[0].second + "," + f.code + "-Max=9," + f.code +
                  "-Flag=N";
    const auto plain = encode(upload);
    ASSERT_TRUE(plain);
    EXPECT_EQ(read_back(*plain, {}), expected) << n;
    EXPECT_EQ(read_back(*encode(upload, key), key), expected) << n;
    for (const auto& frame : *plain) {
      const Envelope e = *open_envelope(frame);
      EXPECT_EQ(e.crc, CrcVariant::standard);
      EXPECT_TRUE(e.length_right() && e.closed_by_crlf && e.segment.size() <= standard_segment);
    }
  }
}

TEST(Encode, PartsHaveTheirOwnQnAndNumber) {
  const auto frames = *encode(upload_of(40));
  ASSERT_GT(frames.size(), 1u);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Head head = parse_segment(open_envelope(frames[i])->segment).head;
    EXPECT_EQ(head.qn, "2024080112000100" + std::to_string(i));
    EXPECT_EQ(head.pno, std::to_string(i + 1));
    EXPECT_EQ(head.pnum, std::to_string(frames.size()));
    EXPECT_EQ(head.flag->value, 7);
  }
}

TEST(Encode, RefusesWhatFitsNoPacket) {
  Upload upload = upload_of(1);
  upload.factors[0].values.assign(100, {Stat::rtd, "123456.789"});
  EXPECT_EQ(encode(upload).error().code, "hj212.size");
  Upload no_qn = upload_of(60);
  no_qn.qn.clear();
  EXPECT_EQ(encode(no_qn).error().code, "hj212.qn");
}

Head part_head(const std::string& segment) { return parse_segment(segment).head; }

TEST(Parts, ComeInAnyOrderAndTwice) {
  PartAssembler parts;
  const std::string one = "CN=2061;MN=X;PNUM=2;PNO=1;", two = "CN=2061;MN=X;PNUM=2;PNO=2;";
  EXPECT_EQ(*parts.add(part_head(two), "DataTime=1;b-Rtd=2", noon), std::nullopt);
  EXPECT_EQ(*parts.add(part_head(two), "DataTime=1;b-Rtd=2", noon), std::nullopt);
  EXPECT_EQ(*parts.add(part_head(one), "DataTime=1;a-Rtd=1;", noon), "DataTime=1;a-Rtd=1;b-Rtd=2");
  EXPECT_EQ(parts.open_messages(), 0u);
}

TEST(Parts, ThatMakeNoSenseAreRefused) {
  PartAssembler parts;
  for (const char* head : {"", "PNUM=2;", "PNO=1;", "PNUM=2;PNO=3;", "PNUM=0;PNO=0;",
                           "PNUM=9999;PNO=1;", "PNUM=x;PNO=1;", "PNUM=-2;PNO=-1;"})
    EXPECT_EQ(parts.add(part_head(head), "", noon).error().code, "hj212.parts") << head;
  EXPECT_TRUE(parts.add(part_head("PNUM=3;PNO=1;"), "", noon));
  EXPECT_EQ(parts.add(part_head("PNUM=2;PNO=2;"), "", noon).error().code, "hj212.parts");
}

TEST(Parts, MemoryIsBounded) {
  PartAssembler parts;
  for (int i = 0; i < 1000; ++i) {
    const std::string head = "MN=" + std::to_string(i) + ";PNUM=2;PNO=1;";
    ASSERT_TRUE(parts.add(part_head(head), "x", noon));
    ASSERT_LE(parts.open_messages(), PartAssembler::max_messages);
  }
  ASSERT_TRUE(parts.add(part_head("MN=Z;PNUM=2;PNO=1;"), "x", noon + std::chrono::hours(1)));
  EXPECT_EQ(parts.open_messages(), 1u);
}

}  // namespace
}  // namespace tocsin::hj212
