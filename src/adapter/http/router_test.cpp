#include "adapter/http/router.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "adapter/http/test_server.h"

namespace tocsin::http {
namespace {

using access::Access;

/// Answers with its own name and what it was given.
Handler echo(std::string name) {
  return [name](Request request) -> asio::awaitable<Response> {
    std::string text = name;
    for (const auto& [key, value] : request.params) text += " " + key + "=" + value;
    co_return text_response(text);
  };
}

struct Table {
  test::OpenGate gate;
  Router router{gate};
  Table() {
    router.get("/api/v1/warnings", {.access = Access::open, .summary = "list"}, echo("list"));
    router.get("/api/v1/warnings/{id}", {.access = Access::open, .summary = "one"}, echo("one"));
    router.get("/api/v1/warnings/today", {.access = Access::open, .summary = "t"}, echo("today"));
    router.get("/public/cap/{id}.xml", {.access = Access::open, .summary = "c"}, echo("cap"));
    router.post("/api/v1/warnings", {.access = Access::issue, .summary = "new"}, echo("new"));
    router.post(
        "/api/v1/calls/{id}",
        {.access = Access::answer,
         .summary = "a call",
         .areas = [](const Request& r) -> asio::awaitable<Result<std::vector<std::string>>> {
           if (r.param("id") == "none") co_return fail("call.not_found", "id");
           co_return std::vector<std::string>{r.param("id")};
         }},
        echo("call"));
  }
  Response ask(Method method, std::string path, std::string who = {}) {
    Request request;
    request.method = method;
    request.path = std::move(path);
    if (!who.empty()) request.headers.emplace_back("authorization", who);
    return test::run(dispatch(router, std::move(request)));
  }
};

std::string code_of(const Response& response) {
  return std::string(boost::json::parse(response.body).at("code").as_string());
}

}  // namespace

TEST(http_router, finds_routes_and_decodes_their_parameters) {
  Table table;
  EXPECT_EQ(table.ask(Method::get, "/api/v1/warnings").body, "list");
  EXPECT_EQ(table.ask(Method::get, "/api/v1/warnings/w%2F1").body, "one id=w/1");
  EXPECT_EQ(table.ask(Method::get, "/api/v1/warnings/today").body, "today");
  EXPECT_EQ(table.ask(Method::get, "/public/cap/7.xml").body, "cap id=7");
  EXPECT_EQ(table.ask(Method::get, "/public/cap/.xml").status, 404);
  EXPECT_EQ(table.ask(Method::get, "/api/v1/warnings/%zz").status, 400);
  EXPECT_EQ(code_of(table.ask(Method::get, "/api/v1/warnings/")), "http.not_found");
}

TEST(http_router, a_wrong_method_names_the_right_ones) {
  Table table;
  const Response response = table.ask(Method::del, "/api/v1/warnings");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(find(response.headers, "Allow"), "GET, POST");
}

TEST(http_router, the_gate_is_asked_before_the_handler_and_again_for_the_rows) {
  Table table;
  EXPECT_EQ(table.ask(Method::post, "/api/v1/warnings").status, 401);
  EXPECT_EQ(table.ask(Method::post, "/api/v1/warnings", "me").body, "new");
  EXPECT_EQ(table.ask(Method::post, "/api/v1/calls/331126", "me").body, "call id=331126");
  EXPECT_EQ(code_of(table.ask(Method::post, "/api/v1/calls/99", "me")), "access.other_area");
  const Response none = table.ask(Method::post, "/api/v1/calls/none", "me");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(code_of(none), "call.not_found");
}

TEST(http_router, a_body_above_the_routes_limit_is_413) {
  Table table;
  Request request;
  request.method = Method::post;
  request.path = "/api/v1/warnings";
  request.headers.emplace_back("authorization", "me");
  request.body.assign(body_max_default + 1, 'x');
  EXPECT_EQ(test::run(dispatch(table.router, std::move(request))).status, 413);
}

TEST(http_router, only_gets_outside_the_api_fall_back) {
  Table table;
  EXPECT_EQ(table.ask(Method::get, "/desk").status, 404);
  table.router.fallback(echo("file"));
  EXPECT_EQ(table.ask(Method::get, "/desk/a%20b").body, "file");
  EXPECT_EQ(table.ask(Method::get, "/api/v2/x").status, 404);
  EXPECT_EQ(table.ask(Method::post, "/desk").status, 404);
}

TEST(http_router, a_handler_that_throws_is_a_500_and_says_nothing_of_its_insides) {
  Table table;
  table.router.get("/boom", {.access = Access::open, .summary = "b"},
                   [](Request) -> asio::awaitable<Response> {
                     throw std::runtime_error("secret path");
                     co_return Response{};
                   });
  const Response response = table.ask(Method::get, "/boom");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST(http_router_death, twins_are_a_broken_invariant) {
  Table table;
  EXPECT_DEATH(table.router.get("/api/v1/warnings/{other}",
                                {.access = Access::open, .summary = "twin"}, echo("twin")),
               "broken invariant");
}

}  // namespace tocsin::http
