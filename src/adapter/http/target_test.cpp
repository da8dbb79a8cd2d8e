#include "adapter/http/target.h"

#include <gtest/gtest.h>

namespace tocsin::http {

TEST(http_target, decodes_and_names_the_byte_that_is_wrong) {
  EXPECT_EQ(percent_decode("%E5%BA%86%20a+b", false).value(), "庆 a+b");
  EXPECT_EQ(percent_decode("a+b", true).value(), "a b");
  EXPECT_EQ(percent_decode("ab%4", false).error().field, "byte 2");
  EXPECT_EQ(percent_decode("%zz", false).error().code, "http.bad_target");
  EXPECT_EQ(percent_decode("a%00", false).error().field, "byte 1");
  EXPECT_EQ(percent_decode("%C0%80", false).error().detail, "not UTF-8");
  EXPECT_FALSE(percent_decode("a%0Ab", false));
  EXPECT_EQ(percent_decode("a%0Ab", true, "form.bad", 0, true).value(), "a\nb");
}

TEST(http_target, pairs_keep_their_order_and_know_empty_values) {
  const Pairs want{{"a", "1"}, {"b", ""}, {"c", ""}, {"a", "x=y"}};
  EXPECT_EQ(parse_pairs("a=1&b=&c&&a=x=y").value(), want);
  EXPECT_TRUE(parse_pairs("").value().empty());
  EXPECT_EQ(parse_pairs("ok=1&bad=%", "form.bad", 10).error(),
            (Error{"form.bad", "byte 19", "a % without two hex digits"}));
  std::string many;
  for (int i = 0; i < 101; ++i) many += "a=1&";
  EXPECT_EQ(parse_pairs(many).error().field, "byte 400");
}

TEST(http_target, only_origin_form_is_taken) {
  const auto target = split_target("/a/b?x=1#frag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b");
  EXPECT_EQ(target->query, "x=1");
  EXPECT_EQ(split_target("/").value().query, "");
  for (const char* bad : {"", "*", "http://x/", "/a b", "/a\x01"})
    EXPECT_FALSE(split_target(bad)) << bad;
  EXPECT_FALSE(split_target("/" + std::string(8192, 'a')));
}

TEST(http_target, cookies_are_found_whole_names_only) {
  EXPECT_EQ(cookie_of("a=1; tocsin=abc; b=2", "tocsin"), "abc");
  EXPECT_EQ(cookie_of("xtocsin=no; tocsin=\"q\"", "tocsin"), "q");
  EXPECT_EQ(cookie_of("tocsin", "tocsin"), "");
  EXPECT_EQ(cookie_of("tocsinx=1", "tocsin"), "");
  EXPECT_EQ(cookie_of("", "tocsin"), "");
  EXPECT_EQ(cookie_of(";;  ;tocsin=1;tocsin=2", "tocsin"), "1");
}

}  // namespace tocsin::http
