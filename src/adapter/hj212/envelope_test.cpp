#include "adapter/hj212/envelope.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin::hj212 {
namespace {

const std::string segment =
    "QN=20261101120000123;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
    "CP=&&DataTime=20261101120000;w01018-Rtd=1&&";  // 123 bytes

/// Good as long as `frame` is, hence no temporary.
Envelope open(const std::string& frame) {
  const auto envelope = open_envelope(frame);
  EXPECT_TRUE(envelope) << frame;
  return envelope.value_or(Envelope{});
}
Envelope open(std::string&&) = delete;

TEST(Envelope, TheCrcStandsBehindTheCpWhateverFollows) {
  for (const char* behind : {";\r\n", "\xFF", "00", "0000", " x\r\n", "\x01\x03\x02\xC4\x0B", "##",
                             ";&&", ";w01018-Rtd=2&&12AB\r\n"})
    for (const char* length : {"0099", "0139", "9999", ""}) {
      const std::string frame = std::string("##") + length + segment + "EF41" + behind;
      const Envelope e = open(frame);
      EXPECT_EQ(e.segment, segment) << frame;
      EXPECT_EQ(e.crc_text, "EF41") << frame;
      EXPECT_EQ(e.crc, CrcVariant::standard) << frame;
      EXPECT_FALSE(e.length_right()) << frame;
      EXPECT_FALSE(e.closed_by_crlf) << frame;
      EXPECT_GT(e.noise, 0u) << frame;
    }
}

TEST(Envelope, AWrongCrcLeavesTheLengthRightWhateverFollows) {
  for (const char* behind : {";\r\n", "00", "EF41"}) {
    const std::string frame = "##0123" + segment + "12AB" + behind;
    const Envelope e = open(frame);
    EXPECT_TRUE(e.length_right()) << behind;
    EXPECT_EQ(e.crc_text, "12AB") << behind;
    EXPECT_EQ(e.crc, std::nullopt) << behind;
  }
}

TEST(Envelope, NoCrcIsTakenFromTheDataOfAnOpenCp) {
  const std::string data = "QN=1;CN=2011;CP=&&a34004-Rtd=1";  // "a340" has the form of a CRC
  const std::string right = "##0011" + data + "12AB\r\n", junk = "##0011" + data + "12AB;\r\n";
  EXPECT_EQ(open(right).segment, data);
  EXPECT_EQ(open(junk).segment, data + "12AB;");
  const std::string empty = "##0011QN=1;CN=2011;CP=&&&&12AB;\r\n";
  EXPECT_EQ(open(empty).segment, "QN=1;CN=2011;CP=&&&&");
}

TEST(Envelope, WhatStandsBetweenCpAndCrcIsNotOfTheSegment) {
  for (const char* between : {" ", "  ", "\t", "0x", "0X", " 0x", "&"})
    for (const char* crc : {"EF41", "12AB"}) {
      const std::string frame = "##0123" + segment + between + crc + "\r\n";
      const Envelope e = open(frame);
      EXPECT_EQ(e.segment, segment) << between;
      EXPECT_TRUE(e.length_right()) << between;
      EXPECT_EQ(e.crc_text, crc) << between;
      EXPECT_EQ(e.crc.has_value(), std::string_view(crc) == "EF41") << between;
      EXPECT_TRUE(e.closed_by_crlf) << between;
      EXPECT_GT(e.noise, 0u) << between;
    }
}

TEST(Envelope, ALengthPaddedWithBlanksIsRead) {
  const std::string frame = "## 123" + segment + "EF41\r\n";
  const Envelope e = open(frame);
  EXPECT_EQ(e.digits, "123");
  EXPECT_EQ(e.declared, 123);
  EXPECT_EQ(e.segment, segment);
  EXPECT_EQ(e.crc, CrcVariant::standard);
  EXPECT_EQ(e.noise, 0u);
  EXPECT_EQ(header_at("##   9"), true);
  EXPECT_EQ(header_at("##  "), std::nullopt);
  EXPECT_EQ(header_at("##    9"), false);
  EXPECT_EQ(header_at("##  Q"), false);
}

}  // namespace
}  // namespace tocsin::hj212
