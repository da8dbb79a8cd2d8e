#include "base/code_text.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(CodeText, every_code_has_words_in_both_languages) {
  EXPECT_GT(code_texts().size(), 400U);
  for (const CodeText& text : code_texts()) {
    EXPECT_FALSE(text.zh.empty()) << text.code;
    EXPECT_FALSE(text.en.empty()) << text.code;
    EXPECT_EQ(text_for(text.code).zh, text.zh);
  }
}

TEST(CodeText, the_table_holds_what_the_catalogue_says) {
  EXPECT_EQ(text_for("csv.empty").zh, "不能为空");
  EXPECT_EQ(text_for("csv.empty").en, "Must not be empty");
}

TEST(CodeText, an_unknown_code_is_its_own_text) {
  EXPECT_EQ(text_for("x.y").en, "x.y");
  EXPECT_EQ(text_for("").zh, "");
}

}  // namespace
}  // namespace tocsin
