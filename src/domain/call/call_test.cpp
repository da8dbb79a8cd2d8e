#include "domain/call/call.h"

#include <gtest/gtest.h>

namespace tocsin::call {
namespace {

using std::chrono::minutes;

const Instant start = *parse_iso("2026-07-18T02:00:00Z");

Rung rung(const char* post, const char* person, RungKind kind,
          std::vector<Channel> channels = {Channel::mail, Channel::phone}) {
  return {{post},
          {person},
          kind,
          minutes(5),
          std::move(channels),
          person[0] == '\0' ? "no_holder" : ""};
}

Opened ladder() {
  Opened o;
  o.warning = {"w-1"};
  o.level = 2;
  o.area = "331126101201";
  o.people = 96;
  o.rungs = {rung("a", "p1", RungKind::holder), rung("a", "", RungKind::deputy),
             rung("b", "p3", RungKind::above)};
  return o;
}

/// A call with what happened to it so far.
struct Story {
  Call call;
  std::vector<Answer> answers;
  Instant now = start;

  explicit Story(const Opened& what = ladder()) { write(open(what)); }
  void write(const std::vector<Event>& events) {
    for (const Event& event : events)
      call = evolve(std::move(call), event, {now, "node/n", "l", 1});
  }
  void answer(int on, AnswerKind kind) {
    Given given{{"c"}, {"w-1"}, on, {"p"}, kind, {}, {}, Channel::link};
    answers.push_back({given, now += std::chrono::seconds(1), "person/p"});
  }
  LastWords words() const {
    std::vector<const Answer*> all;
    for (const Answer& a : answers) all.push_back(&a);
    return last_words(all);
  }
  void step(bool waited) { write(next(call, words(), waited)); }
};

TEST(call, who_is_asked_beside_the_first_is_not_asked_again_when_his_turn_comes) {
  Opened what = ladder();
  what.rungs.push_back(rung("c", "p4", RungKind::above, {Channel::phone}));
  what.rungs.push_back(rung("d", "p5", RungKind::above));
  Story s(what);
  s.call = {};
  s.write(open(what, {"p3", "p4", "nobody"}));
  EXPECT_EQ(s.call.current, 0);
  EXPECT_EQ(mails_wait(s.call, s.words()), (std::vector<int>{0, 2}));
  EXPECT_EQ(s.call.rungs[3].times_asked, 0) << "who can only be phoned waits for his turn";
  s.step(true);
  EXPECT_EQ(s.call.current, 3);
  EXPECT_EQ(s.call.rungs[2].times_asked, 1);
  s.answer(2, AnswerKind::received);
  s.step(true);
  EXPECT_EQ(s.call.current, 3) << "his word settles the call";
}

TEST(call, silence_steps_over_the_vacant_post_and_ends_exhausted) {
  Story s;
  EXPECT_EQ(s.call.current, 0);
  s.step(false);
  EXPECT_EQ(s.call.current, 0) << "nothing happens before the wait is over";
  s.step(true);
  EXPECT_EQ(s.call.current, 2);
  EXPECT_EQ(s.call.rungs[0].left, "silent");
  s.step(true);
  EXPECT_EQ(s.call.phase, Phase::exhausted);
}

TEST(call, cannot_climbs_without_waiting) {
  Story s;
  s.answer(0, AnswerKind::cannot);
  s.step(false);
  EXPECT_EQ(s.call.current, 2);
  EXPECT_EQ(s.call.rungs[0].left, "cannot");
}

TEST(call, a_late_answer_from_below_settles_it) {
  Story s;
  s.step(true);
  s.answer(0, AnswerKind::received);
  ASSERT_NE(settling(s.words()), nullptr);
  s.step(true);
  EXPECT_EQ(s.call.current, 2);
  EXPECT_FALSE(waiting(s.call, s.words()));
}

TEST(call, the_last_word_of_a_person_counts) {
  Story s;
  s.answer(0, AnswerKind::received);
  s.answer(0, AnswerKind::cannot);
  EXPECT_EQ(settling(s.words()), nullptr);
  s.step(false);
  EXPECT_EQ(s.call.current, 2);
}

TEST(call, who_can_only_be_mailed_and_is_not_reached_is_left_at_once) {
  Opened what = ladder();
  what.rungs[0].channels = {Channel::mail};
  Story s(what);
  EXPECT_EQ(mails_wait(s.call, s.words()), std::vector<int>{0});
  s.write({Delivered{0, Channel::mail, false, true, "550 no such user"}});
  EXPECT_TRUE(mails_wait(s.call, s.words()).empty());
  s.step(false);
  EXPECT_EQ(s.call.current, 2);
  EXPECT_EQ(s.call.rungs[0].left, "unreachable");
}

TEST(call, who_was_passed_while_the_mail_server_was_down_gets_his_mail_still) {
  Story s;
  s.write({Delivered{0, Channel::mail, false, false, "451 later"}});
  s.step(true);
  ASSERT_EQ(s.call.current, 2);
  EXPECT_EQ(mails_wait(s.call, s.words()), (std::vector<int>{0, 2}));
  s.step(true);
  ASSERT_EQ(s.call.phase, Phase::exhausted);
  s.write({Delivered{2, Channel::mail, true, false, ""}});
  EXPECT_EQ(mails_wait(s.call, s.words()), std::vector<int>{0}) << "also when nobody is left";
  s.answer(0, AnswerKind::cannot);
  EXPECT_TRUE(mails_wait(s.call, s.words()).empty()) << "he knows";
}

TEST(call, nobody_is_mailed_any_more_once_somebody_answered) {
  Story s;
  s.step(true);
  ASSERT_EQ(mails_wait(s.call, s.words()), (std::vector<int>{0, 2}));
  s.answer(2, AnswerKind::received);
  EXPECT_TRUE(mails_wait(s.call, s.words()).empty());
}

TEST(call, what_became_of_an_earlier_message_says_nothing_about_a_later_one) {
  Opened what = ladder();
  what.rungs[0].channels = {Channel::mail};
  Story s(what);
  s.write(*recall(s.call, s.words()));
  s.write({Delivered{0, Channel::mail, false, true, "550", false, 1}});
  s.step(false);
  EXPECT_EQ(s.call.current, 0) << "the second mail is on its way";
  s.write({Delivered{0, Channel::mail, true, false, "", false, 1}});
  EXPECT_EQ(mails_wait(s.call, s.words()), std::vector<int>{0});
  s.write({Informed{"lowered", 3, {0}, 2}, Informed{"cancelled", 3, {0}, 3}});
  s.write({Delivered{0, Channel::mail, true, false, "", true, 1}});
  EXPECT_EQ(news_waits(s.call), std::vector<int>{0}) << "that it is over has not gone out";
  s.write({Delivered{0, Channel::mail, false, true, "550", true, 2}});
  s.write({Delivered{0, Channel::mail, false, false, "451", true, 2}});
  EXPECT_TRUE(news_waits(s.call).empty()) << "given up is given up";
}

TEST(call, nobody_at_all_is_told_at_once) {
  Opened what = ladder();
  what.rungs = {rung("a", "", RungKind::holder)};
  EXPECT_EQ(Story(what).call.phase, Phase::exhausted);
}

TEST(call, a_recall_asks_again_and_wants_its_mail_again) {
  Story s;
  s.write({Delivered{0, Channel::mail, true, false, ""}});
  EXPECT_TRUE(mails_wait(s.call, s.words()).empty());
  s.write(*recall(s.call, s.words()));
  EXPECT_EQ(mails_wait(s.call, s.words()), std::vector<int>{0});
  EXPECT_EQ(s.call.rungs[0].times_asked, 2);
}

TEST(call, who_was_being_asked_when_it_ended_was_not_silent) {
  Story s;
  s.write({Closed{"cancelled"}});
  EXPECT_EQ(s.call.rungs[0].left, "closed");
  EXPECT_FALSE(s.call.current);
  Story late;
  late.step(true);
  late.write({Closed{"cancelled"}});
  EXPECT_EQ(late.call.rungs[0].left, "silent");
  EXPECT_EQ(late.call.rungs[2].left, "closed");
}

TEST(call, every_event_survives_its_bytes) {
  const Event events[] = {ladder(),
                          Asked{1},
                          Delivered{0, Channel::mail, false, true, "550"},
                          Attempted{0, "busy", {}},
                          Climbed{0, 2, "silent"},
                          Exhausted{},
                          Closed{"expired"}};
  for (const Event& event : events) {
    const log::Written written = encode(event);
    const auto again = decode(written.type, written.version, written.body);
    ASSERT_TRUE(again) << written.type;
    EXPECT_EQ(encode(*again).body, written.body);
  }
  Given given{{"c"}, {"w"}, 1, {"p"}, AnswerKind::done, 12, {}, Channel::phone};
  given.words = log::PartRef{log::sha256("x"), "case/warning/w", 3};
  const log::Written written = encode(given);
  const auto again = decode_answer(written.type, 1, written.body);
  ASSERT_TRUE(again);
  EXPECT_EQ(encode(std::get<Given>(*again)).body, written.body);
}

}  // namespace
}  // namespace tocsin::call
