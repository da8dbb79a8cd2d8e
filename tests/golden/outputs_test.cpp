// What leaves the house, byte for byte.

#include <gtest/gtest.h>

#include <sstream>

#include "adapter/cap/feed.h"
#include "adapter/hj212/encode.h"
#include "cli/decode.h"
#include "golden.h"
#include "log/test_log.h"
#include "node/office_for_tests.h"
#include "server/desk/notice.h"
#include "server/link/page.h"
#include "server/mailer/letter.h"

namespace tocsin::golden {
namespace {

TEST(Golden, AWarningAsCap) {
  node::TestOffice office;
  const WarningId id = office.issue(Level::red);
  const auto notice = server::notice_of(office.node(), id.text, false);
  ASSERT_TRUE(notice);
  const auto xml = cap::write(cap::bilingual(*notice));
  ASSERT_TRUE(xml) << xml.error().code;
  EXPECT_EQ(difference("warning.cap.xml", *xml), "");
}

TEST(Golden, TheFeed) {
  const Instant at = *parse_iso("2026-07-18T02:00:00Z");
  cap::Feed feed{.id = "urn:tocsin:county:33112600000000",
                 .title = "庆元县防汛抗旱指挥部 预警（演练）",
                 .author = "庆元县防汛抗旱指挥部",
                 .self_href = "https://county.example/public/feed.atom",
                 .updated = at + std::chrono::minutes(5),
                 .entries = {}};
  feed.entries.push_back({"urn:tocsin:warning:w1", "会溪水位超警戒 <2.50 m>", "请上堤巡查 & 报数",
                          at, at + std::chrono::minutes(5),
                          "https://county.example/public/cap/w1.xml", "11A01"});
  const auto xml = cap::write_atom(feed);
  ASSERT_TRUE(xml) << xml.error().code;
  EXPECT_EQ(difference("feed.atom", *xml), "");
}

TEST(Golden, TheMailThatAsksForAnAnswer) {
  node::TestOffice office;
  office.issue(Level::red);
  ASSERT_TRUE(office.node().flush());
  const auto outbox = office.node().outbox();
  ASSERT_FALSE(outbox.empty());
  const auto mail = server::letter_for(office.node(), outbox.front(), server::LinkKey({1, 2, 3}),
                                       "https://t.county.example", "0578 000 0000", office.now());
  ASSERT_TRUE(mail);
  const smtp::Account account{.host = "mail.county.example",
                              .from = "tocsin@county.example",
                              .from_name = "庆元县应急指挥中心"};
  EXPECT_EQ(difference("call.eml", smtp::compose(account, *mail)), "");
}

server::LinkView asked() {
  server::LinkView view;
  view.state = server::LinkState::asked;
  view.exercise = view.sample = true;
  view.level = 1;
  view.hazard = {"山洪", ""};
  view.place = "西溪村";
  view.person_name = "周若川";
  view.headline = {"请马上叫沟两边的人去村小学", ""};
  view.instruction = {"走上山的路，不走沟底。", ""};
  view.people = 96;
  view.to_move = 49;
  view.reading = {"西溪 3 小时雨量 86.5 毫米", ""};
  view.issued_at = *parse_iso("2026-07-17T18:00:00Z");
  view.expires = *parse_iso("2026-07-18T00:00:00Z");
  view.sender = "庆元县防汛抗旱指挥部";
  view.phone = "0578 000 0000";
  return view;
}

TEST(Golden, ThePageBehindALink) {
  const std::string page = server::link_page(asked());
  EXPECT_EQ(difference("link.html", page), "");
  EXPECT_LE(page.size(), 14U * 1024);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

TEST(Golden, ASealedSegment) {
  log::TestLog log("county/1/alert");
  std::string lines;
  const log::Batch batch = log.batch(3, "转移");
  for (const log::Record& record : batch.records) lines += record.bytes + "\n";
  lines += log::print(batch.seals.front()) + "\n";
  EXPECT_EQ(difference("segment.jsonl", lines), "");
}

TEST(Golden, FactsOutOfAFrame) {
  const std::string frame = hj212::enclose(
      "QN=20240801085857223;ST=32;CN=2011;PW=100000;MN=010000A8900016F000169DC0;Flag=9;CP=&&"
      "DataTime=20240801085857;w21003-Rtd=8.1,w21003-Flag=N;w01018-Rtd=31.5,w01018-Flag=D&&");
  std::istringstream in(frame + "##0003abc0000\r\n{bad\n");
  std::ostringstream out, err;
  const std::string_view args[] = {"hj212"};
  EXPECT_EQ(cli::run_decode(args, in, out, err), 0);
  EXPECT_EQ(difference("decode_hj212.jsonl", out.str()), "");
}

TEST(Golden, SeesOneByte) {
  if (std::getenv("TOCSIN_RENEW_GOLDEN") != nullptr) GTEST_SKIP() << "files are being renewed";
  std::string page = server::link_page(asked());
  EXPECT_EQ(difference("link.html", page), "");
  page[100] = static_cast<char>(page[100] ^ 1);
  EXPECT_NE(difference("link.html", page).find("link.html differs at byte 100"), std::string::npos);
  EXPECT_NE(difference("no such file", page).find("at byte 0"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::golden
