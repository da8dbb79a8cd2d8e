// Who may issue what to whom, read from a clerk's table.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "adapter/import/import.h"

namespace tocsin::importing {
namespace {

using Told = std::vector<std::string>;

class Issuing : public testing::Test {
 protected:
  Issuing() {
    const AreaId county{"331126", "2022"};
    posts = person::Posts::make({{"DUTY", "县值班员", "duty_officer", county, "", "", ""},
                                 {"LIA-ECO", "生态环境分局联络员", "liaison", county, "", "", ""},
                                 {"TOWN", "乡镇值班员", "township_officer", county, "", "", ""}})
                .value();
    standing.posts = &posts;
  }

  ImportResult read(const std::string& rows) {
    const std::string bytes =
        "条目,事件编码,发布对象,签发角色,签发岗位,规则自动,发布机关,依据,条款\n" + rows;
    return find_kind("issuing")->import({bytes, {}, {}, {}}, standing);
  }

  static Told told(const std::vector<Finding>& findings) {
    Told out;
    for (const Finding& f : findings)
      out.push_back(std::to_string(f.line) + " " + f.column + " " + f.code);
    return out;
  }

  person::Posts posts;
  Standing standing;
};

TEST_F(Issuing, the_file_in_the_sample_is_the_national_defaults_built_in) {
  std::ifstream in(TOCSIN_SOURCE_DIR "/sample/qingyuan/issuing.csv", std::ios::binary);
  ASSERT_TRUE(in);
  std::ostringstream text;
  text << in.rdbuf();
  const std::string bytes = text.str();
  const auto result = find_kind("issuing")->import({bytes, {}, {}, {}}, standing);
  ASSERT_TRUE(result.whole()) << result.problems[0].code;
  EXPECT_EQ(result.package, warning::IssuingRights().encode());
  EXPECT_EQ(result.changes, Changes{});
  EXPECT_EQ(result.notes, std::vector<Finding>());
}

TEST_F(Issuing, families_and_words_are_read_as_people_write_them) {
  const auto result = read(
      "A,*,责任人,值班员；leader,,是,,县预案,\n"
      "B,12Q00,responsible,,LIA-ECO,,,县预案,三\n"
      "C,全部,公众,leader,,,,突发事件应对法,第六十三条\n"
      "D,11B00,公众,,,,庆元县气象台,气象灾害防御条例,第三十条\n");
  ASSERT_TRUE(result.whole()) << result.problems[0].code;
  const auto rights = warning::IssuingRights::decode(result.package);
  ASSERT_TRUE(rights);
  EXPECT_EQ(rights->all()[0].roles, (std::vector<std::string>{"duty_officer", "leader"}));
  EXPECT_EQ(rights->all()[1].hazard, "12Q");
  EXPECT_EQ(rights->all()[2].hazard, "");
  EXPECT_EQ(rights->all()[3].hazard, "11B");
  // 12Q02, 11C and 11D fall to row C: another office's by the national rows. 11B stays reserved.
  EXPECT_EQ(told(result.notes), Told{"0  issuing.wider"});
  EXPECT_EQ(result.notes[0].detail.find("WEATHER"), std::string::npos) << result.notes[0].detail;
  EXPECT_NE(result.notes[0].detail.find("PUBLIC-QUAKE 防震减灾法"), std::string::npos);
}

TEST_F(Issuing, every_bad_row_is_told_by_line_and_nothing_comes_in) {
  const auto result = read(
      "A,*,所有人,leader,,,,县预案,\n"
      "B,*,责任人,township_officer,,,,县预案,\n"
      "C,*,责任人,chief,,,,县预案,\n"
      "D,12Q,责任人,,NOBODY,,,县预案,\n"
      "E,12Q01,责任人,,TOWN,,,县预案,\n"
      "F,19A,责任人,leader,,,,县预案,\n"
      "G,11A,责任人,leader,,,,,\n");
  EXPECT_FALSE(result.whole());
  EXPECT_EQ(result.package, "");
  EXPECT_EQ(told(result.problems),
            (Told{"2 发布对象 issuing.bad_audience", "3 签发角色 issuing.role_may_not",
                  "4 签发角色 post.bad_role", "5 签发岗位 register.post_unknown",
                  "6 签发岗位 issuing.role_may_not", "7 事件编码 issuing.bad_hazard",
                  "8 依据 csv.empty"}));
}

TEST_F(Issuing, a_list_that_leaves_a_gap_or_opens_a_reserved_hazard_is_told) {
  const auto narrow = read("A,11A,责任人,leader,,,,县预案,\n");
  ASSERT_TRUE(narrow.whole());
  EXPECT_EQ(told(narrow.notes), Told{"0  issuing.uncovered"});
  EXPECT_EQ(narrow.notes[0].detail, "responsible, everyone");
  EXPECT_EQ(narrow.changes, (Changes{.added = 1, .changed = 0, .removed = 6}));
  const auto within = read(
      "A,*,责任人,leader,,,,县预案,\nB,*,公众,,,,省政府,省预案,\nC,11B03,公众,leader,,,,授权书,\n");
  EXPECT_EQ(told(within.notes), Told{"0  issuing.wider"});
  EXPECT_EQ(within.notes[0].detail, "PUBLIC-WEATHER 气象灾害防御条例 第三十条");
  EXPECT_EQ(told(read("").problems), Told{"0  import.empty"});
}

}  // namespace
}  // namespace tocsin::importing
