#include "engine/outreach/outreach.h"

#include <gtest/gtest.h>

namespace tocsin::outreach {
namespace {

const AreaId village{"331126101201", "2022"};

person::Posts posts() {
  return *person::Posts::make(
      {{"holder", "网格责任人", "responsible", village, "p1", "p2", "head"},
       {"head", "村主任", "village_head", village, "", "", "town"},
       {"town", "乡值班", "township_officer", {"331126101", "2022"}, "p1", "p3", "duty"},
       {"duty", "县值班", "duty_officer", {"331126", "2022"}, "p4", "", ""}});
}

const person::ReachMap reach{
    {"p1", {true, true}}, {"p2", {true, false}}, {"p3", {false, false}}, {"p4", {true, true}}};

TEST(outreach, one_ladder_a_post_with_every_hole_in_it_and_its_reason) {
  const auto calls = plan(
      {"w"}, 1, 1, {{{"A"}, village.code, 40, {"holder"}}, {{"B"}, village.code, 56, {"holder"}}},
      posts(), reach, {}, "duty");
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].riskpoints.size(), 2u);
  EXPECT_EQ(calls[0].people, 96);
  const auto& rungs = calls[0].rungs;
  ASSERT_EQ(rungs.size(), 6u);
  EXPECT_EQ(rungs[0].skip, "");
  EXPECT_EQ(rungs[0].channels, (std::vector{call::Channel::mail, call::Channel::phone}));
  EXPECT_EQ(rungs[1].kind, call::RungKind::deputy);
  EXPECT_EQ(rungs[1].channels, (std::vector{call::Channel::phone}));
  EXPECT_EQ(rungs[2].skip, "no_holder");
  EXPECT_EQ(rungs[3].skip, "already_asked") << "the township's holder stands on the ladder already";
  EXPECT_EQ(rungs[4].skip, "unreachable");
  EXPECT_EQ(rungs[5].post.text, "duty");
  EXPECT_EQ(rungs[5].wait, Policy().by_level[0].above);
}

TEST(outreach, a_place_nobody_answers_for_falls_to_the_duty_room) {
  const auto calls = plan({"w"}, 1, 4, {{{"A"}, village.code, 0, {}}}, posts(), reach, {}, "duty");
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].rungs[0].person.text, "p4");
  EXPECT_EQ(calls[0].rungs[0].wait, Policy().by_level[3].holder);
}

TEST(outreach, a_post_the_register_does_not_know_is_a_hole_not_a_crash) {
  const auto calls =
      plan({"w"}, 1, 2, {{{"A"}, village.code, 0, {"gone"}}}, posts(), reach, {}, "duty");
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].rungs[0].skip, "no_holder");
}

}  // namespace
}  // namespace tocsin::outreach
