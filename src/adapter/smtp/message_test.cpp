#include "adapter/smtp/message.h"

#include <gtest/gtest.h>

#include "adapter/smtp/client.h"

namespace tocsin::smtp {
namespace {

Account account() {
  Account out;
  out.from = "desk@county.example";
  out.from_name = "庆元县应急指挥中心";
  return out;
}

Mail mail() {
  Mail out;
  out.to = "chen@village.example";
  out.to_name = "陈大山";
  out.subject = "【演练】红色预警：山洪，西溪村。请马上叫沟两边的人去村小学，并在链接里回复";
  out.text = "第一行\n.点开头的一行\n\nhttp://192.0.2.1/l/abc\n";
  out.message_id = "<c-1.0@node.example>";
  out.date = parse_iso("2026-11-22T02:00:03Z").value();
  out.exercise = true;
  return out;
}

}  // namespace

TEST(smtp_message, what_is_composed_reads_back) {
  const std::string message = compose(account(), mail());
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t end = message.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 78u) << message.substr(at, end - at);
    at = end + 2;
  }
  EXPECT_NE(message.find("Date: Sun, 22 Nov 2026 10:00:03 +0800\r\n"), std::string::npos);
  EXPECT_NE(message.find("X-Tocsin-Exercise: yes\r\n"), std::string::npos);
  const Parsed parsed = parse(message);
  EXPECT_EQ(parsed.subject, mail().subject);
  EXPECT_EQ(parsed.text, mail().text);
  EXPECT_EQ(parsed.to, "陈大山 <chen@village.example>");
  EXPECT_EQ(parsed.from, "庆元县应急指挥中心 <desk@county.example>");
  EXPECT_EQ(parsed.message_id, "<c-1.0@node.example>");
}

TEST(smtp_message, nothing_can_begin_a_header_of_its_own) {
  Mail evil = mail();
  evil.subject = "a\r\nBcc: all@village.example";
  evil.to_name = "x\nY: z";
  evil.message_id = "<a@b>\r\nX: y";
  const std::string message = compose(account(), evil);
  const std::string head = message.substr(0, message.find("\r\n\r\n"));
  EXPECT_EQ(head.find("\nBcc:"), std::string::npos);
  EXPECT_EQ(head.find("\nY:"), std::string::npos);
  EXPECT_EQ(head.find("\nX:"), std::string::npos);
}

TEST(smtp_message, words_never_end_inside_a_character) {
  for (std::size_t pad = 0; pad < 4; ++pad) {
    const std::string subject = std::string(pad, 'a') + "庆元县应急指挥中心庆元县应急指挥中心";
    const std::string message = "Subject: " + encoded_header(subject) + "\r\n\r\n";
    EXPECT_EQ(parse(message).subject, subject);
    for (std::size_t at = message.find("=?"); at != std::string::npos;
         at = message.find("=?", at + 2)) {
      const std::string word = message.substr(at, message.find("?=", at) + 2 - at);
      EXPECT_NE(parse("Subject: " + word + "\r\n\r\n").subject, "?") << word;
    }
  }
  EXPECT_EQ(encoded_header("plain"), "plain");
  EXPECT_NE(encoded_header("=?x?"), "=?x?");
}

TEST(smtp_message, dots_that_begin_a_line_are_doubled) {
  EXPECT_EQ(dot_stuffed(".a\r\nb.\r\n..c\r\n"), "..a\r\nb.\r\n...c\r\n.\r\n");
  EXPECT_EQ(dot_stuffed("no end"), "no end\r\n.\r\n");
}

TEST(smtp_message, addresses) {
  for (const char* good : {"a@b", "a.b+c@d-e.example", "用户@例子.中国"})
    EXPECT_TRUE(valid_address(good)) << good;
  for (const char* bad :
       {"", "@", "a@", "@b", "a b@c", "a@b>", "a@b\r\nRCPT TO:<x@y>", "a@b@c", "a,b@c", "\xff@b"})
    EXPECT_FALSE(valid_address(bad)) << bad;
}

TEST(smtp_message, foreign_mails_are_shown_as_far_as_they_can_be_read) {
  const Parsed parsed = parse("subject: =?GBK?Q?x?= tail\n\nbody\n");
  EXPECT_EQ(parsed.subject, "=?GBK?Q?x?= tail");
  EXPECT_EQ(parsed.text, "body\n");
  EXPECT_EQ(parse("").text, "");
  EXPECT_EQ(parse("Subject: \xff\xfe\r\n\r\n\xff").subject, "?");
}

}  // namespace tocsin::smtp
