#include "log/anchor.h"

#include <gtest/gtest.h>

namespace tocsin::log {
namespace {

Anchor sample() {
  return {instant_ms(1'780'000'000'000),
          {{"county/1/alert", {17, sha256("a")}}, {"county/1/work/511721101", {3, sha256("b")}}}};
}

TEST(Anchor, IsReadBackAlsoAfterAMailProgramHadIt) {
  const std::string text = print(sample());
  EXPECT_EQ(*parse_anchor(text), sample());
  std::string mailed = "\r\n  ";
  for (const char c : text) mailed += c == '\n' ? std::string(" \r\n\r\n") : std::string(1, c);
  EXPECT_EQ(*parse_anchor(mailed), sample());
}

TEST(Anchor, EveryTypingErrorIsFound) {
  const std::string good = print(sample());
  for (std::size_t i = 0; i < good.size() - 1; ++i) {
    std::string typed = good;
    typed[i] = typed[i] == 'x' ? 'y' : 'x';
    const auto read = parse_anchor(typed);
    EXPECT_FALSE(read && *read == sample()) << typed;
    EXPECT_FALSE(read) << typed;
  }
  EXPECT_EQ(parse_anchor(good.substr(0, good.find("sum"))).error().code, "anchor.bad");
  EXPECT_EQ(parse_anchor("").error().code, "anchor.bad");
  EXPECT_EQ(parse_anchor(good + "more").error().field, "line 6");
}

}  // namespace
}  // namespace tocsin::log
