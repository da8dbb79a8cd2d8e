#include "domain/account/account.h"

#include <gtest/gtest.h>

namespace tocsin::account {
namespace {

Account given(std::vector<Event> events) {
  Account a;
  for (const Event& event : events) {
    const auto written = encode(event);
    const auto read = decode(written.type, written.version, written.body);
    EXPECT_TRUE(read) << written.body;
    a = evolve(std::move(a), *read, {Instant{}, "post/OPER", "county/1/audit", 1});
  }
  return a;
}

const Created eco{"eco", "$argon2id$x", {"p006"}, {{"LIA-ECO"}}, false};

TEST(account, moves_from_one_post_to_another_in_one_event) {
  const Account moved = given({eco, PostChanged{{"LIA-WATER"}, {"LIA-ECO"}}});
  EXPECT_EQ(moved.created.posts, std::vector<PostId>{{"LIA-WATER"}});
  const Account both = given({eco, PostChanged{{"LIA-WATER"}, {}}});
  EXPECT_EQ(both.created.posts, (std::vector<PostId>{{"LIA-ECO"}, {"LIA-WATER"}}));
  EXPECT_TRUE(given({eco, PostChanged{{}, {"LIA-ECO"}}}).created.posts.empty());
}

TEST(account, a_post_it_has_is_not_given_again_and_one_it_lacks_is_not_taken) {
  const Account a = given({eco});
  EXPECT_TRUE(decide(a, {{"LIA-WATER"}, {"LIA-ECO"}}));
  EXPECT_EQ(decide(a, {{"LIA-ECO"}, {}}).error().code, "account.no_change");
  EXPECT_EQ(decide(a, {{}, {}}).error().code, "account.no_change");
  EXPECT_EQ(decide(a, {{"LIA-ECO"}, {"LIA-ECO"}}).error().code, "account.no_change");
  const auto lacking = decide(a, {{"LIA-ROAD"}, {"LIA-WATER"}});
  ASSERT_FALSE(lacking);
  EXPECT_EQ(lacking.error(), (Refusal{"account.post_not_held", "post"}));
}

}  // namespace
}  // namespace tocsin::account
