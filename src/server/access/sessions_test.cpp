#include "server/access/sessions.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "server/access/session_file.h"

namespace tocsin::server {
namespace {

struct Desk {
  ManualClock clock;
  SeededDice dice{1};
  Sessions sessions{clock, dice, {}};
  Sessions::Opened open(const std::string& login) { return sessions.open({.login = login}); }
};

}  // namespace

TEST(access_sessions, end_when_idle_and_at_the_latest_after_twelve_hours) {
  Desk desk;
  const auto opened = desk.open("zhou");
  for (int i = 0; i < 24; ++i) {
    desk.clock.advance(std::chrono::minutes(29));
    EXPECT_TRUE(desk.sessions.find(opened.token));
  }
  desk.clock.advance(std::chrono::minutes(25));  // 12 h 1 min, though never idle
  EXPECT_EQ(desk.sessions.over(opened.session.id), "expired");
  EXPECT_EQ(desk.sessions.find(opened.token).error().code, "access.expired");
  const auto idle = desk.open("zhou");
  desk.clock.advance(std::chrono::minutes(30));
  EXPECT_EQ(desk.sessions.find(idle.token).error().code, "access.expired");
  EXPECT_EQ(desk.sessions.find(idle.token).error().code, "access.no_session");
}

TEST(access_sessions, looking_whether_it_lives_does_not_renew_it) {
  Desk desk;
  const auto opened = desk.open("zhou");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(desk.sessions.over(opened.session.id), "");
    desk.clock.advance(std::chrono::minutes(9));
  }
  EXPECT_EQ(desk.sessions.over(opened.session.id), "expired");
}

TEST(access_sessions, a_clock_set_back_a_day_changes_nothing) {
  Desk desk;
  const auto opened = desk.open("zhou");
  desk.clock.set_wall(desk.clock.now() - std::chrono::hours(24));
  desk.clock.advance(std::chrono::minutes(31));
  EXPECT_FALSE(desk.sessions.find(opened.token));
}

TEST(access_sessions, only_the_whole_token_opens_and_closing_is_at_once) {
  Desk desk;
  const auto opened = desk.open("zhou");
  EXPECT_NE(opened.token, opened.session.csrf);
  EXPECT_FALSE(desk.sessions.find(opened.session.id));
  EXPECT_FALSE(desk.sessions.find(""));
  EXPECT_FALSE(desk.sessions.find(opened.token + "A"));
  EXPECT_TRUE(desk.sessions.find(opened.token));
  EXPECT_TRUE(desk.sessions.close(opened.session.id));
  EXPECT_FALSE(desk.sessions.find(opened.token));
  EXPECT_EQ(desk.sessions.over(opened.session.id), "ended");
}

TEST(access_sessions, one_login_cannot_fill_the_house) {
  Desk desk;
  const auto other = desk.open("wu");
  std::vector<Sessions::Opened> his;
  for (int i = 0; i < 12; ++i) {
    desk.clock.advance(Duration(10));
    his.push_back(desk.open("zhou"));
  }
  EXPECT_EQ(desk.sessions.count(), 9u);
  EXPECT_FALSE(desk.sessions.find(his[3].token));
  EXPECT_TRUE(desk.sessions.find(his[4].token));
  EXPECT_TRUE(desk.sessions.find(other.token));
  EXPECT_EQ(desk.sessions.close_login("zhou", his[11].session.id), 7u);
  EXPECT_TRUE(desk.sessions.find(his[11].token));
}

TEST(access_sessions, those_at_a_post_that_is_gone_end_and_no_others) {
  Desk desk;
  const auto at = [&](std::string login, std::string post) {
    access::Principal who;
    who.login = std::move(login);
    who.post = std::move(post);
    return desk.sessions.open(std::move(who));
  };
  const auto gone = at("zhou", "LIA-ECO"), kept = at("zhou", "LIA-ROAD"), other = at("wu", "DUTY");
  const auto stays = [](access::Principal& who) {
    who.area = "331126";
    return who.post != "LIA-ECO";
  };
  EXPECT_EQ(desk.sessions.review(stays), 1u);
  EXPECT_EQ(desk.sessions.over(gone.session.id), "ended");
  ASSERT_TRUE(desk.sessions.find(kept.token));
  EXPECT_EQ(desk.sessions.find(kept.token)->principal.area, "331126") << "brought up to date";
  EXPECT_TRUE(desk.sessions.find(other.token));
  EXPECT_EQ(desk.sessions.review(stays), 0u);
}

TEST(access_sessions, outlive_a_restart_with_the_time_they_have_left) {
  Desk before;
  const auto opened = before.open("zhou");
  const auto ended = before.open("wu");
  before.clock.advance(std::chrono::hours(11));
  const auto later = before.open("li");
  before.sessions.close(ended.session.id);
  ASSERT_FALSE(before.sessions.find(opened.token)) << "idle for eleven hours";
  const auto kept = before.sessions.kept();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(print_sessions(kept).find(later.token), std::string::npos);
  const auto read = parse_sessions(print_sessions(kept));
  ASSERT_TRUE(read);

  Desk after;
  after.clock.set_wall(before.clock.now() + std::chrono::minutes(10));
  after.sessions.take_back(*read);
  const auto found = after.sessions.find(later.token);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->principal.login, "li");
  EXPECT_EQ(found->csrf, later.session.csrf) << "a page that is open goes on with what it has";
  EXPECT_EQ(found->expires_at, later.session.expires_at);
  EXPECT_FALSE(after.sessions.find(ended.token)) << "who logged out stays out";

  Desk too_late;
  too_late.clock.set_wall(before.clock.now() + std::chrono::minutes(31));
  too_late.sessions.take_back(*read);
  EXPECT_EQ(too_late.sessions.count(), 0u);
}

TEST(access_sessions, a_file_that_is_none_of_ours_names_the_member) {
  EXPECT_EQ(parse_sessions("{").error().code, "session.file_bad");
  EXPECT_EQ(parse_sessions(R"({"tocsin":"sessions 2"})").error().field, "tocsin");
  EXPECT_EQ(parse_sessions(R"({"tocsin":"sessions 1","sessions":[{"hash":"ab"}]})").error().field,
            "hash");
  EXPECT_TRUE(parse_sessions(print_sessions({})));
}

struct SessionFolder : testing::Test {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tocsin-sessions-" + std::to_string(::getpid()));
  SessionFolder() { std::filesystem::create_directories(folder); }
  ~SessionFolder() override { std::filesystem::remove_all(folder); }
};

TEST_F(SessionFolder, every_change_is_on_disk_and_what_cannot_be_written_is_forgotten) {
  Desk desk;
  const std::string path = (folder / "sessions.json").string();
  SessionFile file(desk.sessions, path);
  EXPECT_TRUE(file.read()->empty());
  Result<void> kept;
  desk.sessions.on_change([&] { kept = file.keep(); });
  const auto opened = desk.open("zhou");
  EXPECT_TRUE(kept);
  EXPECT_EQ(file.read()->size(), 1u);
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::create_directories(path + ".new");  // nothing can be written beside it
  desk.sessions.close(opened.session.id);
  EXPECT_FALSE(kept);
  EXPECT_FALSE(std::filesystem::exists(path)) << "it still named the session that ended";
}

}  // namespace tocsin::server
