#include "base/text.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(Text, begins_a_line_with_a_capital_letter) {
  EXPECT_EQ(capitalised("mountain flood"), "Mountain flood");
  EXPECT_EQ(capitalised("CAP"), "CAP");
  EXPECT_EQ(capitalised("山洪"), "山洪");
  EXPECT_EQ(capitalised(""), "");
}

}  // namespace
}  // namespace tocsin
