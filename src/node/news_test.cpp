// 发件箱. Who is mailed, in which order and how long; who is told that a warning is lower or over.

#include <gtest/gtest.h>

#include "node/node.h"
#include "node/office_for_tests.h"

namespace tocsin::node {
namespace {

using std::chrono::minutes;

TEST(news, those_who_were_asked_are_told_once_that_it_is_lower_or_over) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId first = office.only_call(id);
  const auto told = [&](const Outgoing& what) {
    call::Delivered report;
    report.rung = what.rung;
    report.handed_over = true;
    report.news = !what.news.empty();
    ASSERT_TRUE(office.submit(ReportDelivery{what.call, report}));
    ASSERT_TRUE(office.node().flush());
  };
  const auto news = [&] {
    std::vector<std::string> out;
    for (const Outgoing& what : office.node().outbox())
      out.push_back(what.news + " " + what.person.text);
    return out;
  };
  ASSERT_TRUE(office.node().flush());
  told(office.node().outbox().front());
  office.run(minutes(5));  // the deputy, who has no address, is asked as well
  ASSERT_TRUE(office.node().flush());
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::yellow, "水位回落", {}}));
  EXPECT_TRUE(news().empty()) << "what is not on disk is told to nobody";
  office.restart();
  EXPECT_TRUE(news().empty()) << "it was not on disk";
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::yellow, "水位回落", {}}));
  ASSERT_TRUE(office.node().flush());
  EXPECT_EQ(news(), std::vector<std::string>{"lowered p1"});
  office.restart();
  ASSERT_EQ(news(), std::vector<std::string>{"lowered p1"}) << "still due after a restart";
  const call::Call& call = office.node().calls().state(first.text);
  ASSERT_TRUE(call.rungs[1].news);
  EXPECT_EQ(call.rungs[1].news->about, "lowered") << "p2 has to be phoned";
  EXPECT_EQ(call.phase, call::Phase::open) << "the ladder goes on";
  told(office.node().outbox().front());
  EXPECT_TRUE(news().empty());

  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::red, "又涨", {}}));
  ASSERT_TRUE(office.node().flush());
  ASSERT_EQ(news(), std::vector<std::string>{" p1"}) << "a raise asks, and tells nothing";
  ASSERT_TRUE(office.submit(CancelWarning{id, "退了"}));
  ASSERT_TRUE(office.node().flush());
  ASSERT_EQ(news(), std::vector<std::string>{"cancelled p1"}) << "once, though asked in two rounds";
  told(office.node().outbox().front());
  EXPECT_TRUE(news().empty());
}

TEST(news, those_who_were_asked_are_told_that_its_time_ran_out) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  ASSERT_TRUE(office.node().flush());
  const Instant expires = office.node().warnings().state(id.text).issued.expires;
  office.run(expires - office.now() + Duration(1000));
  ASSERT_EQ(office.node().warnings().state(id.text).phase, warning::Phase::expired);
  ASSERT_TRUE(office.node().flush());
  const auto outbox = office.node().outbox();
  ASSERT_EQ(outbox.size(), 1u);
  EXPECT_EQ(outbox.front().news, "expired");
  EXPECT_EQ(outbox.front().person.text, "p1");
}

TEST(news, a_warning_does_not_run_out_while_what_a_rule_found_goes_on) {
  TestOffice office;
  office.alarm("a1", 2);
  const WarningId id = office.node().alarms().state("a1").warning;
  const auto warning = [&] { return office.node().warnings().state(id.text); };
  ASSERT_TRUE(office.node().flush());
  const Instant first = warning().issued.expires;
  office.run(first - office.now() + minutes(1));
  ASSERT_EQ(warning().phase, warning::Phase::in_force);
  EXPECT_EQ(warning().level, warning::Level::orange);
  EXPECT_GE(warning().issued.expires, first + std::chrono::hours(6)) << "as long again";
  EXPECT_TRUE(warning::was_prolonged(warning(), 1));
  EXPECT_LT(warning::level_since(warning()), first) << "it has had its level since it was issued";
  ASSERT_TRUE(office.node().flush());
  const auto outbox = office.node().outbox();
  ASSERT_EQ(outbox.size(), 2u);
  EXPECT_EQ(outbox[0].asked, 1) << "as before: nobody is called again";
  EXPECT_EQ(outbox[1].news, "prolonged");

  ASSERT_TRUE(office.submit(ClearAlarm{{"a1"}, {office.now(), 1.0}}));
  office.run(warning().issued.expires - office.now() + minutes(1));
  EXPECT_EQ(warning().phase, warning::Phase::expired) << "what was found has ended";
}

TEST(news, a_person_may_prolong_and_what_he_says_then_stands_for_an_earlier_word) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  ASSERT_TRUE(office.node().flush());
  const Instant first = office.node().warnings().state(id.text).issued.expires;
  const auto change = [&](warning::Level level, std::optional<Instant> expires) {
    return office.submit(ChangeLevel{id, level, "还在下", {.expires = expires}});
  };
  EXPECT_EQ(change(warning::Level::orange, {}).error().code, "warning.no_change");
  EXPECT_EQ(change(warning::Level::orange, first).error().code, "warning.no_change");
  ASSERT_TRUE(change(warning::Level::orange, first + std::chrono::hours(2)));
  ASSERT_TRUE(change(warning::Level::yellow, {}));
  ASSERT_TRUE(office.node().flush());
  std::vector<std::string> news;
  for (const Outgoing& what : office.node().outbox())
    if (!what.news.empty()) news.push_back(what.news);
  EXPECT_EQ(news, std::vector<std::string>{"lowered"});
  EXPECT_EQ(office.node().warnings().state(id.text).issued.expires, first + std::chrono::hours(2));
}

TEST(news, nobody_is_told_of_what_ran_out_while_the_node_was_off_for_days) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  ASSERT_TRUE(office.node().flush());
  const Instant expires = office.node().warnings().state(id.text).issued.expires;
  office.set_now(expires + std::chrono::hours(25));
  office.restart();
  office.run(minutes(1));
  ASSERT_EQ(office.node().warnings().state(id.text).phase, warning::Phase::expired);
  ASSERT_TRUE(office.node().flush());
  EXPECT_TRUE(office.node().outbox().empty());
}

TEST(news, who_has_no_mail_is_told_by_phone_and_then_knows) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  office.run(minutes(5));  // the deputy, who has no address, is asked as well
  const NoteAttempt told{call, 1, "told", "他说知道了"};
  EXPECT_EQ(office.submit(told).error().code, "call.nothing_to_tell") << "it stands";
  ASSERT_TRUE(office.submit(CancelWarning{id, "退了"}));
  ASSERT_TRUE(office.node().flush());
  const auto rung = [&](std::size_t i) { return office.node().calls().state(call.text).rungs[i]; };
  EXPECT_TRUE(call::untold(rung(0)));
  EXPECT_TRUE(call::untold(rung(1)));
  EXPECT_EQ(office.submit(NoteAttempt{call, 1, "busy", ""}).error().code, "call.closed");
  ASSERT_TRUE(office.submit(told));
  ASSERT_TRUE(office.submit(NoteAttempt{call, 0, "told", ""}));
  EXPECT_TRUE(office.node().outbox().empty()) << "no mail to whom a person told";
  EXPECT_EQ(office.submit(told).error().code, "call.nothing_to_tell");
  ASSERT_TRUE(office.node().flush());
  office.restart();
  EXPECT_FALSE(call::untold(rung(1)));
  EXPECT_TRUE(rung(1).news->told_at);
  EXPECT_EQ(rung(1).attempts.back().outcome, "told");
}

TEST(news, the_mail_of_one_who_was_passed_meanwhile_is_still_tried) {
  TestOffice office;
  const CallId call = office.only_call(office.issue(warning::Level::orange));
  call::Delivered refused;
  refused.error = "451 later";
  ASSERT_TRUE(office.submit(ReportDelivery{call, refused}));
  office.run(minutes(5));
  ASSERT_TRUE(office.node().flush());
  ASSERT_EQ(office.node().calls().state(call.text).current, 1) << "the deputy is phoned";
  ASSERT_EQ(office.node().outbox().size(), 1U);
  EXPECT_EQ(office.node().outbox()[0].person.text, "p1");
  office.restart();
  ASSERT_EQ(office.node().outbox().size(), 1U);
  ASSERT_TRUE(
      office.submit(GiveAnswer{call, 1, call::AnswerKind::received, {}, "", call::Channel::phone}));
  EXPECT_TRUE(office.node().outbox().empty());
}

TEST(news, what_is_a_day_old_is_news_no_more) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  ASSERT_TRUE(office.submit(CancelWarning{id, "退了"}));
  ASSERT_TRUE(office.node().flush());
  ASSERT_EQ(office.node().outbox().size(), 1U);
  office.run(std::chrono::hours(25));
  EXPECT_TRUE(office.node().outbox().empty());
  office.restart();
  EXPECT_TRUE(office.node().outbox().empty());
}

TEST(news, a_clock_that_ran_ahead_and_was_set_back_costs_nobody_his_news) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  ASSERT_TRUE(office.submit(CancelWarning{id, "退了"}));
  ASSERT_TRUE(office.node().flush());
  const Instant right = office.now();
  office.set_now(right + std::chrono::hours(30));
  office.restart();
  office.run(minutes(1));
  EXPECT_TRUE(office.node().outbox().empty());
  office.set_now(right + minutes(1));
  office.run(minutes(1));
  ASSERT_TRUE(office.node().flush());
  EXPECT_EQ(office.node().outbox().size(), 1U);
}

TEST(news, the_gravest_is_asked_first_and_news_go_last) {
  TestOffice office;
  const WarningId over = office.issue(warning::Level::blue);
  const WarningId blue = office.issue(warning::Level::blue);
  const WarningId red = office.issue(warning::Level::red);
  ASSERT_TRUE(office.submit(CancelWarning{over, "退了"}));
  ASSERT_TRUE(office.node().flush());
  std::vector<std::string> order;
  for (const Outgoing& what : office.node().outbox()) order.push_back(what.warning.text);
  EXPECT_EQ(order, (std::vector{red.text, blue.text, over.text}));
}

TEST(news, a_lowering_that_stands_no_more_is_told_to_nobody) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::yellow, "退", {}}));
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::red, "涨", {}}));
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::yellow, "又退", {}}));
  ASSERT_TRUE(office.node().flush());
  int lowered = 0;
  for (const Outgoing& what : office.node().outbox()) lowered += what.news == "lowered" ? 1 : 0;
  EXPECT_EQ(lowered, 1) << "once for the colour it has, not for each time it had it";
}

}  // namespace
}  // namespace tocsin::node
