#include "adapter/hj212/crc.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tocsin::hj212 {
namespace {

// HJ 212-2025 annex A.1 prints this segment with 2200.
constexpr std::string_view printed =
    "QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&";

TEST(Crc, GivesThePrintedExample) { EXPECT_EQ(crc16(printed), 0x2200); }

TEST(Crc, ModbusAndArcGiveTheirPublishedCheckValues) {
  EXPECT_EQ(crc16_modbus("123456789"), 0x4B37);
  EXPECT_EQ(crc16_arc("123456789"), 0xBB3D);
}

TEST(Crc, FollowsTheWrittenRuleBitByBit) {
  std::string text;
  for (int i = 0; i < 600; ++i) {
    text += static_cast<char>((i * 131 + i / 7) & 0xFF);
    std::uint32_t crc = 0xFFFF;
    for (const char c : text) {
      crc = (crc >> 8) ^ static_cast<unsigned char>(c);
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) ? (crc >> 1) ^ 0xA001u : crc >> 1;
    }
    ASSERT_EQ(crc16(text), crc) << text.size();
  }
}

TEST(Crc, HasOnly256Values) {
  std::set<std::uint16_t> seen;
  for (int i = 0; i < 20000; ++i) seen.insert(crc16(std::to_string(i * 7919)));
  EXPECT_LE(seen.size(), 256u);
}

TEST(Crc, NamesTheVariantThatWasUsed) {
  for (const auto variant :
       {CrcVariant::standard, CrcVariant::standard_lo_first, CrcVariant::modbus_hi_first,
        CrcVariant::modbus_lo_first, CrcVariant::arc_hi_first, CrcVariant::arc_lo_first}) {
    EXPECT_EQ(match_crc(printed, crc_for(printed, variant)), variant);
    EXPECT_EQ(crc_variant_of(name_of(variant)), variant);
  }
  EXPECT_EQ(match_crc(printed, 0x1234), std::nullopt);
  EXPECT_EQ(crc_variant_of("ccitt"), std::nullopt);
}

TEST(Crc, FieldIsFourHexDigitsOfEitherCase) {
  EXPECT_EQ(parse_crc("1c80"), 0x1C80);
  EXPECT_EQ(parse_crc("1C80"), 0x1C80);
  EXPECT_EQ(parse_crc("1C8"), std::nullopt);
  EXPECT_EQ(parse_crc("1C8G"), std::nullopt);
  EXPECT_EQ(parse_crc("+1C8"), std::nullopt);
}

}  // namespace
}  // namespace tocsin::hj212
