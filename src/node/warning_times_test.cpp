#include "node/warning_times.h"

#include <gtest/gtest.h>

namespace tocsin::node {
namespace {

using warning::Phase;

warning::Warning made(Phase phase, int issued_s, int ended_s = 0) {
  warning::Warning out;
  out.phase = phase;
  out.issued_at = Instant(std::chrono::seconds(issued_s));
  out.ended_at = Instant(std::chrono::seconds(ended_s));
  return out;
}

std::vector<std::string> ids(const WarningTimes::ByTime& by_time) {
  std::vector<std::string> out;
  for (const auto& [at, id] : by_time) out.push_back(id);
  return out;
}

using Ids = std::vector<std::string>;

TEST(warning_times, come_in_the_order_of_time_and_move_when_they_end) {
  WarningTimes times;
  times.set("b", made(Phase::in_force, 20));
  times.set("a", made(Phase::in_force, 30));
  EXPECT_EQ(ids(times.issued()), (Ids{"b", "a"}));
  EXPECT_EQ(times.in_force(), (std::set<std::string>{"a", "b"}));
  EXPECT_TRUE(times.ended().empty());

  times.set("a", made(Phase::cancelled, 30, 40));
  times.set("b", made(Phase::expired, 20, 50));
  EXPECT_EQ(ids(times.ended()), (Ids{"a", "b"}));
  EXPECT_TRUE(times.in_force().empty());
  EXPECT_EQ(ids(times.issued()), (Ids{"b", "a"}));
}

TEST(warning_times, leave_nothing_of_what_was_folded_otherwise) {
  WarningTimes times;
  times.set("a", made(Phase::cancelled, 30, 40));
  times.set("a", made(Phase::in_force, 10));  // a claim with a longer history has won
  EXPECT_EQ(times.issued().size(), 1u);
  EXPECT_EQ(times.issued().begin()->first, Instant(std::chrono::seconds(10)));
  EXPECT_TRUE(times.ended().empty());
  EXPECT_EQ(times.in_force().size(), 1u);
  times.set("a", made(Phase::none, 0));
  EXPECT_TRUE(times.issued().empty());
  EXPECT_TRUE(times.in_force().empty());
}

TEST(warning_times, are_counted_by_phase_and_place) {
  WarningTimes times;
  for (const char* id : {"a", "b", "c"}) times.set(id, made(Phase::in_force, 10));
  times.set("a", made(Phase::cancelled, 10, 20));
  auto elsewhere = made(Phase::in_force, 10);
  elsewhere.issued.areas = {"331126100"};
  times.set("c", elsewhere);
  EXPECT_EQ(times.counts(),
            (std::map<WarningTimes::Kind, std::size_t>{{{Phase::in_force, "", {}}, 1},
                                                       {{Phase::in_force, "", {"331126100"}}, 1},
                                                       {{Phase::cancelled, "", {}}, 1}}));
  times.set("c", made(Phase::none, 0));
  EXPECT_EQ(times.counts().size(), 2u);
}

}  // namespace
}  // namespace tocsin::node
