#include "domain/person/person.h"

#include <gtest/gtest.h>

#include "domain/person/post.h"
#include "domain/person/role.h"

namespace tocsin::person {
namespace {

Person someone(std::string id, std::string phone, std::string email) {
  return {std::move(id), "吴澄", std::move(phone), std::move(email), ""};
}

TEST(Directory, its_part_reads_back_whole) {
  const auto made =
      Directory::make({someone("p2", "", "a@b.cn"), someone("p1", "13900000101", "")});
  ASSERT_TRUE(made);
  const auto again = Directory::decode(made->encode());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->all(), made->all());
  EXPECT_EQ(again->find("p1")->phone, "13900000101");
  EXPECT_EQ(again->find("p3"), nullptr);
  EXPECT_EQ(made->reach().at("p1"), (Reach{.phone = true, .email = false}));
  EXPECT_EQ(made->reach().at("p2"), (Reach{.phone = false, .email = true}));
}

TEST(Directory, problems_never_tell_a_number_or_an_address) {
  const auto problems =
      Directory::check({someone("p1", "139-0000-0101", ""), someone("p2", "", "secret.name"),
                        someone("", "", ""), someone("p2", "", "")});
  ASSERT_EQ(problems.size(), 4U);
  EXPECT_EQ(problems[0].code, "person.bad_phone");
  EXPECT_EQ(problems[0].detail, "139 **** 0101");
  EXPECT_EQ(problems[1].code, "person.bad_email");
  EXPECT_EQ(problems[1].detail, "***");
  EXPECT_EQ(problems[2].code, "person.bad_id");
  EXPECT_EQ(problems[3].code, "person.duplicate");
}

TEST(Directory, an_address_must_be_one_a_mail_server_takes) {
  const auto good = [](std::string email) {
    return Directory::check({someone("p", "", std::move(email))}).empty();
  };
  EXPECT_TRUE(good("p001@sample.invalid"));
  EXPECT_TRUE(good("a.b+c@qq.com"));
  EXPECT_FALSE(good("a@b@c"));
  EXPECT_FALSE(good("a@"));
  EXPECT_FALSE(good("@b.cn"));
  EXPECT_FALSE(good("a@b.cn\r\nBcc: x@y.cn"));
  EXPECT_FALSE(good("a b@c.cn"));
  EXPECT_FALSE(good("张三@c.cn"));
}

TEST(Phone, is_read_as_people_write_it) {
  EXPECT_EQ(plain_phone("139 0000 0107"), "13900000107");
  EXPECT_EQ(plain_phone("+86 139-0000-0107"), "+8613900000107");
  EXPECT_EQ(plain_phone("(0578) 612-3456"), "05786123456");
  EXPECT_EQ(plain_phone("12"), "");
  EXPECT_EQ(plain_phone("1390000010x"), "");
  EXPECT_EQ(plain_phone("139+0000"), "");
}

TEST(Masking, keeps_just_enough_to_tell_two_apart) {
  EXPECT_EQ(mask_phone("13900000107"), "139 **** 0107");
  EXPECT_EQ(mask_phone("+8613900000107"), "139 **** 0107");
  EXPECT_EQ(mask_phone("05786123456"), "**** 3456");
  EXPECT_EQ(mask_phone("119"), "****");
  EXPECT_EQ(mask_phone("no number"), "****");
  EXPECT_EQ(mask_phone(""), "");
  EXPECT_EQ(mask_email("p001@sample.invalid"), "p***@sample.invalid");
  EXPECT_EQ(mask_email("none"), "***");
  EXPECT_EQ(initials("沈一禾"), "沈**");
  EXPECT_EQ(initials("Mary Ann Lee"), "M. A. L.");
  EXPECT_EQ(initials(""), "");
}

Post post(std::string id, std::string person, std::string superior) {
  return {std::move(id),     "责任人", "responsible",      {"331126001", "2022"},
          std::move(person), "",       std::move(superior)};
}

TEST(Posts, a_package_reads_back_and_the_chain_goes_up) {
  const auto made = Posts::make({post("C", "p3", ""), post("A", "p1", "B"), post("B", "p2", "C")});
  ASSERT_TRUE(made);
  EXPECT_EQ(Posts::decode(made->encode())->all(), made->all());
  const auto chain = made->chain("A");
  ASSERT_EQ(chain.size(), 3U);
  EXPECT_EQ(chain[2]->id, "C");
  EXPECT_TRUE(made->chain("X").empty());
}

TEST(Posts, a_hole_is_a_post_nobody_answers_at) {
  Post stands_in = post("D", "", "");
  stands_in.deputy = "p1";
  const auto made =
      Posts::make({post("A", "p1", ""), post("B", "p2", ""), post("C", "p9", ""), stands_in});
  const ReachMap reach{{"p1", {.phone = true, .email = false}}, {"p2", {}}};
  EXPECT_EQ(made->holes(reach), (std::vector<Hole>{{"B", Hole::Why::unreachable},
                                                   {"C", Hole::Why::unreachable},
                                                   {"D", Hole::Why::no_holder}}));
  ASSERT_EQ(made->of_person("p1").size(), 2U);
  EXPECT_TRUE(made->of_person("").empty());
}

TEST(Posts, a_ring_of_superiors_is_told_at_every_post_in_it) {
  const auto problems = Posts::check(
      {post("A", "", "B"), post("B", "", "C"), post("C", "", "A"), post("D", "", "A")});
  ASSERT_EQ(problems.size(), 3U);
  for (const RowProblem& problem : problems) EXPECT_EQ(problem.code, "post.superior_cycle");
  EXPECT_EQ(Posts::check({post("A", "", "A")})[0].code, "post.superior_cycle");
}

TEST(Posts, each_bad_field_is_named) {
  const auto with = [](auto change) {
    Post row = post("A", "p1", "");
    change(row);
    const auto problems = Posts::check({row});
    return problems.empty() ? "none" : problems[0].column + " " + problems[0].code;
  };
  EXPECT_EQ(with([](Post&) {}), "none");
  EXPECT_EQ(with([](Post& p) { p.id = ""; }), "post post.bad_id");
  EXPECT_EQ(with([](Post& p) { p.title = ""; }), "title post.no_title");
  EXPECT_EQ(with([](Post& p) { p.role = "king"; }), "role post.bad_role");
  EXPECT_EQ(with([](Post& p) { p.role = "责任人"; }), "role post.bad_role");
  EXPECT_EQ(with([](Post& p) { p.area.code = "0"; }), "area post.bad_area");
  EXPECT_EQ(with([](Post& p) { p.deputy = "p1"; }), "deputy post.deputy_is_holder");
  EXPECT_EQ(with([](Post& p) { p.person = "p 1"; }), "person post.bad_person");
  EXPECT_EQ(with([](Post& p) { p.superior = "Z"; }), "superior post.superior_unknown");
  EXPECT_EQ(Posts::check({post("A", "", ""), post("A", "", "")})[0].code, "post.duplicate");
}

TEST(Role, is_found_by_word_and_by_title) {
  EXPECT_EQ(find_role("operator")->zh, "系统管理员");
  EXPECT_EQ(find_role("责任人")->name, "responsible");
  EXPECT_EQ(find_role("king"), nullptr);
}

}  // namespace
}  // namespace tocsin::person
