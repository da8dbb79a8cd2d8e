#include "domain/warning/warning.h"

#include <gtest/gtest.h>

namespace tocsin::warning {
namespace {

const Instant now = *parse_iso("2026-07-18T02:00:00Z");

Issued words() {
  Issued w;
  w.identifier = "33112600000000_20260718100000";
  w.hazard = "11A51";
  w.level = Level::orange;
  w.areas = {"331126101201"};
  w.onset = now;
  w.expires = now + std::chrono::hours(6);
  w.headline = "西溪 3 小时雨量 86.5 毫米";
  w.description = "两小时内可能来山洪";
  w.instruction = "叫沟两边的人去村小学";
  w.sender = "庆元县防汛抗旱指挥部";
  return w;
}

Warning given(const std::vector<Event>& events) {
  Warning w;
  Instant at = now;
  for (const Event& event : events)
    w = evolve(std::move(w), event, {at += std::chrono::minutes(1), "post/duty", "n/1/alert", 1});
  return w;
}

TEST(warning, each_mandatory_field_is_wanted_by_name) {
  const auto without = [](auto change) {
    Issue command{words()};
    change(command.what);
    const auto decided = decide(Warning{}, command, now);
    return decided ? std::string("issued") : decided.error().field;
  };
  EXPECT_EQ(without([](Issued&) {}), "issued");
  EXPECT_EQ(without([](Issued& w) { w.hazard.clear(); }), "hazard");
  EXPECT_EQ(without([](Issued& w) { w.areas.clear(); }), "areas");
  EXPECT_EQ(without([](Issued& w) { w.headline.clear(); }), "headline");
  EXPECT_EQ(without([](Issued& w) { w.description.clear(); }), "description");
  EXPECT_EQ(without([](Issued& w) { w.instruction.clear(); }), "instruction");
  EXPECT_EQ(without([](Issued& w) { w.sender.clear(); }), "sender");
  EXPECT_EQ(without([](Issued& w) { w.onset = w.expires; }), "onset");
}

TEST(warning, spaces_of_any_keyboard_are_no_words) {
  const auto issued = [](const std::string& headline) {
    Issue command{words()};
    command.what.headline = headline;
    return decide(Warning{}, command, now);
  };
  for (const char* nothing : {" \t\n", "\u3000", "\u00a0", "\u3000 \u00a0"})
    EXPECT_EQ(issued(nothing).error(), (Refusal{"warning.field_missing", "headline"}));
  EXPECT_TRUE(issued("\u3000山洪\u3000"));
  const Warning stands = given({words()});
  EXPECT_EQ(decide(stands, Cancel{"\u3000"}, now).error().code, "warning.reason_missing");
  EXPECT_EQ(decide(stands, ChangeLevel{Level::red, "\u00a0", {}}, now).error().code,
            "warning.reason_missing");
}

TEST(warning, words_that_read_otherwise_than_they_are_stored_are_refused_by_field) {
  const Warning stands = given({words()});
  for (const std::string turn : {"\u202a", "\u202e", "\u2066", "\u2069"}) {
    const auto refused = [](const char* field) {
      return Refusal{"warning.hidden_characters", field};
    };
    for (const auto& [field, member] :
         {std::pair("headline", &Issued::headline), std::pair("description", &Issued::description),
          std::pair("instruction", &Issued::instruction),
          std::pair("headline_en", &Issued::headline_en),
          std::pair("instruction_en", &Issued::instruction_en)}) {
      Issue command{words()};
      command.what.*member = "转移" + turn + "不";
      EXPECT_EQ(decide(Warning{}, command, now).error(), refused(field));
    }
    const ChangeLevel change{Level::red, "上游险情", {}, {.instruction = turn + "转移"}};
    EXPECT_EQ(decide(stands, change, now).error(), refused("instruction"));
    EXPECT_EQ(decide(stands, ChangeLevel{Level::red, turn, {}}, now).error(), refused("reason"));
    EXPECT_EQ(decide(stands, Cancel{"雨停" + turn}, now).error(), refused("reason"));
  }
}

TEST(warning, raise_lower_cancel_expire_each_with_its_reason) {
  const Warning stands = given({words()});
  EXPECT_EQ(decide(stands, ChangeLevel{Level::orange, "x", {}}, now).error().code,
            "warning.no_change");
  EXPECT_EQ(decide(stands, ChangeLevel{Level::red, "", {}}, now).error().code,
            "warning.reason_missing");
  const auto raised = decide(stands, ChangeLevel{Level::red, "上游险情", {}}, now);
  ASSERT_TRUE(raised);
  const Warning red = given({words(), *raised});
  EXPECT_EQ(red.level, Level::red);
  EXPECT_EQ(red.levels.size(), 2u);
  EXPECT_EQ(decide(red, Expire{}, now).error().code, "warning.not_due");
  EXPECT_TRUE(decide(red, Expire{}, now + std::chrono::hours(6)));
  const Warning over = given({words(), Cancelled{"水退了"}});
  EXPECT_EQ(over.phase, Phase::cancelled);
  EXPECT_EQ(decide(over, ChangeLevel{Level::red, "x", {}}, now).error().code,
            "warning.not_in_force");
  EXPECT_FALSE(due(over));
}

TEST(warning, whoever_raises_it_may_say_what_to_do_now_and_until_when) {
  Issued said = words();
  said.headline_en = "86.5 mm at Xixi";
  said.instruction_en = "Send the homes beside the gully to the school";
  const Warning stands = given({said});
  const Instant until = said.expires + std::chrono::hours(3);
  const NewWords fresh{.instruction = "立即转移到村小学", .expires = until};
  const auto raised = decide(stands, ChangeLevel{Level::red, "上游险情", {}, fresh}, now);
  ASSERT_TRUE(raised);
  const Issued red = given({said, *raised}).issued;
  EXPECT_EQ(red.instruction, "立即转移到村小学");
  EXPECT_EQ(red.instruction_en, "") << "it would still say the old thing";
  EXPECT_EQ(red.headline, said.headline);
  EXPECT_EQ(red.headline_en, said.headline_en);
  EXPECT_EQ(red.expires, until);
  const auto with = [&](Instant expires) {
    const auto decided =
        decide(stands, ChangeLevel{Level::red, "上游险情", {}, {.expires = expires}}, now);
    return decided ? std::string() : decided.error().code;
  };
  EXPECT_EQ(with(said.expires - std::chrono::minutes(1)), "warning.expires_earlier");
  EXPECT_EQ(with(now + stands_max), "");
  EXPECT_EQ(with(now + stands_max + Duration(1)), "warning.expires_too_late");
  const auto plain = decide(stands, ChangeLevel{Level::red, "上游险情", {}, {}}, now);
  EXPECT_FALSE(std::get<LevelChanged>(*plain).words);
}

TEST(warning, none_is_issued_for_longer_than_a_month) {
  Issued long_one = words();
  long_one.expires = *parse_iso("2999-01-01T00:00:00Z");
  EXPECT_EQ(decide(Warning{}, Issue{long_one}, now).error().code, "warning.expires_too_late");
}

TEST(warning, a_raise_must_be_acknowledged_again) {
  EXPECT_EQ(given({words(), Acknowledged{}}).acknowledged_by, "post/duty");
  EXPECT_EQ(given({words(), Acknowledged{}, LevelChanged{Level::red, "r", {}}}).acknowledged_by,
            "");
}

TEST(warning, every_event_survives_its_bytes) {
  Issued issued = words();
  issued.source = Source{{"a"}, "rule", "huixi", "huixi.stage", "m", 2.84, now};
  issued.riskpoints = {{"FXD-1"}};
  issued.audience = Audience::everyone;
  const Event events[] = {issued,
                          LevelChanged{Level::red, "上游", issued.source},
                          AlarmJoined{*issued.source},
                          Acknowledged{},
                          Cancelled{"退"},
                          Expired{}};
  for (const Event& event : events) {
    const log::Written written = encode(event);
    const auto again = decode(written.type, written.version, written.body);
    ASSERT_TRUE(again) << written.type;
    EXPECT_EQ(again->index(), event.index());
    EXPECT_EQ(encode(*again).body, written.body);
  }
}

TEST(warning, a_bad_body_names_the_member_and_unknown_members_are_kept_out_of_the_way) {
  const auto bad = decode("warning.level_changed", 1, R"({"level":7})");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().field, "level");
  EXPECT_TRUE(decode("warning.level_changed", 2, R"({"level":1,"reason":"r","colour":"new"})"));
  EXPECT_EQ(decode("warning.sung", 1, "{}").error().code, "event.unknown_type");
}

}  // namespace
}  // namespace tocsin::warning
