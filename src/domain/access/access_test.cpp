#include "domain/access/access.h"

#include <gtest/gtest.h>

namespace tocsin::access {

TEST(access, every_name_reads_back) {
  for (std::uint8_t i = 0; i < role_count; ++i)
    EXPECT_EQ(parse_role(name_of(static_cast<Role>(i))), static_cast<Role>(i));
  for (std::uint8_t i = 0; i < access_count; ++i)
    EXPECT_EQ(parse_access(name_of(static_cast<Access>(i))), static_cast<Access>(i));
  EXPECT_FALSE(parse_role("operator_"));
  EXPECT_FALSE(parse_access(""));
}

TEST(access, roles_open_what_the_page_on_http_says) {
  using enum Access;
  for (const Role role : {Role::duty_officer, Role::leader, Role::township_officer})
    EXPECT_TRUE(rights(role).has(answer)) << name_of(role);
  for (const Role role : {Role::liaison, Role::village_head, Role::operator_, Role::auditor})
    EXPECT_FALSE(rights(role).has(answer)) << name_of(role);
  EXPECT_TRUE(rights(Role::operator_).has(operate));
  EXPECT_TRUE(rights(Role::operator_).has(audit));
  EXPECT_TRUE(rights(Role::auditor).has(audit));
  for (const Role role : {Role::duty_officer, Role::leader, Role::liaison, Role::auditor})
    EXPECT_FALSE(rights(role).has(operate)) << name_of(role);
  EXPECT_FALSE(rights(Role::auditor).has(issue));
  EXPECT_FALSE(rights(Role::township_officer).has(issue));
}

TEST(access, no_role_opens_link_or_local) {
  for (std::uint8_t i = 0; i < role_count; ++i) {
    const Rights r = rights(static_cast<Role>(i));
    EXPECT_FALSE(r.has(Access::link));
    EXPECT_FALSE(r.has(Access::local));
    EXPECT_TRUE(r.has(Access::session));
  }
}

TEST(access, names_come_in_the_order_of_the_classes) {
  const std::vector<std::string_view> want{"session", "read", "answer"};
  EXPECT_EQ(rights(Role::township_officer).names(), want);
}

TEST(access, codes_are_cut_at_their_level) {
  EXPECT_EQ(significant("331126"), "331126");
  EXPECT_EQ(significant("331126000000"), "331126");
  EXPECT_EQ(significant("331126100000"), "331126100");
  EXPECT_EQ(significant("331126100"), "331126100");
  EXPECT_EQ(significant("331126100201"), "331126100201");
  EXPECT_EQ(significant("330000"), "33");
  EXPECT_EQ(significant("331100"), "3311");
  for (const char* bad :
       {"", "3", "33112", "3311261", "33112610020", "331126x", "3311261002011", "000000"})
    EXPECT_EQ(significant(bad), "") << bad;
}

TEST(access, a_post_covers_what_lies_under_it) {
  EXPECT_TRUE(covers("331126", "331126100201"));
  EXPECT_TRUE(covers("331126000000", "331126"));
  EXPECT_TRUE(covers("331126100", "331126100000"));
  EXPECT_FALSE(covers("331126100", "331126101"));
  EXPECT_FALSE(covers("331126100", "331126"));
  EXPECT_FALSE(covers("331126", "330329"));
  EXPECT_FALSE(covers("", "331126"));
  EXPECT_FALSE(covers("331126", ""));
  EXPECT_FALSE(covers("", ""));
}

TEST(access, a_township_reads_what_stands_over_the_county_but_not_over_its_neighbour) {
  const std::vector<std::string> county{"331126"}, neighbour{"331126101"},
      both{"331126101", "331126100201"};
  EXPECT_TRUE(concerns("331126100", county));
  EXPECT_FALSE(concerns("331126100", neighbour));
  EXPECT_TRUE(concerns("331126100", both));
  EXPECT_TRUE(concerns("331126100", {}));
  EXPECT_FALSE(concerns("", county));
}

}  // namespace tocsin::access
