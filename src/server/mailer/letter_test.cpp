#include "server/mailer/letter.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "node/office_for_tests.h"

namespace tocsin::server {
namespace {

TEST(letter, asks_the_person_of_the_rung_by_name_with_a_link_of_his_own) {
  node::TestOffice office;
  const WarningId warning = office.issue(warning::Level::red);
  ASSERT_TRUE(office.node().flush());
  const auto outbox = office.node().outbox();
  ASSERT_EQ(outbox.size(), 1u);
  const LinkKey key(std::array<std::uint8_t, 32>{7});
  const auto mail = letter_for(office.node(), outbox.front(), key, "https://yj.example.gov.cn",
                               "0578 612 1234", office.now());
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->to, "p1@sample.invalid");
  EXPECT_TRUE(mail->exercise);
  EXPECT_NE(mail->subject.find("演练"), std::string::npos);
  for (const char* words : {"周若川", "https://yj.example.gov.cn/l/", "0578 612 1234",
                            "马上叫沟两边的人去村小学", "这是演练"})
    EXPECT_NE(mail->text.find(words), std::string::npos) << words;
  EXPECT_EQ(letter_for(office.node(), outbox.front(), key, "https://yj.example.gov.cn", "",
                       office.now() + std::chrono::hours(1))
                ->message_id,
            mail->message_id)
      << "a repeat after a crash carries the same name";
}

TEST(letter, that_it_is_over_asks_for_no_answer_and_has_no_link) {
  node::TestOffice office;
  const WarningId warning = office.issue(warning::Level::red);
  ASSERT_TRUE(office.submit(node::CancelWarning{warning, "水位回落"}));
  ASSERT_TRUE(office.node().flush());
  const auto outbox = office.node().outbox();
  ASSERT_EQ(outbox.size(), 1u);
  const LinkKey key(std::array<std::uint8_t, 32>{7});
  const auto mail = letter_for(office.node(), outbox.front(), key, "https://yj.example.gov.cn",
                               "0578 612 1234", office.now());
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->to, "p1@sample.invalid");
  for (const char* words : {"预警已解除", "水位回落", "不用回复", "这是演练", "0578 612 1234"})
    EXPECT_NE(mail->text.find(words), std::string::npos) << words;
  EXPECT_EQ(mail->text.find("https://"), std::string::npos);
  EXPECT_NE(mail->subject.find("已解除"), std::string::npos);
}

TEST(letter, that_its_time_ran_out_does_not_say_that_the_danger_is_over) {
  node::TestOffice office;
  const WarningId warning = office.issue(warning::Level::red);
  const Instant expires = office.node().warnings().state(warning.text).issued.expires;
  office.run(expires - office.now() + Duration(1000));
  ASSERT_TRUE(office.node().flush());
  const auto outbox = office.node().outbox();
  ASSERT_EQ(outbox.size(), 1u);
  const LinkKey key(std::array<std::uint8_t, 32>{7});
  const auto mail = letter_for(office.node(), outbox.front(), key, "https://yj.example.gov.cn",
                               "0578 612 1234", office.now());
  ASSERT_TRUE(mail);
  for (const char* words : {"预警已到期", "到期不等于没有危险", "不用回复", "0578 612 1234"})
    EXPECT_NE(mail->text.find(words), std::string::npos) << words;
  EXPECT_EQ(mail->text.find("解除："), std::string::npos);
  EXPECT_EQ(mail->text.find("https://"), std::string::npos);
}

TEST(letter, of_a_warning_that_goes_on_says_until_when_and_what_to_do) {
  node::TestOffice office;
  const WarningId warning = office.issue(warning::Level::red);
  const Instant until = office.now() + std::chrono::hours(9);
  ASSERT_TRUE(
      office.submit(node::ChangeLevel{warning, warning::Level::red, "还在下", {.expires = until}}));
  ASSERT_TRUE(office.node().flush());
  const LinkKey key(std::array<std::uint8_t, 32>{7});
  const auto mail = letter_for(office.node(), office.node().outbox().back(), key,
                               "https://yj.example.gov.cn", "", office.now());
  ASSERT_TRUE(mail);
  const std::string head = "预警延长到 " + text_beijing(until);
  EXPECT_NE(mail->subject.find(head), std::string::npos) << mail->subject;
  for (const std::string& words :
       {head, std::string("还在下"), std::string("马上叫沟两边的人"), std::string("仍请回复")})
    EXPECT_NE(mail->text.find(words), std::string::npos) << words;
}

TEST(letter, of_a_lowering_still_asks_him_who_has_not_answered) {
  node::TestOffice office;
  const WarningId warning = office.issue(warning::Level::red);
  const CallId call = office.only_call(warning);
  ASSERT_TRUE(office.submit(node::ChangeLevel{warning, warning::Level::yellow, "水位回落", {}}));
  ASSERT_TRUE(office.node().flush());
  const LinkKey key(std::array<std::uint8_t, 32>{7});
  const auto text = [&] {
    const auto outbox = office.node().outbox();
    const auto mail = letter_for(office.node(), outbox.back(), key, "https://yj.example.gov.cn", "",
                                 office.now());
    return outbox.back().news + (mail ? mail->text : "");
  };
  EXPECT_TRUE(text().starts_with("lowered"));
  EXPECT_NE(text().find("仍请回复"), std::string::npos);
  EXPECT_NE(text().find("https://yj.example.gov.cn/l/"), std::string::npos);
  EXPECT_EQ(text().find("不用回复"), std::string::npos);
  ASSERT_TRUE(office.submit(
      node::GiveAnswer{call, 0, call::AnswerKind::received, {}, "", call::Channel::phone}));
  ASSERT_TRUE(office.node().flush());
  EXPECT_NE(text().find("不用回复"), std::string::npos) << "he has answered";
}

TEST(letter, is_none_for_a_person_without_an_address) {
  node::TestOffice office;
  const CallId call = office.only_call(office.issue(warning::Level::red));
  const node::Outgoing what{call, {}, 1, {"p2"}, 0, {}, office.now(), 1, 1, {}};
  EXPECT_FALSE(letter_for(office.node(), what, LinkKey(std::array<std::uint8_t, 32>{7}),
                          "https://x.invalid", "", office.now()));
}

TEST(letter, what_a_mail_server_said_is_kept_without_addresses) {
  EXPECT_EQ(without_addresses("550 5.1.1 <p1@sample.invalid>: no such user"),
            "550 5.1.1 … no such user");
  EXPECT_EQ(without_addresses("451 try later"), "451 try later");
  EXPECT_EQ(without_addresses("a@b"), "…");
  EXPECT_EQ(without_addresses(""), "");
}

}  // namespace
}  // namespace tocsin::server
