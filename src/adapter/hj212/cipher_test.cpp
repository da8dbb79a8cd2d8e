#include "adapter/hj212/cipher.h"

#include <gtest/gtest.h>

#include "base/encode.h"

namespace tocsin::hj212 {
namespace {

const Sm4Key key = *parse_key("30303030303030303030303030303030");  // HJ 212-2025 annex A.2

TEST(Sm4, GivesThePublishedBlock) {  // GB/T 32907-2016 annex A.1: key = block
  const Sm4Key gb = *parse_key("0123456789abcdeffedcba9876543210");
  const auto block = *from_hex("0123456789abcdeffedcba9876543210");
  EXPECT_EQ(*encrypt_cp(as_text(block), gb),
            "{0x68,0x1E,0xDF,0x34,0xD2,0x06,0x96,0x5E,0x86,0xB3,0xE9,0x4F,0x53,0x6E,0x42,0x46}");
}

TEST(Sm4, WholeBlocksAreEncryptedAndTheRestStaysPlain) {
  const std::string plain = "DataTime=20240520210600;a01011-Min=1.35";  // 39 = 2 blocks + 7
  const std::string sent = *encrypt_cp(plain, key);
  EXPECT_TRUE(sent.starts_with("{0xE4,0x3E,0x15,0x9A"));  // as annex A.2 prints it
  EXPECT_TRUE(sent.ends_with("}in=1.35"));
  EXPECT_TRUE(looks_encrypted(sent));
  EXPECT_EQ(*decrypt_cp(sent, key), plain);
}

TEST(Sm4, TextShorterThanABlockStaysPlain) { EXPECT_EQ(*encrypt_cp("QnRtn=1", key), "QnRtn=1"); }

TEST(Sm4, ReadsLowerCaseAndBlanks) {
  const auto upper = *decrypt_cp(*encrypt_cp("0123456789abcdef", key), key);
  std::string sent = *encrypt_cp("0123456789abcdef", key);
  for (char& c : sent)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c | 0x20);
  sent.insert(sent.find(',') + 1, " ");
  EXPECT_EQ(*decrypt_cp(sent, key), upper);
}

TEST(Sm4, RefusesWhatIsNoCipherText) {
  for (const std::string_view text : {"", "DataTime=1", "{0x", "{0x}", "{0xE4,0x3E}x", "{0xE4,,}",
                                      "{0xE4,0xGG}", "{E4}", "{0x123}"}) {
    const auto plain = decrypt_cp(text, key);
    ASSERT_FALSE(plain) << text;
    EXPECT_EQ(plain.error().code, "hj212.cipher");
  }
}

TEST(Sm4, KeyIs32HexDigits) {
  for (const std::string_view hex : {"", "30", "zz303030303030303030303030303030"})
    EXPECT_EQ(parse_key(hex).error().code, "hj212.key") << hex;
}

}  // namespace
}  // namespace tocsin::hj212
