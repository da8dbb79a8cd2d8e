// A second county on a node of its own, from files alone: divisions as published, people and risk
// points made up here, and then a warning that calls the right person.

#include "adapter/import/adoption.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "log/memory_store.h"
#include "node/node.h"

namespace tocsin::importing {
namespace {

std::filesystem::path shared() {
  if (const char* set = std::getenv("TOCSIN_SHARED")) return set;
  return std::filesystem::path(TOCSIN_SOURCE_DIR) / "../shared";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class SecondCountyNode : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(data() / "divisions/lishui-and-neighbours-villages.csv"))
      GTEST_SKIP() << "the shared data are not at hand";
    start();
    fill();
  }

  static std::filesystem::path data() { return shared() / "data"; }

  void start() {
    node::Setup setup;
    setup.area = "330329";
    setup.sender = "泰顺县防汛抗旱指挥部";
    setup.identifier_head = "33032900000000";
    setup.duty_post = "DUTY";
    node_.emplace(setup, store_, keyring_, dice_, log::signing_key_from_seed(Bytes(32, 9)));
    ASSERT_TRUE(node_->load(now_, {}));
  }

  ImportResult take(std::string_view kind, const std::string& bytes, Request request = {}) {
    request.bytes = bytes;
    auto result = find_kind(kind)->import(request, standing_of(node_->books()));
    for (const Finding& problem : result.problems) ADD_FAILURE() << to_text(problem, false);
    if (!result.whole()) return result;
    const auto receipt = node_->submit({"post/DUTY", "import-" + std::to_string(++commands_),
                                        command_of(result, std::string(kind) + ".csv")},
                                       now_);
    EXPECT_TRUE(receipt) << receipt.error().code;
    return result;
  }

  void fill() {
    Request only{.bytes = {}, .crs = Crs::wgs84, .edition = "2022", .under = "330329"};
    take("divisions", read_file(data() / "divisions/lishui-and-neighbours-townships.csv"), only);
    take("divisions", read_file(data() / "divisions/lishui-and-neighbours-villages.csv"), only);
    take("boundaries", read_file(data() / "boundaries/lishui-and-neighbours-wgs84.geojson"), only);
    take("people",
         "人员编号,姓名,手机号,邮箱\nduty,甲,139 0000 0001,\nholder,乙,,b@sample.invalid\n");
    take("posts",
         "岗位编号,岗位名称,角色,区划代码,版本,人员编号,上级岗位\n"
         "DUTY,县值班员,值班员,330329,2022,duty,\n"
         "R1,地质灾害责任人,责任人,330329100005,2022,holder,DUTY\n");
    take("riskpoints",
         "风险点编号,名称,类别,区划代码,版本,经度,纬度,坐标系,人数,责任岗位\n"
         "F1,后山滑坡点,滑坡点,330329100005,2022,119.717,27.557,WGS84,36,R1\n");
    take("stations",
         "station,name,kind,area,edition,lon,lat,crs,protocol,mn,st,interval_s,riskpoints\n"
         "rain1,雨量站,rain,330329100005,2022,119.717,27.557,WGS84,push,,,60,F1\n");
    take("points", "point,station,code,stat,name,unit\nrain1.r,rain1,rain,Cou,雨量,mm\n");
    ASSERT_TRUE(node_->flush());
  }

  log::MemoryStore store_;
  log::MemoryKeyring keyring_;
  SeededDice dice_{5};
  std::optional<node::Node> node_;
  Instant now_ = *parse_iso("2026-07-18T02:00:00Z");
  int commands_ = 0;
};

TEST_F(SecondCountyNode, calls_its_own_people_when_a_warning_goes_out) {
  warning::Issued words;
  words.hazard = "11D01";
  words.level = warning::Level::orange;
  words.areas = {"330329100"};
  words.onset = now_;
  words.expires = now_ + std::chrono::hours(6);
  words.headline = "罗阳镇地质灾害气象风险";
  words.description = "未来 6 小时风险高";
  words.instruction = "撤离滑坡点下方住户";
  const auto receipt =
      node_->submit({"post/DUTY", "warn-1", node::IssueWarning{std::move(words)}}, now_);
  ASSERT_TRUE(receipt) << receipt.error().code << " " << receipt.error().field;
  const auto calls = node_->calls_of({receipt->id});
  ASSERT_EQ(calls.size(), 1U) << "one risk point, one call";
}

TEST_F(SecondCountyNode, knows_its_registers_again_after_a_restart) {
  const auto before = node_->books().stations.points();
  start();
  const node::Books& books = node_->books();
  EXPECT_EQ(books.area_name("330329100005"), "新北社区");
  EXPECT_EQ(books.stations.points(), before);
  EXPECT_EQ(books.person_name("holder"), "乙");
  EXPECT_TRUE(books.posts.holes(books.reach).empty());
  const auto again = find_kind("points")->import(
      {.bytes = "point,station,code,stat,name,unit\nrain1.r,rain1,rain,Cou,雨量,mm\n",
       .crs = {},
       .edition = {},
       .under = {}},
      standing_of(books));
  EXPECT_EQ(again.changes, Changes{});
}

}  // namespace
}  // namespace tocsin::importing
