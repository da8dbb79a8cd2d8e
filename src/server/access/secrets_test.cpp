#include "server/access/secrets.h"

#include <gtest/gtest.h>

namespace tocsin::server {

TEST(access_secrets, tokens_are_256_bits_and_kept_as_hashes) {
  SeededDice dice(1);
  const std::string a = make_token(dice), b = make_token(dice);
  EXPECT_EQ(a.size(), 43u);
  EXPECT_NE(a, b);
  EXPECT_EQ(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(access_secrets, printed_codes_survive_being_typed) {
  SeededDice dice(2);
  const std::string code = make_printed_code(dice);
  ASSERT_EQ(code.size(), 19u);
  std::string typed = " ";
  for (const char c : code)
    if (c != '-') typed += static_cast<char>(std::tolower(c));
  EXPECT_EQ(printed_code_hash(typed), printed_code_hash(code));
  EXPECT_EQ(printed_code_hash("oil1-0000"), printed_code_hash("0111-0000"));
  EXPECT_NE(printed_code_hash("0111-0001"), printed_code_hash("0111-0000"));
}

TEST(access_secrets, a_device_mark_is_good_for_one_login_only) {
  SeededDice dice(3);
  const DeviceMarks marks({9}), others({8});
  std::string mark = marks.make("zhou", dice);
  const std::string name = marks.name_of(mark, "zhou");
  EXPECT_EQ(name.size(), 22u);
  EXPECT_EQ(marks.name_of(mark, "wu"), "");
  EXPECT_EQ(others.name_of(mark, "zhou"), "");
  EXPECT_EQ(marks.name_of("", "zhou"), "");
  mark[0] = mark[0] == 'A' ? 'B' : 'A';
  EXPECT_EQ(marks.name_of(mark, "zhou"), "");
}

TEST(access_secrets, comparing_knows_lengths) {
  EXPECT_TRUE(same_secret("", ""));
  EXPECT_FALSE(same_secret("a", ""));
  EXPECT_FALSE(same_secret("ab", "ac"));
  EXPECT_TRUE(same_secret("ab", "ab"));
}

}  // namespace tocsin::server
