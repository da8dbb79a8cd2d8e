#include "node/timers.h"

#include <gtest/gtest.h>

namespace tocsin::node {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant noon = *parse_iso("2026-07-18T12:00:00Z");

TEST(timers, a_wait_that_began_in_the_future_lasts_its_length_and_no_more) {
  Timers timers;
  timers.set("call/a", noon + hours(48), minutes(5), noon);
  EXPECT_TRUE(timers.due(noon + minutes(4)).empty());
  EXPECT_EQ(timers.due(noon + minutes(5)), std::vector<std::string>{"call/a"});
  EXPECT_TRUE(timers.keys().empty());
}

TEST(timers, what_was_waited_is_not_waited_again_when_the_clock_is_put_back) {
  Timers timers;
  timers.set("call/a", noon, minutes(5), noon);
  Instant now = noon;
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(timers.due(now += minutes(1)).empty());
    now -= i % 2 == 0 ? Duration(hours(30)) : Duration(seconds(20));
    EXPECT_TRUE(timers.due(now).empty());
  }
  EXPECT_EQ(timers.due(now + minutes(1)).size(), 1u);
}

TEST(timers, one_set_after_the_clock_was_put_back_is_not_moved_with_the_others) {
  Timers timers;
  timers.set("call/a", noon, minutes(5), noon);
  timers.set("call/b", noon - hours(9), minutes(5), noon - hours(9));
  EXPECT_TRUE(timers.due(noon - hours(9) + minutes(4)).empty());
  EXPECT_EQ(timers.due(noon - hours(9) + minutes(5)).size(), 2u);
}

TEST(timers, setting_the_same_wait_again_does_not_move_it) {
  Timers timers;
  timers.set("call/a", noon, minutes(5), noon);
  timers.set("call/a", noon, minutes(5), noon + minutes(4));
  EXPECT_EQ(timers.due(noon + minutes(5)).size(), 1u);
  timers.set("call/a", noon + minutes(6), minutes(5), noon + minutes(6));
  timers.drop("call/a");
  EXPECT_FALSE(timers.next());
}

}  // namespace
}  // namespace tocsin::node
