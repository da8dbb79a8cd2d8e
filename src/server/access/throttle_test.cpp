#include "server/access/throttle.h"

#include <gtest/gtest.h>

namespace tocsin::server {
namespace {

struct Guess {
  ManualClock clock;
  Throttle throttle{clock, {}};
  /// Tries as fast as it is let for `time`; how many tries it got.
  int hammer(const TrySource& source, Duration time) {
    int got = 0;
    for (const Duration end = clock.steady() + time; clock.steady() < end;) {
      const Duration wait = throttle.take(source);
      if (wait == Duration(0)) ++got;
      clock.advance(std::max(wait, Duration(10)));
    }
    return got;
  }
};

const TrySource attacker{"203.0.113.5", "zhou", ""};

}  // namespace

TEST(access_throttle, delays_grow_until_guessing_is_pointless) {
  Guess guess;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guess.throttle.take(attacker), Duration(0));
  EXPECT_EQ(guess.throttle.take(attacker), Duration(1'000));
  guess.clock.advance(Duration(1'000));
  EXPECT_EQ(guess.throttle.take(attacker), Duration(0));
  EXPECT_EQ(guess.throttle.take(attacker), Duration(2'000));
  EXPECT_LT(guess.hammer(attacker, std::chrono::hours(24)), 110);
}

TEST(access_throttle, guessing_passwords_does_not_close_the_break_glass) {
  Guess guess;
  const auto guess_on = [&](const TrySource& source) {
    for (int i = 0; i < 10; ++i) guess.throttle.take(source);
  };
  guess_on(attacker);
  EXPECT_GT(guess.throttle.take(attacker), Duration(0));
  const TrySource glass{attacker.address, attacker.login, "", "glass"};
  EXPECT_EQ(guess.throttle.take(glass), Duration(0));
  guess_on(glass);
  EXPECT_GT(guess.throttle.take(glass), Duration(0)) << "and is itself no free way to guess";
}

TEST(access_throttle, nobody_can_lock_the_officer_out_of_another_room) {
  Guess guess;
  for (int i = 0; i < 200; ++i) {  // a whole foreign network guesses at his login
    const TrySource other{"203.0.113." + std::to_string(i), "zhou", ""};
    guess.hammer(other, std::chrono::seconds(20));
  }
  EXPECT_EQ(guess.throttle.take({"192.0.2.7", "zhou", ""}), Duration(0));
}

TEST(access_throttle, a_known_browser_is_not_slowed_by_its_own_neighbour) {
  Guess guess;
  guess.hammer(attacker, std::chrono::minutes(10));
  guess.throttle.take(attacker);  // whether or not it was let, the next one is not
  EXPECT_GT(guess.throttle.take(attacker), Duration(0));
  TrySource known = attacker;  // same address, same login, but it has been in before
  known.device = "mark";
  EXPECT_EQ(guess.throttle.take(known), Duration(0));
  for (int i = 0; i < 7; ++i) EXPECT_EQ(guess.throttle.take(known), Duration(0));
  EXPECT_GT(guess.throttle.take(known), Duration(0));  // and it may not guess for ever either
}

TEST(access_throttle, many_logins_from_one_address_and_many_addresses_of_one_network_are_slowed) {
  Guess guess;
  int got = 0;
  for (int i = 0; i < 100; ++i)
    got += guess.throttle.take({"203.0.113.5", "login" + std::to_string(i), ""}) == Duration(0);
  EXPECT_EQ(got, 20);
  got = 0;
  for (int i = 0; i < 250; ++i)
    got += guess.throttle.take({"198.51.100." + std::to_string(i), "zhou", ""}) == Duration(0);
  EXPECT_EQ(got, 100);
}

TEST(access_throttle, a_right_password_clears_the_pair_and_time_forgets) {
  Guess guess;
  for (int i = 0; i < 4; ++i) guess.throttle.take(attacker);
  EXPECT_EQ(guess.throttle.take(attacker), Duration(0));
  guess.throttle.succeeded(attacker);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guess.throttle.take(attacker), Duration(0));
  EXPECT_GT(guess.throttle.take(attacker), Duration(0));
  guess.clock.advance(std::chrono::hours(2));
  EXPECT_EQ(guess.throttle.take(attacker), Duration(0));
}

TEST(access_throttle, a_try_given_back_does_not_count) {
  Guess guess;
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(guess.throttle.take(attacker), Duration(0));
    guess.throttle.give_back(attacker);
  }
  EXPECT_EQ(guess.throttle.sources(), 0u);
}

TEST(access_throttle, memory_is_bounded) {
  ManualClock clock;
  ThrottleSettings settings;
  settings.sources_max = 300;
  Throttle throttle(clock, settings);
  for (int i = 0; i < 5'000; ++i) {
    clock.advance(Duration(1));
    throttle.take({"2001:db8::" + std::to_string(i), "zhou", ""});
  }
  EXPECT_LE(throttle.sources(), 303u);
}

TEST(access_throttle, networks) {
  EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.0/24");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_of("?"), "?");
}

}  // namespace tocsin::server
