#include "domain/warning/issuing.h"

#include <gtest/gtest.h>

namespace tocsin::warning {
namespace {

constexpr Audience everyone = Audience::everyone, responsible = Audience::responsible;
const Instant now = *parse_iso("2026-07-18T02:00:00Z");  // 10:00 in Beijing

IssuingRow row(std::string id, std::string hazard, Audience audience,
               std::vector<std::string> roles) {
  IssuingRow made;
  made.id = std::move(id);
  made.hazard = std::move(hazard);
  made.audience = audience;
  made.roles = std::move(roles);
  made.instrument = "县预案";
  if (made.roles.empty()) made.whose = "市气象台";
  return made;
}

std::string told(const IssuingRights& rights, std::string_view hazard, Audience audience,
                 const Issuer& who) {
  const auto no = rights.refusal(hazard, audience, who, now);
  return no ? no->code : "";
}

std::string problem(const IssuingRow& wrong) {
  const auto problems = IssuingRights::check({wrong});
  return problems.empty() ? "" : problems[0].column + " " + problems[0].code;
}

TEST(issuing, by_default_weather_to_the_public_is_the_weather_services) {
  const IssuingRights rights;
  const Issuer officer{"DUTY", "duty_officer", false}, liaison{"LIA", "liaison", false};
  EXPECT_EQ(told(rights, "11B03", everyone, officer), "warning.not_ours_to_publish");
  EXPECT_EQ(told(rights, "12Q02", everyone, officer), "warning.not_ours_to_publish");
  EXPECT_EQ(told(rights, "12Q01", everyone, officer), "");
  EXPECT_EQ(told(rights, "12Q01", everyone, liaison), "warning.not_this_post");
  EXPECT_EQ(told(rights, "11B03", responsible, liaison), "");
  EXPECT_EQ(told(rights, "11B03", responsible, {"TOWN", "township_officer", false}),
            "warning.not_this_post");
  EXPECT_EQ(told(rights, "11B03", responsible, {"", "", true}), "") << "a rule by itself";
  EXPECT_EQ(told(rights, "12Q01", everyone, {"", "", true}), "warning.not_automatic");
}

TEST(issuing, the_longest_prefix_decides_alone) {
  const auto rights = IssuingRights::make({row("ALL", "", responsible, {"leader"}),
                                           row("ENV", "12Q", responsible, {"liaison"}),
                                           row("AIR", "12Q02", responsible, {})});
  ASSERT_TRUE(rights);
  const Issuer leader{"L", "leader", false}, liaison{"A", "liaison", false};
  EXPECT_EQ(told(*rights, "11A01", responsible, leader), "");
  EXPECT_EQ(told(*rights, "12Q01", responsible, leader), "warning.not_this_post");
  EXPECT_EQ(told(*rights, "12Q01", responsible, liaison), "");
  EXPECT_EQ(told(*rights, "12Q02", responsible, liaison), "warning.not_ours_to_publish");
  EXPECT_EQ(told(*rights, "12Q01", everyone, liaison), "warning.no_issuing_row");
}

TEST(issuing, a_post_may_be_named_and_dates_are_whole_beijing_days) {
  IssuingRow old = row("OLD", "", responsible, {"leader"}), next = row("NEW", "", responsible, {});
  old.valid_to = "2026-07-17";
  next.valid_from = "2026-07-18";
  next.posts = {"LIA-ECO"};
  const auto rights = IssuingRights::make({old, next});
  ASSERT_TRUE(rights) << "one ends the day before the other begins";
  EXPECT_EQ(told(*rights, "11A01", responsible, {"LIA-ECO", "liaison", false}), "");
  EXPECT_EQ(told(*rights, "11A01", responsible, {"X", "leader", false}), "warning.not_this_post");
  const Instant evening = *parse_iso("2026-07-17T15:59:59Z");
  EXPECT_EQ(rights->row_for("11A01", responsible, evening)->id, "OLD");
  EXPECT_EQ(rights->row_for("11A01", responsible, evening + std::chrono::seconds(1))->id, "NEW");
}

TEST(issuing, a_row_says_what_is_wrong_with_it) {
  const IssuingRow good = row("A", "11B", everyone, {"leader"});
  EXPECT_EQ(problem(good), "");
  const auto spoiled = [&](auto spoil) {
    IssuingRow wrong = good;
    spoil(wrong);
    return problem(wrong);
  };
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.id = "一"; }), "row issuing.bad_id");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.hazard = "15A"; }), "hazard issuing.bad_hazard");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.hazard = "11b"; }), "hazard issuing.bad_hazard");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.hazard = "1"; }), "hazard issuing.bad_hazard");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.posts = {"值班"}; }), "posts issuing.bad_post");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.automatic = true; }),
            "automatic issuing.automatic_public");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.roles.clear(); }), "whose issuing.no_whose");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.instrument.clear(); }),
            "instrument issuing.no_instrument");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.valid_from = "2026-02-30"; }),
            "valid_from issuing.bad_date");
  EXPECT_EQ(spoiled([](IssuingRow& r) { r.valid_to = "18.7.26"; }), "valid_to issuing.bad_date");
  EXPECT_EQ(spoiled([](IssuingRow& r) {
              r.valid_from = "2026-07-18";
              r.valid_to = "2026-07-17";
            }),
            "valid_to issuing.bad_date");
  const auto twice = IssuingRights::check({good, good, row("B", "11B", everyone, {})});
  ASSERT_EQ(twice.size(), 2u);
  EXPECT_EQ(twice[0].code, "issuing.duplicate");
  EXPECT_EQ(twice[1].code, "issuing.overlap");
  EXPECT_EQ(twice[1].detail, "A") << "names the row it meets";
}

TEST(issuing, a_package_is_read_back_as_it_was_and_a_bad_one_names_its_member) {
  const IssuingRights national;
  const auto again = IssuingRights::decode(national.encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->all(), national.all());
  EXPECT_EQ(IssuingRights::check(national.all()), std::vector<RowProblem>());
  EXPECT_EQ(IssuingRights::decode(R"({"issuing":[{"id":1}]})").error().field, "issuing[0].id");
  std::string wrong = national.encode();
  wrong.replace(wrong.find("responsible"), 11, "somebodyelse");
  EXPECT_EQ(IssuingRights::decode(wrong).error().code, "issuing.bad_package");
}

}  // namespace
}  // namespace tocsin::warning
