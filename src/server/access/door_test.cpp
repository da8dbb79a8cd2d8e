#include "server/access/door.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "server/access/test_house.h"

namespace tocsin::server {
namespace {

using test::House;
using test::Method;
using test::Response;
using test::Role;

boost::json::value body_of(const Response& response) { return boost::json::parse(response.body); }
std::string code_of(const Response& response) {
  return std::string(body_of(response).at("code").as_string());
}
std::string cookies_of(const Response& response) {
  std::string out;
  for (const auto& [name, value] : response.headers)
    if (name == "Set-Cookie") out += (out.empty() ? "" : "; ") + value.substr(0, value.find(';'));
  return out;
}

}  // namespace

TEST(access_door, a_login_opens_a_session_to_the_post) {
  House house;
  const Response response = house.log_in("zhou", "correct horse 7");
  ASSERT_EQ(response.status, 200);
  const auto body = body_of(response);
  EXPECT_EQ(body.at("post"), "post-zhou");
  EXPECT_EQ(body.at("role"), "duty_officer");
  EXPECT_EQ(body.at("area").at("code"), "331126");
  EXPECT_EQ(body.at("idle_s"), 1800);
  EXPECT_EQ(body.at("exercise"), true);
  EXPECT_NE(http::find(response.headers, "Set-Cookie").find("HttpOnly; SameSite=Strict"),
            std::string_view::npos);
  EXPECT_EQ(house.audit.last().kind, "login");
  EXPECT_EQ(house.audit.last().post, "post-zhou");

  const http::Pairs cookie{{"cookie", cookies_of(response)}};
  EXPECT_EQ(body_of(house.ask(Method::get, "/api/v1/session", {}, cookie)).at("login"), "zhou");
  const http::Pairs both{cookie[0], {"x-csrf-token", std::string(body.at("csrf").as_string())}};
  EXPECT_EQ(house.ask(Method::del, "/api/v1/session", {}, both).status, 200);
  EXPECT_EQ(house.audit.last().kind, "logout");
  EXPECT_EQ(house.ask(Method::get, "/api/v1/session", {}, cookie).status, 401);
}

TEST(access_door, a_wrong_password_an_unknown_and_a_disabled_login_look_the_same) {
  House house;
  house.book.accounts["wu"].disabled = true;
  const Response wrong = house.log_in("zhou", "wrong"), unknown = house.log_in("nobody", "wrong"),
                 disabled = house.log_in("wu", "correct horse 7");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.body, disabled.body);
  EXPECT_EQ(house.audit.entries.size(), 3u);
  EXPECT_EQ(house.audit.last().kind, "login_refused");
  EXPECT_EQ(house.audit.last().login, "wu");
}

TEST(access_door, several_posts_must_be_chosen_from) {
  House house;
  auto& posts = house.book.accounts["zhou"].posts;
  posts.push_back({"leader", "带班领导", Role::leader, "331126", "庆元县"});
  const Response choose = house.log_in("zhou", "correct horse 7");
  EXPECT_EQ(choose.status, 409);
  EXPECT_EQ(code_of(choose), "session.choose_post");
  EXPECT_EQ(body_of(choose).at("posts").at(1).at("title"), "带班领导");
  const auto with_post = [&](const std::string& post) {
    return house.ask(Method::post, "/api/v1/session",
                     R"({"login":"zhou","password":"correct horse 7","post":")" + post + "\"}");
  };
  EXPECT_EQ(body_of(with_post("leader")).at("role"), "leader");
  EXPECT_EQ(code_of(with_post("mayor")), "access.post_not_held");
  EXPECT_EQ(code_of(with_post("")), "access.post_not_held") << "no operator";
  posts.clear();
  EXPECT_EQ(code_of(house.log_in("zhou", "correct horse 7")), "access.no_post");
}

TEST(access_door, guessing_is_slowed_at_its_source_and_the_officer_still_gets_in) {
  House house;
  const Response known = house.log_in("zhou", "correct horse 7");
  house.address = "203.0.113.9";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(house.log_in("zhou", "guess").status, 401);
  const Response slowed = house.log_in("zhou", "correct horse 7");
  EXPECT_EQ(slowed.status, 429);
  EXPECT_EQ(http::find(slowed.headers, "Retry-After"), "1");
  EXPECT_EQ(house.audit.last().code, "access.throttled");
  // The same address, but the browser that was in before.
  EXPECT_EQ(house.log_in("zhou", "correct horse 7", {{"cookie", cookies_of(known)}}).status, 200);
  house.address = "192.0.2.8";
  EXPECT_EQ(house.log_in("zhou", "correct horse 7").status, 200);
}

TEST(access_door, bodies_name_the_bad_field) {
  House house;
  const auto post = [&](std::string body) {
    return body_of(house.ask(Method::post, "/api/v1/session", std::move(body)));
  };
  EXPECT_EQ(post(R"({"login":"zhou"})").at("field"), "password");
  EXPECT_EQ(post(R"({"login":7,"password":"x"})").at("field"), "login");
  EXPECT_EQ(post(R"({"login")").at("code"), "json.bad");
  EXPECT_EQ(post("[]").at("code"), "json.not_object");
}

TEST(access_door, a_break_glass_code_works_once_and_is_loud) {
  House house;
  house.book.accounts["zhou"].break_glass = {printed_code_hash("K7QM-2XPD-9RTA-5WEH")};
  const auto enter = [&](const std::string& code) {
    return house.ask(Method::post, "/api/v1/session/break-glass",
                     R"({"login":"zhou","code":")" + code + R"(","reason":"系统故障"})");
  };
  EXPECT_EQ(code_of(enter("AAAA-AAAA-AAAA-AAAA")), "access.bad_code");
  EXPECT_EQ(house.audit.last().kind, "break_glass_refused");
  const Response in = enter("k7qm 2xpd 9rta 5weh");
  ASSERT_EQ(in.status, 200);
  EXPECT_EQ(body_of(in).at("break_glass"), true);
  EXPECT_EQ(house.audit.last().kind, "break_glass");
  EXPECT_EQ(house.audit.last().what, "系统故障");
  EXPECT_EQ(code_of(enter("K7QM-2XPD-9RTA-5WEH")), "access.bad_code");
}

TEST(access_door, an_operator_who_also_holds_a_post_chooses_the_operators_seat_by_its_empty_name) {
  House house;
  Account& zhou = house.book.accounts["zhou"];
  zhou.posts.push_back({"", "系统管理员", Role::operator_, "331126", "庆元县"});
  zhou.break_glass = {printed_code_hash("K7QM-2XPD-9RTA-5WEH"),
                      printed_code_hash("ABCD-2XPD-9RTA-5WEH")};
  const auto ask = [&](const std::string& where, const std::string& members) {
    return house.ask(Method::post, "/api/v1/session" + where, R"({"login":"zhou",)" + members);
  };
  const std::string password = R"("password":"correct horse 7")",
                    glass = R"("code":"K7QM-2XPD-9RTA-5WEH","reason":"系统故障")",
                    second = R"("code":"ABCD-2XPD-9RTA-5WEH","reason":"系统故障")";
  EXPECT_EQ(code_of(ask("", password + "}")), "session.choose_post");
  EXPECT_EQ(body_of(ask("", password + R"(,"post":""})")).at("role"), "operator");
  EXPECT_EQ(body_of(ask("", password + R"(,"post":"post-zhou"})")).at("role"), "duty_officer");

  const Response choose = ask("/break-glass", glass + "}");
  EXPECT_EQ(code_of(choose), "session.choose_post");
  EXPECT_EQ(body_of(choose).at("posts").at(1).at("post"), "");
  EXPECT_EQ(code_of(ask("/break-glass", glass + R"(,"post":"mayor"})")), "access.post_not_held");
  EXPECT_EQ(house.audit.last().kind, "break_glass_refused");
  EXPECT_EQ(body_of(ask("/break-glass", glass + R"(,"post":""})")).at("role"), "operator")
      << "the code was not used up by asking which";
  EXPECT_EQ(body_of(ask("/break-glass", second + R"(,"post":"post-zhou"})")).at("role"),
            "duty_officer");
}

TEST(access_door, break_glass_waits_for_the_audit_lane_and_a_password_does_not) {
  House house;
  house.book.accounts["zhou"].break_glass = {printed_code_hash("K7QM-2XPD-9RTA-5WEH")};
  house.audit.full = true;
  EXPECT_EQ(house.log_in("zhou", "correct horse 7").status, 200);
  const Response in =
      house.ask(Method::post, "/api/v1/session/break-glass",
                R"({"login":"zhou","code":"K7QM-2XPD-9RTA-5WEH","reason":"系统故障"})");
  EXPECT_EQ(in.status, 503);
  EXPECT_EQ(code_of(in), "store.disk_full");
}

TEST(access_door, the_first_operator_is_made_once_with_the_printed_token) {
  House house;
  const auto set_up = [&](const std::string& token, const std::string& password) {
    return house.ask(Method::post, "/api/v1/setup",
                     R"({"token":")" + token + R"(","login":"op","password":")" + password + "\"}");
  };
  EXPECT_EQ(code_of(set_up("SET1-TOKE-NNNN-0001", "long enough 1")), "access.setup_done");
  house.book.accounts.clear();
  EXPECT_EQ(body_of(house.ask(Method::get, "/api/v1/setup")).at("needed"), true);
  EXPECT_EQ(code_of(set_up("SET1-TOKE-NNNN-0002", "long enough 1")), "access.bad_setup_token");
  EXPECT_EQ(code_of(set_up("SET1-TOKE-NNNN-0001", "short")), "access.weak_password");
  EXPECT_EQ(set_up("set1 toke nnnn 0001", "long enough 1").status, 201);
  EXPECT_EQ(house.audit.last().kind, "setup");
  EXPECT_EQ(house.log_in("op", "long enough 1").status, 200);
  EXPECT_EQ(code_of(set_up("SET1-TOKE-NNNN-0001", "long enough 1")), "access.setup_done");
}

TEST(access_door, changing_the_password_ends_the_other_sessions) {
  House house;
  const http::Pairs here = house.session_of("zhou"), there = house.session_of("zhou");
  const auto change = [&](const std::string& old) {
    return house.ask(Method::post, "/api/v1/session/password",
                     R"({"old":")" + old + R"(","new":"new horse 2026"})", here);
  };
  const Response wrong = change("wrong");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(body_of(wrong).at("field"), "old");
  EXPECT_EQ(change("correct horse 7").status, 200);
  EXPECT_EQ(house.ask(Method::get, "/api/v1/session", {}, here).status, 200);
  EXPECT_EQ(house.ask(Method::get, "/api/v1/session", {}, there).status, 401);
  EXPECT_EQ(house.log_in("zhou", "new horse 2026").status, 200);
}

TEST(access_hasher, a_full_queue_says_so_and_keeps_places_for_known_browsers) {
  http::test::Loop loop;
  Hasher hasher({.passes = 1, .memory_bytes = 8192, .queue_max = 0, .queue_max_known = 1});
  const std::string stored = hash_password("right", test::quick_hash);
  EXPECT_EQ(loop.run(hasher.verify(stored, "right", false)).error().code, "access.busy");
  EXPECT_EQ(loop.run(hasher.verify(stored, "right", true)).value(), true);
  EXPECT_EQ(loop.run(hasher.verify(stored, "wrong", true)).value(), false);
  EXPECT_EQ(loop.run(hasher.verify("", "nobody", true)).value(), false);
}

TEST(access_hasher, weak_passwords_are_named) {
  EXPECT_TRUE(check_password("十个汉字也是十个字符", "zhou"));
  EXPECT_EQ(check_password("short", "zhou").error().field, "password");
  EXPECT_FALSE(check_password("zhouzhouzhou", "zhouzhouzhou"));
  EXPECT_FALSE(check_password("aaaaaaaaaaaa", "zhou"));
  EXPECT_FALSE(check_password(std::string(201, 'a') + "b", "zhou"));
}

}  // namespace tocsin::server
