#include "server/access/gate.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "server/access/test_house.h"

namespace tocsin::server {
namespace {

using test::Access;
using test::House;
using test::Method;
using test::Response;

std::string code_of(const Response& response) {
  if (response.status < 400) return "";
  return std::string(boost::json::parse(response.body).at("code").as_string());
}

/// A route of every class, the rows of "{area}" behind it.
struct Classes : House {
  Classes() {
    for (std::uint8_t i = 0; i < access::access_count; ++i) {
      const auto access = static_cast<Access>(i);
      const std::string path = "/api/v1/try/" + std::string(access::name_of(access)) + "/{area}";
      const auto areas =
          [](const http::Request& r) -> asio::awaitable<Result<std::vector<std::string>>> {
        co_return std::vector<std::string>{r.param("area")};
      };
      const auto handler = [](http::Request) -> asio::awaitable<Response> {
        co_return http::text_response("in");
      };
      http::RouteInfo info{.access = access, .summary = "try"};
      if (access != Access::open && access != Access::local && access != Access::ingest)
        info.areas = areas;
      router.post(path, info, handler);
      router.get(path, info, handler);
    }
  }
  std::string try_class(std::string_view access, const http::Pairs& who,
                        std::string area = "331126100", Method method = Method::post) {
    return code_of(ask(method, "/api/v1/try/" + std::string(access) + "/" + area, {}, who));
  }
};

const http::Pairs nobody{};

}  // namespace

TEST(access_gate, no_session_is_refused_everywhere_and_told_to_the_audit_lane) {
  Classes house;
  for (const char* access : {"session", "read", "answer", "issue", "operate", "audit", "ingest"}) {
    EXPECT_EQ(house.try_class(access, nobody), "access.no_session") << access;
    EXPECT_EQ(house.audit.last().kind, "refused");
    EXPECT_EQ(house.audit.last().code, "access.no_session");
    EXPECT_EQ(house.audit.last().what, "POST /api/v1/try/" + std::string(access) + "/331126100");
    EXPECT_EQ(house.audit.last().source, "192.0.2.7");
  }
  EXPECT_EQ(house.try_class("open", nobody), "");
}

TEST(access_gate, the_wrong_role_is_refused_and_the_right_one_is_not) {
  Classes house;
  struct Case {
    const char* access;
    const char* may;
    const char* may_not;
  };
  for (const Case& c : {Case{"answer", "zhou", "qian"}, Case{"answer", "wu", "sun"},
                        Case{"issue", "zhou", "wu"}, Case{"operate", "chen", "zhou"},
                        Case{"audit", "sun", "zhou"}, Case{"ingest", "chen", "wu"}}) {
    EXPECT_EQ(house.try_class(c.access, house.session_of(c.may)), "") << c.access << c.may;
    EXPECT_EQ(house.try_class(c.access, house.session_of(c.may_not)), "access.no_right")
        << c.access << c.may_not;
    EXPECT_EQ(house.audit.last().login, c.may_not);
    EXPECT_EQ(house.audit.last().post, "post-" + std::string(c.may_not));
  }
}

TEST(access_gate, another_townships_account_is_refused) {
  Classes house;
  EXPECT_EQ(house.try_class("answer", house.session_of("wu")), "");
  EXPECT_EQ(house.try_class("answer", house.session_of("li")), "access.other_area");
  EXPECT_EQ(house.audit.last().code, "access.other_area");
  EXPECT_EQ(house.try_class("read", house.session_of("li"), "331126100", Method::get),
            "access.other_area");
  // A township reads what stands over the whole county, and decides nothing about it.
  EXPECT_EQ(house.try_class("read", house.session_of("li"), "331126", Method::get), "");
  EXPECT_EQ(house.try_class("answer", house.session_of("li"), "331126"), "access.other_area");
}

TEST(access_gate, a_write_without_the_csrf_token_of_its_session_is_refused) {
  Classes house;
  http::Pairs who = house.session_of("zhou");
  const http::Pairs other = house.session_of("zhou");
  EXPECT_EQ(house.try_class("answer", who), "");
  who[1].second = other[1].second;
  EXPECT_EQ(house.try_class("answer", who), "access.csrf");
  EXPECT_EQ(house.audit.last().code, "access.csrf");
  who.pop_back();
  EXPECT_EQ(house.try_class("answer", who), "access.csrf");
  EXPECT_EQ(house.try_class("answer", who, "331126100", Method::get), "");
}

TEST(access_gate, another_site_cannot_write_not_even_where_all_may) {
  Classes house;
  EXPECT_EQ(house.try_class("open", {{"sec-fetch-site", "cross-site"}}), "access.cross_site");
  EXPECT_EQ(house.try_class("open", {{"origin", "https://evil.example"}, {"host", "desk:8600"}}),
            "access.cross_site");
  EXPECT_EQ(house.try_class("open", {{"origin", "http://desk:8600"}, {"host", "desk:8600"}}), "");
  EXPECT_EQ(house.try_class("open", {{"sec-fetch-site", "same-origin"}}), "");
}

TEST(access_gate, a_stolen_link_opens_nothing_here) {
  Classes house;
  const std::string token(56, 'A');
  EXPECT_EQ(house.try_class("link", {{"cookie", "tocsin=" + token}}), "access.no_right");
  EXPECT_EQ(house.audit.last().code, "access.no_right");
  for (const char* access : {"session", "read", "answer", "operate", "audit"})
    EXPECT_EQ(house.try_class(access, {{"cookie", "tocsin=" + token}}), "access.no_session");
  EXPECT_EQ(house.try_class("ingest", {{"authorization", "Bearer " + token}}), "access.bad_key");
}

TEST(access_gate, local_means_this_machine) {
  Classes house;
  const http::Pairs here{{"host", "127.0.0.1:8600"}};
  EXPECT_EQ(house.try_class("local", here), "access.not_local");
  EXPECT_EQ(house.try_class("local", house.session_of("chen")), "access.not_local");
  house.address = "127.0.0.1";
  EXPECT_EQ(house.try_class("local", here), "");
  EXPECT_EQ(house.try_class("local", {{"host", "localhost"}}), "");
  EXPECT_EQ(house.try_class("local", {{"host", "[::1]:8600"}}), "");
  for (const char* elsewhere : {"evil.example", "127.evil.example:8600", "localhost.evil.example"})
    EXPECT_EQ(house.try_class("local", {{"host", elsewhere}}), "access.not_local") << elsewhere;
}

TEST(access_gate, an_ingest_key_opens_ingest_and_nothing_else) {
  Classes house;
  house.book.keys[token_hash("key-1")] = {"gauge-net", "331126"};
  const http::Pairs who{{"authorization", "Bearer key-1"}};
  EXPECT_EQ(house.try_class("ingest", who), "");
  EXPECT_EQ(house.try_class("answer", who), "access.no_session");
  EXPECT_EQ(house.try_class("ingest", {{"authorization", "Basic key-1"}}), "access.bad_key");
}

TEST(access_gate, knocking_does_not_fill_the_log) {
  Classes house;
  for (int i = 0; i < 500; ++i) house.try_class("answer", nobody, std::to_string(331126100 + i));
  EXPECT_EQ(house.audit.entries.size(), 1u);
  house.clock.advance(Refusals::quiet);
  house.try_class("answer", nobody);
  ASSERT_EQ(house.audit.entries.size(), 2u);
  EXPECT_EQ(house.audit.last().repeats, 500);
}

TEST(access_gate, a_browser_that_asks_who_it_is_has_been_refused_nothing) {
  House house;
  EXPECT_EQ(house.ask(Method::get, "/api/v1/session").status, 401);
  EXPECT_TRUE(house.audit.entries.empty());
  house.ask(Method::get, "/api/v1/session", {}, {{"cookie", "tocsin=guessed"}});
  EXPECT_EQ(house.audit.last().code, "access.no_session");
}

}  // namespace tocsin::server
