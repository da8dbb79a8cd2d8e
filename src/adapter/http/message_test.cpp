#include "adapter/http/message.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace tocsin::http {
namespace {

Request with_body(std::string type, std::string body) {
  Request request;
  request.headers.emplace_back("content-type", std::move(type));
  request.body = std::move(body);
  return request;
}

}  // namespace

TEST(http_message, problems_follow_rfc_9457) {
  const Response response = problem(Error{"warning.bad_level", "level", "1 to 4"});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(find(response.headers, "Content-Type"), "application/problem+json");
  const auto body = boost::json::parse(response.body);
  EXPECT_EQ(body.at("type"), "about:blank");
  EXPECT_EQ(body.at("title"), "Bad Request");
  EXPECT_EQ(body.at("status"), 400);
  EXPECT_EQ(body.at("code"), "warning.bad_level");
  EXPECT_EQ(body.at("field"), "level");
  EXPECT_EQ(body.at("detail"), "1 to 4");
}

TEST(http_message, the_status_follows_from_the_code) {
  EXPECT_EQ(status_of("store.disk_full"), 503);
  EXPECT_EQ(status_of("warning.not_found"), 404);
  EXPECT_EQ(status_of("call.unknown"), 404);
  EXPECT_EQ(status_of("warning.unknown_area"), 400);
  EXPECT_EQ(status_of("access.no_session"), 401);
  EXPECT_EQ(status_of("access.throttled"), 429);
  EXPECT_EQ(status_of("warning.bad_level"), 400);
  EXPECT_EQ(problem(Refusal{"command.too_large", ""}).status, 413);
  EXPECT_EQ(problem(Refusal{"command.not_readable", "riskpoints"}).status, 409);
  EXPECT_EQ(problem(Refusal{"warning.not_in_force", ""}).status, 409);
  EXPECT_EQ(problem(Refusal{"access.no_right", ""}).status, 403);
}

TEST(http_message, json_bodies_name_the_byte) {
  EXPECT_TRUE(with_body("application/json; charset=utf-8", R"({"a":1})").json());
  EXPECT_EQ(with_body("text/plain", "{}").json().error().code, "http.content_type");
  EXPECT_EQ(with_body("application/json", "[1]").json().error().code, "json.not_object");
  const auto bad = with_body("application/json", R"({"a":})").json();
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, "json.bad");
  EXPECT_TRUE(bad.error().field.starts_with("byte "));
  EXPECT_FALSE(with_body("application/json", "").json());
}

TEST(http_message, forms_keep_newlines_and_name_the_byte) {
  const std::string type = "application/x-www-form-urlencoded";
  const auto form = with_body(type, "a=done&why=%E5%A1%8C%0D%0A%E6%96%B9").form();
  ASSERT_TRUE(form);
  EXPECT_EQ(find(*form, "why"), "塌\r\n方");
  EXPECT_EQ(with_body(type, "a=%g1").form().error(),
            (Error{"form.bad", "byte 2", "a % without two hex digits"}));
  EXPECT_EQ(with_body("application/json", "a=1").form().error().code, "http.content_type");
}

TEST(http_message, command_ids_are_uuids_in_lower_case) {
  Request request;
  EXPECT_EQ(request.command_id().error().code, "command.id_missing");
  request.headers.emplace_back("command-id", "0192F0C4-7B1A-7000-8000-0123456789ab");
  EXPECT_EQ(request.command_id().value(), "0192f0c4-7b1a-7000-8000-0123456789ab");
  request.headers[0].second = "0192F0C4-7B1A-7000-8000-0123456789ag";
  EXPECT_EQ(request.command_id().error().code, "command.id_bad");
}

TEST(http_message, numbers_in_the_query_have_bounds) {
  Request request;
  request.query = {{"limit", "50"}, {"big", "501"}, {"word", "5x"}, {"none", ""}};
  EXPECT_EQ(request.query_number("limit", 100, 1, 500).value(), 50);
  EXPECT_EQ(request.query_number("absent", 100, 1, 500).value(), 100);
  for (const char* name : {"big", "word", "none"})
    EXPECT_EQ(request.query_number(name, 100, 1, 500).error().field, name);
}

}  // namespace tocsin::http
