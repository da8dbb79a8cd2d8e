#include "log/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace tocsin::json {
namespace {

Value object(std::string_view text) {
  auto value = parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : Value();
}

TEST(Json, TakesOneDocumentAndNamesTheByteOfAnythingElse) {
  EXPECT_TRUE(parse(R"({"a":[1,2.5,"转移",null,true]})"));
  EXPECT_TRUE(parse(" {} \n"));
  struct Bad {
    std::string text;
    std::string field;
  };
  const Bad cases[] = {{"", "byte 0"},         {"{", "byte 1"},    {"{}x", "byte 2"},
                       {"{\"a\":}", "byte 5"}, {"nul", "byte 3"},  {"{} {}", "byte 3"},
                       {"\"\xff\"", "byte 1"}, {"[1,]", "byte 3"}, {"01", "byte 1"}};
  for (const Bad& it : cases) {
    const auto value = parse(it.text);
    ASSERT_FALSE(value) << it.text;
    EXPECT_EQ(value.error().code, "json.bad");
    EXPECT_EQ(value.error().field, it.field) << it.text;
  }
}

TEST(Json, DepthAndSizeHaveLimits) {
  EXPECT_TRUE(parse(std::string(32, '[') + std::string(32, ']')));
  EXPECT_FALSE(parse(std::string(33, '[') + std::string(33, ']')));
  EXPECT_EQ(parse(std::string(100'000, '[')).error().code, "json.bad");
  EXPECT_EQ(parse("[1,2,3]", 6).error().code, "json.too_large");
}

TEST(Json, FieldsAreReadByKind) {
  const Value value =
      object(R"({"t":"转移","n":-3,"d":2.5,"yes":true,"at":"2026-11-22T10:00:03+08:00",)"
             R"("list":["a","b"],"objects":[{},{}],"none":null,"whole":3.0})");
  Fields in(value, "x.bad");
  EXPECT_EQ(in.text("t"), "转移");
  EXPECT_EQ(in.text_or("other", "else"), "else");
  EXPECT_EQ(in.integer("n", -5, 5), -3);
  EXPECT_EQ(in.integer("whole", -5, 5), 3);
  EXPECT_EQ(in.integer_if("none", 0, 5), std::nullopt);
  EXPECT_EQ(in.number("d"), 2.5);
  EXPECT_EQ(in.number_if("other"), std::nullopt);
  EXPECT_TRUE(in.flag_or("yes", false));
  EXPECT_TRUE(in.flag_or("other", true));
  EXPECT_EQ(iso_utc(in.instant("at")), "2026-11-22T02:00:03.000Z");
  EXPECT_EQ(in.instant_if("other"), std::nullopt);
  EXPECT_EQ(in.texts("list"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(in.objects("objects").size(), 2u);
  EXPECT_EQ(in.objects("other").size(), 0u);
  EXPECT_TRUE(in.has("t"));
  EXPECT_FALSE(in.has("none"));
  EXPECT_TRUE(in.ok());
}

/// The field that an access complains about; empty when it does not.
template <class Read>
std::string complaint(const Read& read) {
  static const Value value = object(
      R"({"t":"abc","n":7,"half":1.5,"big":1e300,"l":[1],"o":{},"at":"2026-11-22","flag":"yes"})");
  Fields in(value, "x.bad");
  read(in);
  if (!in.ok()) EXPECT_EQ(in.error().code, "x.bad");
  return in.ok() ? "" : in.error().field;
}

TEST(Json, TheFirstThingThatDoesNotFitIsNamed) {
  EXPECT_EQ(complaint([](Fields& in) { in.text("gone"); }), "gone");
  EXPECT_EQ(complaint([](Fields& in) { in.text("n"); }), "n");
  EXPECT_EQ(complaint([](Fields& in) { in.text("t", 2); }), "t");
  EXPECT_EQ(complaint([](Fields& in) { in.integer("n", 8, 9); }), "n");
  EXPECT_EQ(complaint([](Fields& in) { in.integer("half", 0, 9); }), "half");
  EXPECT_EQ(complaint([](Fields& in) { in.integer("big", 0, 9); }), "big");
  EXPECT_EQ(complaint([](Fields& in) { in.integer("gone", 0, 9); }), "gone");
  const auto all = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(complaint([&](Fields& in) { in.integer_if("t", all, 9); }), "t");
  EXPECT_EQ(complaint([](Fields& in) { in.number("t"); }), "t");
  EXPECT_EQ(complaint([](Fields& in) { in.flag_or("flag", true); }), "flag");
  EXPECT_EQ(complaint([](Fields& in) { in.instant("at"); }), "at");
  EXPECT_EQ(complaint([](Fields& in) { in.texts("l"); }), "l");
  EXPECT_EQ(complaint([](Fields& in) { in.texts("o"); }), "o");
  EXPECT_EQ(complaint([](Fields& in) { in.objects("l", 0); }), "l");
  EXPECT_EQ(complaint([](Fields& in) {
              in.text("first");
              in.text("second");
              in.refuse("third", "");
            }),
            "first");
  Fields none(Value(3), "x.bad");
  EXPECT_FALSE(none.ok());
}

}  // namespace
}  // namespace tocsin::json
