#include "adapter/smtp/mailbox.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>
#include <thread>

#include "adapter/smtp/client.h"

namespace tocsin::smtp {
namespace {

namespace fs = std::filesystem;

class MailboxTest : public ::testing::Test {
 protected:
  MailboxTest() : folder_(fs::temp_directory_path() / ("mailbox_" + std::to_string(getpid()))) {
    settings_.folder = folder_;
    settings_.mails_max = 3;
    settings_.mail_bytes_max = 20'000;
  }
  ~MailboxTest() override { fs::remove_all(folder_); }

  /// Hands mails to a mailbox of its own and gives what it holds afterwards.
  std::vector<KeptMail> hand(const std::vector<std::string>& texts, Outcome want) {
    asio::io_context context;
    Mailbox mailbox(context.get_executor());
    const auto opened = mailbox.open(settings_);
    EXPECT_TRUE(opened);
    std::thread thread([&] { context.run(); });
    Account account;
    account.host = "127.0.0.1";
    account.port = mailbox.port();
    account.security = Security::opportunistic;
    account.from = "desk@county.example";
    for (const std::string& text : texts) {
      Mail mail;
      mail.to = "chen@village.example";
      mail.to_name = "陈大山";
      mail.subject = "演练 " + std::to_string(++sent_);
      mail.text = text;
      mail.message_id = "<1@node>";
      const Report report =
          asio::co_spawn(context, send(account, std::move(mail)), asio::use_future).get();
      EXPECT_EQ(report.outcome, want) << report.words;
    }
    auto mails = mailbox.mails();
    context.stop();
    thread.join();
    return mails;
  }
  int sent_ = 0;
  fs::path folder_;
  MailboxSettings settings_;
};

}  // namespace

TEST_F(MailboxTest, keeps_what_the_real_client_sends_newest_first_and_after_a_restart) {
  const auto mails = hand({"第一封\n.\n..点\n", "第二封\n"}, Outcome::handed_over);
  ASSERT_EQ(mails.size(), 2u);
  EXPECT_EQ(mails[0].subject, "演练 2");
  EXPECT_EQ(mails[1].text, "第一封\n.\n..点\n");
  EXPECT_EQ(mails[1].to, "chen@village.example");
  EXPECT_EQ(mails[1].to_name, "陈大山");
  EXPECT_EQ(mails[1].message_id, "<1@node>");

  std::ofstream(folder_ / "00000009.eml") << "torn";
  const auto again = hand({}, Outcome::handed_over);
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(again[1].text, "第一封\n.\n..点\n");
  EXPECT_EQ(again[1].arrived, mails[1].arrived);
}

TEST_F(MailboxTest, the_folder_is_for_its_owner_alone_also_where_it_was_not) {
  fs::create_directories(folder_);
  fs::permissions(folder_, fs::perms{0755});
  hand({"转移"}, Outcome::handed_over);
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
}

TEST_F(MailboxTest, the_oldest_go_first_from_disk_too) {
  const auto mails = hand({"1\n", "2\n", "3\n", "4\n", "5\n"}, Outcome::handed_over);
  ASSERT_EQ(mails.size(), 3u);
  EXPECT_EQ(mails[0].text, "5\n");
  EXPECT_EQ(mails[2].id, "3");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 3);
}

TEST_F(MailboxTest, a_mail_too_large_is_refused) {
  EXPECT_TRUE(hand({std::string(30'000, 'x')}, Outcome::permanent).empty());
}

TEST_F(MailboxTest, is_on_loopback_only_and_says_what_it_cannot_open) {
  asio::io_context context;
  Mailbox mailbox(context.get_executor());
  settings_.address = "0.0.0.0";
  EXPECT_EQ(mailbox.open(settings_).error().code, "mailbox.port");
  settings_.folder = "/proc/nowhere";
  EXPECT_EQ(mailbox.open(settings_).error().code, "mailbox.folder");
}

}  // namespace tocsin::smtp
