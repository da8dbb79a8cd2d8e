#include "base/encode.h"

#include <gtest/gtest.h>

namespace tocsin {

TEST(encode, hex_and_base64url_round_trip) {
  const Bytes bytes{0x00, 0x7f, 0xff, 0x10};
  EXPECT_EQ(to_hex(bytes), "007fff10");
  EXPECT_EQ(from_hex("007FFF10"), bytes);
  for (std::size_t n = 0; n <= bytes.size(); ++n) {
    const Bytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_EQ(from_base64url(to_base64url(part)), part);
  }
  EXPECT_FALSE(from_base64url("a"));
  EXPECT_FALSE(from_base64url("a+"));
  EXPECT_FALSE(from_hex("0"));
}

TEST(encode, utf8_is_checked) {
  EXPECT_TRUE(valid_utf8("警钟 Tocsin"));
  EXPECT_FALSE(valid_utf8("\xc0\x80"));
  EXPECT_FALSE(valid_utf8("\xed\xa0\x80"));
  EXPECT_FALSE(valid_utf8("\xe8\xad"));
}

}  // namespace tocsin
