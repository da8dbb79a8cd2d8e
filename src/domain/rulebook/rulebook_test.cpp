#include "domain/rulebook/rulebook.h"

#include <gtest/gtest.h>

namespace tocsin::rulebook {
namespace {

Rule rule(std::string id, double limit) {
  Rule made;
  made.id = std::move(id);
  made.condition = Limit{.limit = limit, .clear = limit};
  return made;
}

TEST(Rulebook, DiffNamesAddedChangedAndRemovedRules) {
  const Rulebook before{.version = 1, .rules = {rule("a", 1), rule("b", 2), rule("c", 3)}};
  const Rulebook after{.version = 2, .rules = {rule("d", 4), rule("c", 3), rule("b", 2.5)}};
  EXPECT_EQ(diff(before, after), (Diff{.added = {"d"}, .changed = {"b"}, .removed = {"a"}}));
  EXPECT_EQ(diff(after, after), Diff{});
}

TEST(Rulebook, FindsByIdAndSaysTheKind) {
  const Rulebook book{.rules = {rule("a", 1), rule("b", 2)}};
  ASSERT_NE(find(book, "b"), nullptr);
  EXPECT_EQ(find(book, "b")->id, "b");
  EXPECT_EQ(find(book, "x"), nullptr);
  EXPECT_EQ(kind_of(book.rules[0].condition), "limit");
  EXPECT_EQ(kind_of(NOfM{}), "n_of_m");
}

TEST(Level, NamesGoBothWaysAndRedIsTheGravest) {
  for (const Level level : {Level::red, Level::orange, Level::yellow, Level::blue})
    EXPECT_EQ(parse_level(name_of(level)), level);
  EXPECT_EQ(parse_level("Red"), std::nullopt);
  EXPECT_TRUE(graver(Level::red, Level::orange));
  EXPECT_FALSE(graver(Level::blue, Level::blue));
}

}  // namespace
}  // namespace tocsin::rulebook
