#include "adapter/hj212/values.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "adapter/hj212/factors.h"
#include "adapter/hj212/frame.h"

namespace tocsin::hj212 {
namespace {

std::string text_of(std::string_view cp) {
  ValueReader reader;
  std::string out;
  for (const Value& v : reader.read(cp)) {
    out += std::string(v.code) + " " + std::string(name_of(v.stat)) + " " + std::string(v.text) +
           (v.number ? "" : "?") + " " + std::string(v.flag.value_or("-")) + "\n";
  }
  return out;
}

TEST(Values, FlagsApplyToTheWholeGroupWhereverTheyStand) {
  EXPECT_EQ(text_of("DataTime=20240801000000;w01018-Flag=T,w01018-Min=1,w01018-Max=-2.5;"
                    "w01001-Rtd=7.1"),
            "w01018 Min 1 T\nw01018 Max -2.5 T\nw01001 Rtd 7.1 -\n");
}

TEST(Values, AFlagOfOneGroupIsNotThatOfAnother) {
  EXPECT_EQ(text_of("a-Rtd=1,a-Flag=D;a-Rtd=2"), "a Rtd 1 D\na Rtd 2 -\n");
}

TEST(Values, CodesMixedInAGroupArePutTogether) {
  EXPECT_EQ(text_of("a-Rtd=1,b-Rtd=2,a-ZsRtd=3,b-Flag=N,a-Flag=D"),
            "a Rtd 1 D\na ZsRtd 3 D\nb Rtd 2 N\n");
}

TEST(Values, OfANameTwiceTheLastStands) {
  EXPECT_EQ(text_of("a-Rtd=1,a-Rtd=2,a-Flag=D,a-Flag=N"), "a Rtd 2 N\n");
}

TEST(Values, OnlyMeasurementsAreValues) {
  EXPECT_EQ(text_of("i13004-Info=168.0;w01018-SN=12;a-ZsCou=4;LA-td=50;SB1-RS=1;SB2-RT=2.5"),
            "SB1 RS 1 -\nSB2 RT 2.5 -\n");
}

TEST(Values, ABadNumberIsKeptAsText) {
  EXPECT_EQ(text_of("a-Rtd=,a-Avg=1.2mg;b-Rtd=nan;c-Rtd=1e3"),
            "a Rtd ? -\na Avg 1.2mg? -\nb Rtd nan? -\nc Rtd 1e3 -\n");
}

TEST(Values, BlanksRoundNamesAndValuesDoNotCount) {
  EXPECT_EQ(text_of(" w01018 - Rtd = 3.5 , w01018-Flag = N "), "w01018 Rtd 3.5 N\n");
}

TEST(Values, StopsAtItsLimit) {
  ValueReader reader;
  EXPECT_EQ(reader.read("a-Rtd=1;b-Rtd=2;c-Rtd=3", 2).size(), 2u);
  EXPECT_TRUE(reader.cut_short());
  EXPECT_EQ(reader.read("a-Rtd=1;b-Rtd=2", 2).size(), 2u);
  EXPECT_FALSE(reader.cut_short());
}

TEST(Items, ATextBetweenSlashesMayHoldSeparators) {
  ItemReader reader("DataTime=1;i11001-Info=//wash; pump,stop//;PolId=w01018");
  Item item;
  ASSERT_TRUE(reader.next(item) && reader.next(item));
  EXPECT_EQ(item.value, "//wash; pump,stop//");
  ASSERT_TRUE(reader.next(item));
  EXPECT_EQ(item.code, "PolId");
  EXPECT_FALSE(reader.next(item));
}

TEST(Items, GroupsAreCountedAndEmptyPiecesSeen) {
  ItemReader reader("a-Rtd=1,,a-Avg=2;;b-Rtd=3,**");
  Item item;
  ASSERT_TRUE(reader.next(item) && reader.next(item));
  EXPECT_EQ(item.group, 0u);
  ASSERT_TRUE(reader.next(item));
  EXPECT_EQ(item.group, 1u);
  ASSERT_TRUE(reader.next(item));
  EXPECT_FALSE(item.has_equals);
  EXPECT_EQ(item.value, "**");
  EXPECT_EQ(reader.empty_items(), 1u);
  EXPECT_EQ(reader.empty_groups(), 1u);
}

TEST(Numbers, AreFiniteDecimalsAndNothingElse) {
  EXPECT_EQ(parse_number("+1.5"), 1.5);
  EXPECT_EQ(parse_number("-0.041"), -0.041);
  for (const std::string_view bad :
       {"", "+", "-", "++1", "+-1", "0x10", "inf", "1e999", "1 2", "1,5"})
    EXPECT_EQ(parse_number(bad), std::nullopt) << bad;
}

TEST(Factors, AreFoundByBothGenerationsOfCodes) {
  EXPECT_EQ(factors().size(), 374u);
  EXPECT_EQ(find_factor("w01018")->unit, "毫克/升");
  EXPECT_EQ(standard_code("w01018"), "w01018");
  EXPECT_EQ(standard_code("011"), "w01018");
  EXPECT_EQ(standard_code("S08"), "a01013");
  EXPECT_EQ(standard_code("LA"), "LA");
  EXPECT_EQ(standard_code("e10103"), "e10103");
  EXPECT_EQ(find_factor("e10103")->name, "进水口流量");
  for (const std::string_view unknown : {"", "w01008", "PM25", "e999xx1", "e99901", "W01018"})
    EXPECT_EQ(standard_code(unknown), "") << unknown;
}

TEST(Segment, ReadsTheHeadAndTheBodyOfCp) {
  const Segment s = parse_segment(
      "QN=20240801000000000;ST=32;CN=2011;PW=;MN=X;Flag=7;PNUM=2;PNO=1;"
      "CP=&&DataTime=1&&");
  EXPECT_EQ(s.head.qn, "20240801000000000");
  EXPECT_EQ(s.head.command(), 2011);
  EXPECT_TRUE(s.head.has_pw && s.head.pw.empty());
  EXPECT_EQ(s.head.flag->version(), Version::v2017);
  EXPECT_TRUE(s.head.flag->split() && s.head.flag->wants_ack());
  EXPECT_EQ(s.cp, "DataTime=1");
  EXPECT_TRUE(s.opened && s.closed && !s.text_behind_cp);
}

TEST(Segment, ReadsTheMisprintsOfTheStandard) {
  const Segment s =
      parse_segment("QN=20240801000000000,ST=32;CN=2011;PW=1;,MN=X;FLAG=5CP=&&a-Rtd=1");
  EXPECT_EQ(s.head.st, "32");
  EXPECT_EQ(s.head.mn, "X");
  EXPECT_EQ(s.head.flag->value, 5);
  EXPECT_FALSE(s.closed);
  EXPECT_EQ(s.cp, "a-Rtd=1");
}

TEST(Segment, AFlagIsOneByte) {
  for (const std::string_view flag : {"", "x", "5x", "-1", "256", "99999999999"})
    EXPECT_FALSE(parse_segment("Flag=" + std::string(flag) + ";CP=&&&&").head.flag) << flag;
  EXPECT_EQ(parse_segment("Flag=13;CP=&&&&").head.flag->version(), Version::unknown);
}

}  // namespace
}  // namespace tocsin::hj212
