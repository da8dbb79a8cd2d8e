#include "adapter/import/result.h"

#include <gtest/gtest.h>

namespace tocsin::importing {
namespace {

TEST(Finding, is_a_sentence_in_both_languages) {
  const Finding finding{12, "区划代码", "register.area_unknown", "331126009@2022"};
  EXPECT_EQ(to_text(finding, true), "第 12 行，区划代码：该版本里没有这个区划（331126009@2022）");
  EXPECT_EQ(to_text(finding, false),
            "line 12, 区划代码: No such division in that edition (331126009@2022)");
  EXPECT_EQ(to_text({0, "", "import.empty", ""}, false), "No rows");
  EXPECT_EQ(to_text({0, "crs", "geo.crs_missing", ""}, true), "crs：没有注明坐标系");
}

TEST(Finding, carries_its_words_in_an_answer) {
  ImportResult result{.kind = "rules"};
  result.problem(3, "stage, above", "rulebook.bad_number", "2,50");
  const auto answer = to_json(result);
  const auto& text = answer.at("problems").as_array().at(0).at("text");
  EXPECT_EQ(text.at("zh").as_string(), "数字不对或超出范围");
  EXPECT_EQ(text.at("en").as_string(), "Not a number, or out of range");
}

}  // namespace
}  // namespace tocsin::importing
