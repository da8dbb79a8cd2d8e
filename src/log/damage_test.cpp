#include "log/damage.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin::log {
namespace {

TEST(Damage, TheOneWrongByteIsFound) {
  const std::string good(300, 'a');
  const Hash hash = sha256(good);
  for (const std::size_t at : {0u, 63u, 64u, 299u}) {
    std::string bad = good;
    bad[at] = 'q';
    const auto found = find_wrong_byte(bad, [&](const Hash& h) { return h == hash; });
    ASSERT_TRUE(found) << at;
    EXPECT_EQ(found->offset, at);
    EXPECT_EQ(found->is, 'q');
    EXPECT_EQ(found->was, 'a');
  }
}

TEST(Damage, TwoWrongBytesOrLongTextsAreNotGuessed) {
  const std::string good(300, 'a');
  const Hash hash = sha256(good);
  std::string bad = good;
  bad[1] = bad[2] = 'q';
  EXPECT_FALSE(find_wrong_byte(bad, [&](const Hash& h) { return h == hash; }));
  const std::string large(17 * 1024, 'a');
  EXPECT_FALSE(find_wrong_byte(large, [](const Hash&) { return true; }));
}

}  // namespace
}  // namespace tocsin::log
