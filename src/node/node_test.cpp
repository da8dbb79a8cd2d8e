#include "node/node.h"

#include <gtest/gtest.h>

#include "log/memory_store.h"
#include "node/office_for_tests.h"

namespace tocsin::node {
namespace {

using call::AnswerKind;
using std::chrono::minutes;

TEST(node, a_warning_calls_the_holder_and_silence_climbs_to_the_post_above) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  EXPECT_EQ(office.node().calls().state(call.text).current, 0);
  EXPECT_TRUE(office.node().outbox().empty()) << "what is not on disk has not been asked";
  ASSERT_TRUE(office.node().flush());
  EXPECT_EQ(office.node().outbox().size(), 1u);

  office.run(minutes(5));  // the holder's wait is over: the deputy
  EXPECT_EQ(office.node().calls().state(call.text).current, 1);
  office.run(minutes(5));  // village head's post is vacant and stepped over: the township
  EXPECT_EQ(office.node().calls().state(call.text).current, 3);
  EXPECT_EQ(office.node().calls().state(call.text).opened.rungs[2].skip, "no_holder");

  ASSERT_TRUE(
      office.submit(GiveAnswer{call, 3, AnswerKind::received, {}, "", call::Channel::phone}));
  office.run(minutes(60));
  EXPECT_EQ(office.node().calls().state(call.text).current, 3);
  EXPECT_EQ(call::settling(call::last_words(office.node().answers_to(call)))->given.rung, 3);
}

TEST(node, cannot_climbs_at_once_and_the_last_word_counts) {
  TestOffice office;
  const CallId call = office.only_call(office.issue(warning::Level::red));
  ASSERT_TRUE(
      office.submit(GiveAnswer{call, 0, AnswerKind::cannot, {}, "桥断了", call::Channel::link}));
  EXPECT_EQ(office.node().calls().state(call.text).current, 1);
  ASSERT_TRUE(office.submit(GiveAnswer{call, 0, AnswerKind::done, 12, "", call::Channel::link}));
  const auto* answer = call::settling(call::last_words(office.node().answers_to(call)));
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->given.moved, 12);
  office.run(minutes(60));
  EXPECT_EQ(office.node().calls().state(call.text).current, 1) << "answered: nobody else is asked";
}

TEST(node, a_repeated_command_gets_the_same_receipt_and_does_nothing_twice) {
  TestOffice office;
  const Request request{"post/duty", "11111111-2222",
                        IssueWarning{office.words(warning::Level::yellow)}};
  const auto first = office.node().submit(request, office.now());
  const auto again = office.node().submit(request, office.now());
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->seq, again->seq);
  EXPECT_EQ(first->id, again->id);
  EXPECT_EQ(office.node().warnings().size(), 1u);
  const Request other{"post/duty", "11111111-2222", CancelWarning{{first->id}, "x"}};
  EXPECT_EQ(office.node().submit(other, office.now()).error().code, "command.id_reused");
}

TEST(node, nobody_gets_the_receipt_of_another_command_by_its_id) {
  TestOffice office;
  const WarningId one = office.issue(warning::Level::red), two = office.issue(warning::Level::red);
  const auto ask = [&](const char* id, Command command) {
    const auto receipt = office.node().submit({"post/duty", id, std::move(command)}, office.now());
    return receipt ? "receipt" : receipt.error().code;
  };
  const CallId first{*office.node().calls_of(one).begin()};
  const CallId second{*office.node().calls_of(two).begin()};
  const auto answer = [](const CallId& call) {
    return GiveAnswer{call, 0, AnswerKind::received, {}, "", call::Channel::phone};
  };
  EXPECT_EQ(ask("id-answer", answer(first)), "receipt");
  EXPECT_EQ(ask("id-answer", answer(first)), "receipt");
  EXPECT_EQ(ask("id-answer", answer(second)), "command.id_reused");
  EXPECT_EQ(ask("id-cancel", CancelWarning{one, "over"}), "receipt");
  EXPECT_EQ(ask("id-cancel", CancelWarning{one, "over"}), "receipt");
  // Of the same kind about another warning, and of another kind that would be refused now.
  EXPECT_EQ(ask("id-cancel", CancelWarning{two, "over"}), "command.id_reused");
  EXPECT_EQ(ask("id-cancel", ChangeLevel{one, warning::Level::blue, "x"}), "command.id_reused");
  EXPECT_EQ(office.node().warnings().state(two.text).phase, warning::Phase::in_force);
}

TEST(node, an_id_used_again_for_other_words_is_refused_also_after_a_restart) {
  TestOffice office;
  const auto ask = [&](const char* id, Command command) {
    const auto receipt = office.node().submit({"post/duty", id, std::move(command)}, office.now());
    return receipt ? std::to_string(receipt->seq) : receipt.error().code;
  };
  const warning::Issued words = office.words(warning::Level::orange);
  const std::string issued = ask("id-issue", IssueWarning{words});
  const CallId call = office.only_call({office.node().warnings().all().begin()->first});
  const auto answer = [&](int moved, std::string said) {
    return GiveAnswer{call, 0, AnswerKind::done, moved, std::move(said), call::Channel::phone};
  };
  const std::string given = ask("id-answer", answer(12, "桥断了"));
  alarm::Raised rule = office.raised("stage", 3);
  rule.automatic = false;
  ASSERT_TRUE(office.submit(RaiseAlarm{{"a-1"}, rule}));
  const std::string let_out = ask("id-proposal", IssueProposal{{"a-1"}, {}, "", "", {}});
  const auto raise = [&](std::string headline) {
    return ChangeLevel{{office.node().calls().state(call.text).opened.warning},
                       warning::Level::red,
                       "上游险情",
                       {.headline = std::move(headline), .expires = words.expires}};
  };
  const std::string raised = ask("id-level", raise(""));
  ASSERT_TRUE(office.node().flush());
  for (const char* when : {"at once", "after a restart"}) {
    SCOPED_TRACE(when);
    office.run(minutes(1));  // a true repeat comes later and has the same words
    warning::Issued again = words;
    again.onset = office.now();
    EXPECT_EQ(ask("id-issue", IssueWarning{again}), issued);
    warning::Issued other = words;
    other.headline = "下游溃坝";
    EXPECT_EQ(ask("id-issue", IssueWarning{other}), "command.id_reused");
    other = words;
    other.level = warning::Level::red;
    EXPECT_EQ(ask("id-issue", IssueWarning{other}), "command.id_reused");
    EXPECT_EQ(ask("id-level", raise("")), raised);
    EXPECT_EQ(ask("id-level", raise(words.headline)), raised) << "as it stood";
    EXPECT_EQ(ask("id-level", raise("下游溃坝")), "command.id_reused");
    EXPECT_EQ(ask("id-answer", answer(12, "桥断了")), given);
    EXPECT_EQ(ask("id-answer", answer(13, "桥断了")), "command.id_reused");
    EXPECT_EQ(ask("id-answer", answer(12, "路断了")), "command.id_reused");
    EXPECT_EQ(ask("id-proposal", IssueProposal{{"a-1"}, {}, "", "", {}}), let_out);
    EXPECT_EQ(ask("id-proposal", IssueProposal{{"a-1"}, warning::Level::red, "", "", {}}),
              "command.id_reused");
    office.restart();
  }
  EXPECT_EQ(office.node().warnings().size(), 2u);
}

TEST(node, what_was_flushed_is_found_again_with_its_timers) {
  TestOffice office;
  const CallId call = office.only_call(office.issue(warning::Level::orange));
  ASSERT_TRUE(office.node().flush());
  office.restart();
  EXPECT_EQ(office.node().calls().state(call.text).current, 0);
  office.run(minutes(5));
  EXPECT_EQ(office.node().calls().state(call.text).current, 1);
}

TEST(node, a_later_red_calls_again_those_who_answered_yellow) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::yellow);
  const CallId call = office.only_call(id);
  ASSERT_TRUE(
      office.submit(GiveAnswer{call, 0, AnswerKind::received, {}, "", call::Channel::link}));
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::red, "上游险情"}));
  EXPECT_EQ(office.node().calls_of(id).size(), 2u);
  EXPECT_EQ(office.node().calls().state(call.text).phase, call::Phase::closed);
  EXPECT_TRUE(office.node().outbox().empty()) << "what is not on disk has not been asked";
  ASSERT_TRUE(office.node().flush());
  EXPECT_EQ(office.node().outbox().size(), 1u);
}

TEST(node, a_raise_asks_at_once_the_deputy_who_had_taken_the_call) {
  TestOffice office;
  const AreaId village{"331126101201", "2022"};
  office.adopt_one(  // the deputy is the one with a mail address
      "posts",
      *person::Posts::make({{"holder", "网格责任人", "responsible", village, "p2", "p1", "duty"},
                            {"duty", "县值班", "duty_officer", {"331126", "2022"}, "p4", "", ""}}));
  const WarningId id = office.issue(warning::Level::orange);
  const CallId first = office.only_call(id);
  office.run(minutes(5));  // the holder is silent
  ASSERT_EQ(office.node().calls().state(first.text).current, 1);
  ASSERT_TRUE(office.submit(GiveAnswer{first, 1, AnswerKind::done, 3, "", call::Channel::phone}));
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::red, "上游险情", {}}));
  const auto& calls = office.node().calls_of(id);
  ASSERT_EQ(calls.size(), 2u);
  const auto& anew = office.node().calls().state(calls[0] == first.text ? calls[1] : calls[0]);
  EXPECT_EQ(anew.current, 0) << "the ladder begins with the holder";
  EXPECT_EQ(anew.rungs[1].times_asked, 1) << "and who took it on hears of the raise as well";
  ASSERT_TRUE(office.node().flush());
  ASSERT_EQ(office.node().outbox().size(), 1u);
  EXPECT_EQ(office.node().outbox().front().person.text, "p1");
}

TEST(node, a_rule_that_names_a_risk_point_nobody_knows_calls_the_duty_post) {
  TestOffice office;
  alarm::Raised raised = office.raised("a1", 1);
  raised.riskpoints = {{"FXD-typo"}};
  ASSERT_TRUE(office.submit(RaiseAlarm{{"a1"}, raised}));
  const WarningId id = office.node().alarms().state("a1").warning;
  const auto& calls = office.node().calls_of(id);
  ASSERT_EQ(calls.size(), 1u);
  const call::Call& call = office.node().calls().state(calls.front());
  ASSERT_FALSE(call.opened.rungs.empty());
  EXPECT_EQ(call.opened.rungs.front().post.text, office.node().setup().duty_post);
}

TEST(node, a_clock_a_day_back_that_is_put_right_ends_no_warning) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::red);
  ASSERT_TRUE(office.node().flush());
  office.run(minutes(1));
  const Instant right = office.now();
  office.set_now(right - std::chrono::hours(24));
  office.restart();
  office.run(minutes(1));
  office.set_now(right + minutes(2));
  office.run(minutes(1));
  const auto& warning = office.node().warnings().state(id.text);
  EXPECT_EQ(warning.phase, warning::Phase::in_force);
  office.run(warning.issued.expires - office.now() + minutes(1));
  EXPECT_EQ(office.node().warnings().state(id.text).phase, warning::Phase::expired);
}

TEST(node, alarms_of_one_family_on_one_risk_point_are_one_warning_and_a_graver_one_raises_it) {
  TestOffice office;
  office.alarm("a1", 3);
  office.alarm("a2", 3);
  ASSERT_EQ(office.node().warnings().size(), 1u);
  const WarningId id{office.node().warnings().all().begin()->first};
  EXPECT_EQ(office.node().calls_of(id).size(), 1u);
  office.alarm("a3", 1);
  EXPECT_EQ(office.node().warnings().state(id.text).level, warning::Level::red);
  EXPECT_EQ(office.node().calls_of(id).size(), 2u);
  EXPECT_FALSE(office.submit(RaiseAlarm{{"a3"}, office.raised("a3", 1)}))
      << "told twice, kept once";
}

TEST(node, a_raised_warning_says_what_the_graver_rule_says_and_stands_as_long) {
  TestOffice office;
  office.alarm("a1", 2);
  const std::string id = office.node().warnings().all().begin()->first;
  office.run(minutes(30));
  alarm::Raised red = office.raised("a2", 1);
  red.name = {"水位超保证", "stage above guarantee"};
  red.instruction = {"立即转移", "move now"};
  red.value = 3.26;
  ASSERT_TRUE(office.submit(RaiseAlarm{{"a2"}, red}));
  ASSERT_TRUE(office.node().flush());
  office.restart();
  const warning::Warning& w = office.node().warnings().state(id);
  EXPECT_EQ(w.level, warning::Level::red);
  EXPECT_EQ(w.issued.headline, "水位超保证");
  EXPECT_EQ(w.issued.instruction, "立即转移");
  EXPECT_EQ(w.issued.instruction_en, "move now");
  EXPECT_NE(w.issued.description.find("3.26 m"), std::string::npos);
  EXPECT_EQ(w.issued.expires, red.at + std::chrono::hours(6));
}

TEST(node, a_public_rain_warning_is_not_ours_and_the_refusal_names_the_article) {
  TestOffice office;
  warning::Issued words = office.words(warning::Level::red);
  words.hazard = "11B03";
  words.audience = warning::Audience::everyone;
  EXPECT_EQ(office.submit(IssueWarning{words}).error(),
            (Refusal{"warning.not_ours_to_publish", "hazard"}));
  const auto no =
      office.node().refusal_to_issue("post/duty", "11B03", words.audience, office.now());
  ASSERT_TRUE(no);
  EXPECT_NE(no->detail.find("PUBLIC-WEATHER，气象灾害防御条例 第三十条"), std::string::npos)
      << no->detail;
}

/// A register in which only this role may, and no rule by itself.
AdoptRegister only(std::string role) {
  warning::IssuingRow row;
  row.id = "ONLY";
  row.roles = {std::move(role)};
  row.instrument = "县预案";
  const std::string bytes = warning::IssuingRights::make({row})->encode();
  AdoptRegister adopt;
  adopt.package = {log::sha256(bytes), "issuing", bytes};
  adopt.what.kind = "issuing";
  adopt.what.package = adopt.package.hash;
  return adopt;
}

TEST(node, issuing_rights_are_data_that_decides_at_once_and_after_a_restart) {
  TestOffice office;
  const WarningId standing = office.issue(warning::Level::yellow);
  ASSERT_TRUE(office.submit(only("leader")));
  ASSERT_TRUE(office.node().flush());
  for (const bool again : {false, true}) {
    if (again) office.restart();
    EXPECT_EQ(office.submit(IssueWarning{office.words(warning::Level::red)}).error().code,
              "warning.not_this_post");
    EXPECT_EQ(office.submit(ChangeLevel{standing, warning::Level::red, "x"}).error().code,
              "warning.not_this_post");
    EXPECT_EQ(office.submit(CancelWarning{standing, "x"}).error().code, "warning.not_this_post");
  }
  office.alarm("a1", 3);
  EXPECT_EQ(office.node().alarms().state("a1").phase, alarm::Phase::noted)
      << "the rule may not by itself: the alarm stands and waits for a person";
  EXPECT_EQ(office.submit(IssueProposal{{"a1"}, {}, "", "", {}}).error().code,
            "warning.not_this_post");
  EXPECT_EQ(office.submit(DeclineProposal{{"a1"}, "x"}).error().code, "warning.not_this_post");
  ASSERT_TRUE(office.submit(only("duty_officer")));
  ASSERT_TRUE(office.submit(DeclineProposal{{"a1"}, "gauge under repair"}));
  EXPECT_EQ(office.node().alarms().state("a1").phase, alarm::Phase::declined);
}

TEST(node, an_office_that_was_told_nothing_is_that_of_the_one_county_imported) {
  log::MemoryStore store;
  log::MemoryKeyring keyring;
  SeededDice dice(1);
  const Instant now = *parse_iso("2026-07-18T02:00:00Z");
  Node node(node::Setup{}, store, keyring, dice, log::signing_key_from_seed(Bytes(32, 7)));
  ASSERT_TRUE(node.load(now, {}));
  const auto rows = [](std::string name) {
    return place::Divisions::make({{{"331126", "2022"}, std::move(name), AreaLevel::county, ""}})
        ->encode();
  };
  const auto adopt = [&](const std::string& bytes) {
    AdoptRegister command;
    command.package = {log::sha256(bytes), "divisions", bytes};
    command.what.kind = "divisions";
    command.what.package = command.package.hash;
    return node.submit({"account/cli", "", std::move(command)}, now);
  };
  EXPECT_EQ(node.setup().area, "");
  ASSERT_TRUE(adopt(rows("庆元县")));
  EXPECT_EQ(node.setup().area, "331126");
  EXPECT_EQ(node.setup().sender, "庆元县");
  EXPECT_EQ(node.setup().identifier_head, "33112600000000");
  ASSERT_TRUE(adopt(rows("庆元")));
  EXPECT_EQ(node.setup().sender, "庆元") << "follows what is imported";
}

TEST(node, after_a_restore_nothing_goes_out_until_a_person_releases_and_a_new_term_is_opened) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  ASSERT_TRUE(office.node().flush());
  office.restore();
  EXPECT_TRUE(office.node().held());
  EXPECT_TRUE(office.node().outbox().empty());
  office.run(minutes(60));
  EXPECT_EQ(office.node().calls().state(call.text).current, 0) << "yesterday's timers stay silent";
  ASSERT_TRUE(office.submit(Release{"已核对"}));
  office.run(minutes(1));
  EXPECT_EQ(office.node().calls().state(call.text).current, 1);
  EXPECT_EQ(office.node().calls().find(call.text)->term.number, 2u);
}

TEST(node, what_was_over_while_the_node_was_held_asks_nobody_when_it_is_released) {
  TestOffice office;
  office.issue(warning::Level::orange);  // for six hours
  ASSERT_TRUE(office.node().flush());
  office.restore();
  office.set_now(office.now() + std::chrono::hours(7));
  office.node().tick(office.now());
  ASSERT_TRUE(office.submit(Release{"已核对"}));
  ASSERT_TRUE(office.node().flush());
  EXPECT_TRUE(office.node().outbox().empty()) << "before the turn that ends it, too";
}

TEST(node, an_alarm_while_held_joins_no_warning_whose_time_is_over) {
  TestOffice office;
  office.alarm("a1", 2);
  ASSERT_TRUE(office.submit(ClearAlarm{{"a1"}, {office.now(), 1.0}}));
  ASSERT_TRUE(office.node().flush());
  office.restore();
  office.set_now(office.now() + std::chrono::hours(7));
  office.node().tick(office.now());
  office.alarm("a2", 2);
  EXPECT_EQ(office.node().warnings().size(), 2u);
  ASSERT_TRUE(office.submit(Release{"已核对"}));
  office.run(minutes(1));
  ASSERT_TRUE(office.node().flush());
  const auto outbox = office.node().outbox();
  ASSERT_EQ(outbox.size(), 2u);
  EXPECT_EQ(outbox[0].news, "") << "somebody is called for the new one";
  EXPECT_EQ(outbox[1].news, "expired") << "and told that the old one is over";
}

TEST(node, two_people_who_answer_in_one_millisecond_are_both_heard) {
  TestOffice office;
  const CallId call = office.only_call(office.issue(warning::Level::orange));
  office.run(minutes(5));  // the deputy is asked too
  for (const int rung : {0, 1})
    ASSERT_TRUE(office.node().submit(
        {"person/p1", "",
         GiveAnswer{call, rung, AnswerKind::received, {}, "", call::Channel::link}},
        office.now()));
  EXPECT_EQ(office.node().answers_to(call).size(), 2u);
}

TEST(node, a_clock_two_days_fast_that_is_corrected_makes_nobody_wait_two_days) {
  TestOffice office;
  office.set_now(office.now() + std::chrono::hours(48));
  const CallId call = office.only_call(office.issue(warning::Level::orange));
  ASSERT_TRUE(office.node().flush());
  office.node().tick(office.now());
  office.set_now(office.now() - std::chrono::hours(48));
  office.run(minutes(6));
  EXPECT_EQ(office.node().calls().state(call.text).current, 1);
}

TEST(node, what_is_issued_after_the_clock_was_put_back_two_days_stands_as_long_as_it_should) {
  TestOffice office;
  office.issue(warning::Level::blue);  // the log has seen the day after tomorrow
  office.set_now(office.now() - std::chrono::hours(48));
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  office.run(minutes(6));
  EXPECT_EQ(office.node().calls().state(call.text).current, 1);
  EXPECT_EQ(office.node().warnings().state(id.text).phase, warning::Phase::in_force);
  office.run(std::chrono::hours(6));
  EXPECT_EQ(office.node().warnings().state(id.text).phase, warning::Phase::expired);
}

TEST(node, a_beginning_in_the_past_makes_no_warning_last_longer) {
  TestOffice office;
  warning::Issued words = office.words(warning::Level::orange);
  words.onset = office.now() - std::chrono::hours(20);
  const auto receipt = office.submit(IssueWarning{words});
  ASSERT_TRUE(receipt);
  office.run(std::chrono::hours(6) + minutes(1));
  EXPECT_EQ(office.node().warnings().state(receipt->id).phase, warning::Phase::expired);
}

}  // namespace
}  // namespace tocsin::node
