#include "log/part.h"

#include <gtest/gtest.h>

namespace tocsin::log {
namespace {

TEST(Part, OpensWithItsKeyAndItsCaseOnly) {
  SeededDice dice(1);
  MemoryKeyring keys;
  const auto key = *keys.key_for("case/w1", dice);
  Part part = seal_part("张三 13800000000", "case/w1", key, dice);
  EXPECT_EQ(part.ref.hash, sha256(as_text(part.sealed)));
  EXPECT_EQ(part.ref.size, 18u);
  EXPECT_EQ(open_part(part, key), "张三 13800000000");
  EXPECT_EQ(as_text(part.sealed).find("138"), std::string_view::npos);

  const auto other = *keys.key_for("case/w2", dice);
  EXPECT_EQ(open_part(part, other).error().code, "part.cannot_open");
  EXPECT_EQ(open_part(part, {}).error().code, "part.cannot_open");
  Part moved = part;
  moved.ref.case_id = "case/w2";
  EXPECT_EQ(open_part(moved, key).error().code, "part.cannot_open");
  for (std::size_t i = 0; i < part.sealed.size(); ++i) {
    Part turned = part;
    turned.sealed[i] ^= 4;
    EXPECT_EQ(open_part(turned, key).error().code, "part.wrong_hash");
    turned.ref.hash = sha256(as_text(turned.sealed));
    EXPECT_EQ(open_part(turned, key).error().code, "part.cannot_open") << i;
  }
  part.sealed.resize(39);
  part.ref.hash = sha256(as_text(part.sealed));
  EXPECT_EQ(open_part(part, key).error().code, "part.cannot_open");
}

TEST(Part, TheSameWordsAreNeverSealedAlike) {
  SeededDice dice(1);
  const Bytes key(case_key_size, 9);
  EXPECT_NE(seal_part("x", "c", key, dice).ref.hash, seal_part("x", "c", key, dice).ref.hash);
  EXPECT_EQ(open_part(seal_part("", "c", key, dice), key), "");
}

TEST(Part, ADestroyedKeyStaysDestroyed) {
  SeededDice dice(1);
  MemoryKeyring keys;
  EXPECT_EQ(keys.find("case/w1").error().code, "key.unknown");
  const auto key = keys.key_for("case/w1", dice);
  EXPECT_EQ(keys.key_for("case/w1", dice), key);
  EXPECT_EQ(keys.find("case/w1"), key);
  ASSERT_TRUE(keys.destroy("case/w1"));
  EXPECT_EQ(keys.find("case/w1").error().code, "key.destroyed");
  EXPECT_EQ(keys.key_for("case/w1", dice).error().code, "key.destroyed");
  ASSERT_TRUE(keys.destroy("case/never"));
  EXPECT_EQ(keys.key_for("case/never", dice).error().code, "key.destroyed");
}

}  // namespace
}  // namespace tocsin::log
