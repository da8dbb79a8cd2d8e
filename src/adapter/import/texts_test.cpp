#include "adapter/import/texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "adapter/import/result.h"

namespace tocsin::importing {
namespace {

/// Every "room.what" a source of the import or of a register can give.
std::set<std::string> codes_in_sources() {
  const auto src = std::filesystem::path(TOCSIN_SOURCE_DIR) / "src";
  const std::regex code(
      R"re("((text|csv|geo|geojson|png|division|place|person|post|riskpoint|station|point|boundary|hazard|register|import|relief|stream)\.[a-z0-9_]+)")re");
  std::set<std::string> codes;
  for (const char* room : {"adapter/import", "domain/place", "domain/person", "domain/hazard"})
    for (const auto& entry : std::filesystem::directory_iterator(src / room)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".cpp") || name.ends_with("_test.cpp")) continue;
      std::ifstream in(entry.path());
      std::stringstream text;
      text << in.rdbuf();
      const std::string all = text.str();
      for (auto it = std::sregex_iterator(all.begin(), all.end(), code);
           it != std::sregex_iterator(); ++it)
        codes.insert((*it)[1]);
    }
  for (const char* kind : {"relief.dark", "relief.light"}) codes.erase(kind);
  return codes;
}

TEST(FindingTexts, stand_in_order_and_in_both_languages) {
  const auto texts = finding_texts();
  EXPECT_TRUE(std::ranges::is_sorted(texts, {}, &FindingText::code));
  for (const FindingText& text : texts) {
    EXPECT_FALSE(text.zh.empty()) << text.code;
    EXPECT_FALSE(text.en.empty()) << text.code;
  }
}

TEST(FindingTexts, there_is_one_for_every_code_an_import_can_give) {
  const auto codes = codes_in_sources();
  EXPECT_GT(codes.size(), 90U);
  for (const std::string& code : codes)
    EXPECT_NE(text_for(code).zh, code) << code << " has no text";
}

TEST(FindingTexts, an_unknown_code_is_its_own_text) {
  EXPECT_EQ(text_for("x.y").en, "x.y");
  EXPECT_EQ(text_for("csv.empty").zh, "不能为空");
}

TEST(FindingTexts, a_finding_is_a_sentence) {
  const Finding finding{12, "区划代码", "register.area_unknown", "331126009@2022"};
  EXPECT_EQ(to_text(finding, true), "第 12 行，区划代码：该版本里没有这个区划（331126009@2022）");
  EXPECT_EQ(to_text(finding, false),
            "line 12, 区划代码: no such division in that edition (331126009@2022)");
  EXPECT_EQ(to_text({0, "", "import.empty", ""}, false), "no rows");
  EXPECT_EQ(to_text({0, "crs", "geo.crs_missing", ""}, true), "crs：没有注明坐标系");
}

}  // namespace
}  // namespace tocsin::importing
