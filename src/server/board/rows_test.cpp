#include "server/board/rows.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "node/office_for_tests.h"
#include "server/board/head_count.h"
#include "server/board/words.h"

namespace tocsin::server {
namespace {

using node::TestOffice;

std::string at(const BoardRow& row, std::string_view pointer) {
  const boost::json::value body = row.body;
  const boost::json::value& found = body.at_pointer(pointer);
  return found.is_string() ? std::string(found.as_string()) : boost::json::serialize(found);
}

TEST(rows, a_silent_station_is_told_in_its_own_words_and_not_as_the_flood_nobody_saw) {
  TestOffice office;
  alarm::Raised silent = office.raised("silent-gauge", 4);
  silent.missing = true;
  silent.family = "silence";
  ASSERT_TRUE(office.submit(node::RaiseAlarm{{"a-1"}, silent}));
  const WarningId id = office.node().alarms().state("a-1").warning;
  const auto row = warning_row(office.node(), id.text);
  ASSERT_TRUE(row);
  EXPECT_EQ(at(*row, "/hazard_name/zh"), "测站静默");
  EXPECT_EQ(at(*row, "/hazard_name/en"), "Station silence");
  EXPECT_EQ(at(*row, "/source/value"), "null");
  EXPECT_EQ(at(*row, "/description"), "huixi，到 2026-07-18 10:00:00 没有数据");
  EXPECT_EQ(at(*row, "/description_text/en"), "huixi, nothing received by 2026-07-18 10:00:00");
  office.alarm("a-2", 3);
  const WarningId flood = office.node().alarms().state("a-2").warning;
  EXPECT_NE(at(*warning_row(office.node(), flood.text), "/hazard_name/zh"), "测站静默");
}

TEST(rows, a_rise_is_told_as_a_rise_and_never_as_the_level) {
  TestOffice office;
  alarm::Raised rise = office.raised("rising", 3);
  rise.value = 0.5;
  rise.change = ChangeWithin{std::chrono::hours(1), 2.08};
  ASSERT_TRUE(office.submit(node::RaiseAlarm{{"a-1"}, rise}));
  const std::string id = office.node().alarms().state("a-1").warning.text;
  const auto row = warning_row(office.node(), id);
  EXPECT_EQ(at(*row, "/source/figure/zh"), "1 小时涨 0.5 m，到 2.08 m");
  EXPECT_EQ(at(*row, "/source/figure/en"), "rose 0.5 m within 1 h, to 2.08 m");
  EXPECT_EQ(at(*row, "/source/change/per_s"), "3.6E3");
  EXPECT_EQ(at(*row, "/source/change/level"), "2.08E0");
  EXPECT_EQ(at(*row, "/description"), "huixi，2026-07-18 10:00:00 测，1 小时涨 0.5 m，到 2.08 m");

  EXPECT_EQ(at(*row, "/description_text/en"),
            "huixi, measured 2026-07-18 10:00:00, rose 0.5 m within 1 h, to 2.08 m");

  alarm::Raised fall = rise;
  fall.automatic = false;
  fall.value = -0.5;
  ASSERT_TRUE(office.submit(node::RaiseAlarm{{"a-2"}, fall}));
  EXPECT_EQ(at(*proposal_row(office.node(), "a-2"), "/figure/zh"), "1 小时降 0.5 m，到 2.08 m");
  // Late data moved the instant: which level it ended at is not known of the new one.
  ASSERT_TRUE(office.submit(node::ReviseAlarm{
      {"a-2"}, {fall.onset, fall.at + std::chrono::minutes(5), -0.6, {}, false}}));
  EXPECT_EQ(at(*proposal_row(office.node(), "a-2"), "/figure/zh"), "1 小时降 0.6 m");
}

TEST(rows, a_proposal_tells_since_when_its_cause_is_over) {
  TestOffice office;
  alarm::Raised high = office.raised("high", 3);
  high.automatic = false;
  ASSERT_TRUE(office.submit(node::RaiseAlarm{{"a-1"}, high}));
  EXPECT_EQ(at(*proposal_row(office.node(), "a-1"), "/cleared_at"), "null");
  const Instant over = high.at + std::chrono::minutes(30);
  ASSERT_TRUE(office.submit(node::ClearAlarm{{"a-1"}, {over, 2.1}}));
  EXPECT_EQ(at(*proposal_row(office.node(), "a-1"), "/cleared"), "true");
  EXPECT_EQ(at(*proposal_row(office.node(), "a-1"), "/cleared_at"), iso_utc(over));
}

TEST(rows, a_level_tells_in_both_languages_what_a_rule_found_and_as_written_what_a_person_said) {
  TestOffice office;
  office.alarm("a-1", 3);
  office.alarm("a-2", 2);
  const WarningId id = office.node().alarms().state("a-1").warning;
  ASSERT_TRUE(office.submit(node::ChangeLevel{id, warning::Level::red, "上游险情"}));
  const auto row = warning_row(office.node(), id.text);
  EXPECT_EQ(at(*row, "/levels/0/reason_text/en"), "stage above alert");
  EXPECT_EQ(at(*row, "/levels/1/reason_text/zh"), "水位超警戒 2.84 m");
  EXPECT_EQ(at(*row, "/levels/1/reason_text/en"), "stage above alert 2.84 m");
  EXPECT_EQ(at(*row, "/levels/2/reason_text/en"), "上游险情");
}

TEST(rows, what_a_rule_did_was_done_by_nobody) {
  TestOffice office;
  office.alarm("a-1", 3);
  const WarningId id = office.node().alarms().state("a-1").warning;
  ASSERT_TRUE(office.submit(node::ChangeLevel{id, warning::Level::red, "上游险情"}));
  const auto row = warning_row(office.node(), id.text);
  EXPECT_EQ(at(*row, "/levels/1/by"), "县值班 吴澄");
}

TEST(rows, who_was_asked_a_second_before_the_end_was_released_and_not_silent) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  office.run(std::chrono::minutes(11));  // the holder was silent, the deputy is being asked
  ASSERT_TRUE(office.submit(node::CancelWarning{id, "水退了"}));
  const auto row = call_row(office.node(), call.text);
  ASSERT_TRUE(row);
  EXPECT_EQ(at(*row, "/state"), "closed");
  EXPECT_EQ(at(*row, "/rungs/0/state"), "silent");
  std::size_t released = 0;
  for (const auto& rung : row->body.at("rungs").as_array())
    released += rung.at("state").as_string() == "released";
  EXPECT_EQ(released, 1u);
}

/// The row of the one township, as the boards have it.
int township(const node::Node& node, std::string_view what) {
  HeadCount people;
  for (const std::string& id : node.warning_times().in_force()) people.add(node, {id});
  const HeadCount::Sum sum = people.by_township()["331126101"];
  return what == "moved" ? sum.moved : sum.to_move;
}

CallId newest_call(const node::Node& node, const WarningId& id) {
  const auto& calls = node.calls_of(id);
  return {*std::ranges::max_element(
      calls, {}, [&](const std::string& call) { return node.calls().state(call).opened.round; })};
}

TEST(rows, who_was_reported_moved_stays_moved_when_all_are_called_again) {
  TestOffice office;
  const auto say = [&](const CallId& call, call::AnswerKind kind, std::optional<int> moved) {
    office.run(std::chrono::seconds(10));
    ASSERT_TRUE(office.submit(node::GiveAnswer{call, 0, kind, moved, "", call::Channel::link}));
  };
  const auto moved = [&](const WarningId& id) {
    return at(*warning_row(office.node(), id.text), "/moved");
  };
  const WarningId id = office.issue(warning::Level::orange);
  say(office.only_call(id), call::AnswerKind::done, 40);
  ASSERT_TRUE(office.submit(node::ChangeLevel{id, warning::Level::red, "上游险情"}));
  EXPECT_EQ(moved(id), "40") << "nobody went back because all were called again";
  EXPECT_EQ(at(*warning_row(office.node(), id.text), "/riskpoints/0/moved"), "40");
  say(newest_call(office.node(), id), call::AnswerKind::received, {});
  EXPECT_EQ(moved(id), "40") << "an answer without a number takes nothing back";
  say(newest_call(office.node(), id), call::AnswerKind::done, 70);
  EXPECT_EQ(moved(id), "70") << "so far, not 110";
  say(newest_call(office.node(), id), call::AnswerKind::done, 65);
  EXPECT_EQ(moved(id), "65") << "a correction";
}

TEST(rows, people_at_one_place_under_two_warnings_are_counted_once) {
  TestOffice office;
  const WarningId one = office.issue(warning::Level::red), two = office.issue(warning::Level::red);
  EXPECT_EQ(township(office.node(), "to_move"), 96);
  for (const WarningId& id : {one, two})
    ASSERT_TRUE(office.submit(node::GiveAnswer{office.only_call(id), 0, call::AnswerKind::done, 50,
                                               "", call::Channel::link}));
  EXPECT_EQ(township(office.node(), "moved"), 50);
  EXPECT_EQ(at(*warning_row(office.node(), one.text), "/moved"), "50");
}

TEST(rows, nobody_has_to_move_from_a_silent_station) {
  TestOffice office;
  alarm::Raised silent = office.raised("silent-gauge", 4);
  silent.missing = true;
  silent.family = "silence";
  ASSERT_TRUE(office.submit(node::RaiseAlarm{{"a-1"}, silent}));
  const WarningId id = office.node().alarms().state("a-1").warning;
  EXPECT_EQ(at(*warning_row(office.node(), id.text), "/to_move"), "0");
  const CallId call = office.only_call(id);
  const auto row = call_row(office.node(), call.text);
  EXPECT_EQ(at(*row, "/expected_people"), "0");
  EXPECT_NE(at(*row, "/script/zh").find("请问：能派人到站上看看吗"), std::string::npos);
  office.alarm("a-2", 3);
  const CallId flood = office.only_call(office.node().alarms().state("a-2").warning);
  EXPECT_EQ(at(*call_row(office.node(), flood.text), "/script/zh").find("请问"), std::string::npos);
}

TEST(rows, a_post_that_was_never_asked_is_not_one_that_did_not_answer) {
  TestOffice office;
  const CallId call = office.only_call(office.issue(warning::Level::orange));
  const auto told = [&] { return words_on_call(office.node(), call.text).en; };
  const auto cannot = [&](int rung) {
    return office.submit(
        node::GiveAnswer{call, rung, call::AnswerKind::cannot, {}, "", call::Channel::link});
  };
  ASSERT_TRUE(cannot(0));
  EXPECT_EQ(told(), "331126101201: the one before cannot, now 徐望");
  office.run(std::chrono::minutes(5));
  EXPECT_EQ(told(), "331126101201: no answer, now 叶知行")
      << "the vacant post between says nothing";
  ASSERT_TRUE(cannot(1) && cannot(3) && cannot(4));
  EXPECT_EQ(told(), "331126101201: all who were asked cannot; find somebody else");
}

TEST(rows, where_nobody_can_be_asked_nobody_is_said_not_to_have_answered) {
  TestOffice office;
  const auto nobody = person::Directory::make({});
  ASSERT_TRUE(office.submit(node::AdoptPeople{nobody->encode(), {}}));
  const CallId call = office.only_call(office.issue(warning::Level::orange));
  EXPECT_EQ(
      words_on_call(office.node(), call.text).en,
      "331126101201: nobody was asked: no holder, or no way to reach one; find somebody else");
}

TEST(rows, a_mail_that_was_given_up_asked_nobody) {
  call::Call call;
  call.opened.rungs.resize(1);
  call.opened.rungs[0].channels = {call::Channel::mail};
  call.rungs.resize(1);
  call.rungs[0].times_asked = 1;
  EXPECT_FALSE(never_reached(call, 0));
  call.rungs[0].given_up = true;
  EXPECT_TRUE(never_reached(call, 0));
  call.opened.rungs[0].channels.push_back(call::Channel::phone);
  EXPECT_FALSE(never_reached(call, 0)) << "the desk may have phoned him";
}

TEST(rows, news_that_were_overtaken_are_not_shown_as_on_their_way) {
  node::TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  const auto news = [&] {
    return call_row(office.node(), call.text)->body.at("rungs").as_array().at(0).at("news");
  };
  ASSERT_TRUE(office.submit(node::ChangeLevel{id, warning::Level::yellow, "退", {}}));
  EXPECT_EQ(news().at("state"), "queued");
  ASSERT_TRUE(office.submit(node::ChangeLevel{id, warning::Level::red, "涨", {}}));
  EXPECT_TRUE(news().is_null());
}

TEST(rows, news_that_went_out_in_no_day_are_not_shown_as_on_their_way) {
  node::TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  ASSERT_TRUE(office.submit(node::CancelWarning{id, "退了"}));
  const auto state = [&] {
    const BoardRow row = *call_row(office.node(), call.text);
    return at(row, "/rungs/0/news/state");
  };
  EXPECT_EQ(state(), "queued");
  office.run(std::chrono::hours(25));
  EXPECT_EQ(state(), "failed");
}

TEST(rows, who_was_told_by_phone_is_shown_as_told_and_not_as_phoned_in_vain) {
  node::TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  const auto deputy = [&] {
    return call_row(office.node(), call.text)->body.at("rungs").as_array().at(1);
  };
  office.run(std::chrono::minutes(5));
  ASSERT_TRUE(office.submit(node::CancelWarning{id, "退了"}));
  EXPECT_EQ(deputy().at_pointer("/news/state"), "by_phone");
  ASSERT_TRUE(office.submit(node::NoteAttempt{call, 1, "told", ""}));
  EXPECT_EQ(deputy().at_pointer("/news/state"), "told");
  EXPECT_EQ(deputy().at_pointer("/channels/0/state"), "queued");
  EXPECT_EQ(deputy().at_pointer("/attempts/0/outcome"), "told");
}

}  // namespace
}  // namespace tocsin::server
