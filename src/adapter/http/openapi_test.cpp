#include "adapter/http/openapi.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "adapter/http/test_server.h"

namespace tocsin::http {
namespace {

using access::Access;

asio::awaitable<Response> nothing(Request) { co_return Response{}; }

struct Table {
  test::OpenGate gate;
  Router router{gate};
  Table() {
    router.schema("Receipt", R"({"type":"object","required":["log","seq"]})");
    router.get("/public/feed.atom",
               {.access = Access::open, .summary = "feed", .answer_type = "application/atom+xml"},
               nothing);
    router.post("/api/v1/calls/{id}/answer",
                {.access = Access::answer,
                 .summary = "he answered",
                 .tag = "calls",
                 .body = R"({"type":"object","properties":{"rung":{"type":"integer"}}})",
                 .answer = "#Receipt",
                 .status = 202,
                 .command = true},
                nothing);
    router.post("/api/v1/readings",
                {.access = Access::ingest,
                 .summary = "readings",
                 .query = {{"dry_run", "only look", R"({"type":"boolean"})", true}},
                 .body = "{}",
                 .body_type = "application/json, text/csv"},
                nothing);
    add_openapi_route(router, "Tocsin", "1.2.3");
  }
};

}  // namespace

TEST(http_openapi, describes_exactly_the_routes_the_router_dispatches) {
  Table table;
  Request request;
  request.path = "/api/v1/openapi.json";
  const Response response = test::run(dispatch(table.router, std::move(request)));
  const auto document = boost::json::parse(*response.shared_body);
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  std::set<std::string> described, registered;
  for (const auto& [path, item] : document.at("paths").as_object())
    for (const auto& [method, operation] : item.as_object())
      described.insert(std::string(method) + " " + std::string(path) + " " +
                       std::string(operation.at("x-access").as_string()));
  for (const auto& route : table.router.routes()) {
    std::string method(name_of(route->method));
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    registered.insert(method + " " + route->pattern + " " +
                      std::string(access::name_of(route->info.access)));
  }
  EXPECT_EQ(described, registered);
  EXPECT_TRUE(described.contains("get /api/v1/openapi.json open"));
}

TEST(http_openapi, an_operation_tells_parameters_body_answers_and_who_may) {
  Table table;
  const auto document = boost::json::value(openapi(table.router, "Tocsin", "1"));
  const auto& call = document.at("paths").at("/api/v1/calls/{id}/answer").at("post");
  EXPECT_EQ(call.at("parameters").at(0).at("name"), "id");
  EXPECT_EQ(call.at("parameters").at(1).at("name"), "Command-Id");
  EXPECT_EQ(call.at_pointer("/responses/202/content/application~1json/schema/$ref"),
            "#/components/schemas/Receipt");
  EXPECT_EQ(call.at_pointer("/responses/409/content/application~1problem+json/schema/$ref"),
            "#/components/schemas/Problem");
  EXPECT_TRUE(call.at("security").at(0).as_object().contains("session"));
  const auto& readings = document.at("paths").at("/api/v1/readings").at("post");
  EXPECT_TRUE(readings.at_pointer("/requestBody/content").as_object().contains("text/csv"));
  EXPECT_EQ(readings.at_pointer("/parameters/0/required"), true);
  const auto& feed = document.at("paths").at("/public/feed.atom").at("get");
  EXPECT_TRUE(feed.at("security").as_array().empty());
  EXPECT_FALSE(feed.at("responses").as_object().contains("401"));
}

TEST(http_openapi, the_link_listeners_routes_stand_beside_and_say_so) {
  Table table;
  Router links(table.gate);
  links.get("/l/{token}", {.access = Access::link, .summary = "page"}, nothing);
  const auto document = boost::json::value(openapi(table.router, "Tocsin", "1", &links));
  const auto& page = document.at("paths").at("/l/{token}").at("get");
  EXPECT_EQ(page.at("x-access"), "link");
  EXPECT_EQ(page.at("x-listener"), "link");
  EXPECT_FALSE(
      document.at("paths").at("/api/v1/readings").at("post").as_object().contains("x-listener"));
}

TEST(http_openapi_death, a_schema_nobody_named_is_a_broken_invariant) {
  Table table;
  table.router.get("/x", {.access = Access::open, .summary = "x", .answer = "#Missing"}, nothing);
  EXPECT_DEATH(openapi(table.router, "t", "1"), "broken invariant");
}

}  // namespace tocsin::http
