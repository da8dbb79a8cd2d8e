#include "engine/rule/history.h"

#include <gtest/gtest.h>

#include "engine/rule/rule_bench_test.h"

namespace tocsin::rule {
namespace {

using namespace testing;
using Fate = History::Fate;

Sample sample(double minute, double value = 1) { return {at(minute), value, Flag::normal}; }

TEST(RuleHistory, ASampleKeepsTimeValueAndFlag) {
  const Sample s(at(3.5), -2.25, Flag::over_range);
  EXPECT_EQ(s.time(), at(3.5));
  EXPECT_EQ(s.value(), -2.25);
  EXPECT_EQ(s.flag(), Flag::over_range);
  EXPECT_EQ(sizeof(Sample), 16u);
  const Sample none(at(0), observation::no_value, Flag::over_range);
  EXPECT_TRUE(none.same_as(none));
  EXPECT_FALSE(s.same_as(Sample(at(3.5), -2.25, Flag::normal)));
}

TEST(RuleHistory, StaysInOrderWhateverTheOrderOfArrival) {
  History history;
  EXPECT_EQ(history.put(sample(5)), Fate::appended);
  EXPECT_EQ(history.put(sample(9)), Fate::appended);
  EXPECT_EQ(history.put(sample(7)), Fate::inserted);
  EXPECT_EQ(history.put(sample(1)), Fate::inserted);
  EXPECT_EQ(history.put(sample(7)), Fate::duplicate);
  EXPECT_EQ(history.put(sample(9, 2)), Fate::replaced);
  ASSERT_EQ(history.size(), 4u);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_LT(history[i - 1].time(), history[i].time());
  EXPECT_EQ(history[3].value(), 2);
}

TEST(RuleHistory, NothingComesBeforeWhatIsFolded) {
  History history;
  for (int m = 0; m < 10; ++m) history.put(sample(m));
  for (int i = 0; i < 4; ++i) history.fold_one();
  EXPECT_EQ(history.folded(), 4u);
  EXPECT_EQ(history.folded_until(), at(3));
  EXPECT_EQ(history.put(sample(2.5)), Fate::before_folded);
  EXPECT_EQ(history.put(sample(3)), Fate::before_folded);
  EXPECT_EQ(history.put(sample(3.5)), Fate::inserted);
  EXPECT_FALSE(history.erase(at(2)));
  EXPECT_TRUE(history.erase(at(3.5)));
  EXPECT_FALSE(history.erase(at(3.5)));
}

TEST(RuleHistory, TrimDropsContextOnly) {
  History history;
  for (int m = 0; m < 10; ++m) history.put(sample(m));
  for (int i = 0; i < 6; ++i) history.fold_one();
  history.trim(at(4));
  EXPECT_EQ(history.size(), 6u);
  EXPECT_EQ(history[0].time(), at(4));
  EXPECT_EQ(history.folded(), 2u);
  history.trim(at(9));
  EXPECT_EQ(history.size(), 4u);
  EXPECT_EQ(history[history.folded()].time(), at(6));
  EXPECT_EQ(history.put(sample(6.5)), Fate::inserted);
  EXPECT_EQ(history[1].time(), at(6.5));
}

}  // namespace
}  // namespace tocsin::rule
