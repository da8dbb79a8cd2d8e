#include "cli/decode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "adapter/hj212/encode.h"
#include "base/encode.h"

namespace tocsin::cli {
namespace {

struct Outcome {
  int status;
  std::string out, err;
};

Outcome run(const std::vector<std::string_view>& args, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out, err;
  const int status = run_decode(args, in, out, err);
  return {status, out.str(), err.str()};
}

const std::string frame =
    hj212::enclose("QN=20240801120001000;ST=32;CN=2011;PW=1;MN=X;Flag=4;CP=&&w01018-Rtd=1&&");

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Decode, AnswersEveryLineInOrder) {
  const std::string raw = frame.substr(0, frame.size() - 2);
  const Outcome r =
      run({"hj212"}, "{\"raw\":\"" + raw + "\\r\\n\"}\n\n{\"hex\":\"2323\"}\n{bad\n" + frame);
  EXPECT_EQ(r.status, 0);
  ASSERT_EQ(lines(r.out), 5u);
  std::istringstream answers(r.out);
  std::vector<std::string> got;
  for (std::string line; std::getline(answers, line);) got.push_back(line);
  EXPECT_TRUE(got[0].starts_with("{\"accept\":true"));
  EXPECT_EQ(got[0], got[4]);  // a plain line says the same as the raw string
  EXPECT_NE(got[1].find("hj212.header"), std::string::npos);
  EXPECT_NE(got[2].find("hj212.header"), std::string::npos);
  EXPECT_NE(got[3].find("decode.json"), std::string::npos);
}

/// What a plain line and the same line as hex are answered; both must say the same.
std::string answer(const std::string& line) {
  const std::string plain = run({"hj212"}, line).out;
  const Outcome hex = run({"hj212"}, "{\"hex\":\"" + to_hex(as_bytes(line)) + "\"}\n");
  EXPECT_EQ(plain, hex.out);
  return plain;
}

TEST(Decode, ALineIsAnsweredForTheFrameAStreamWouldGive) {
  const std::string bare = frame.substr(0, frame.size() - 2);
  const std::string segment = bare.substr(6);
  const std::string other =
      hj212::enclose("QN=20240801120002000;ST=32;CN=2011;PW=1;MN=X;Flag=4;CP=&&w01018-Rtd=2&&");
  const auto holds = [](const std::string& text, std::string_view what) {
    return text.find(what) != std::string::npos;
  };
  const std::string late = answer("##12" + bare);
  EXPECT_TRUE(late.starts_with("{\"accept\":true")) << late;
  EXPECT_TRUE(holds(late, "\"bytes-around-frame\"")) << late;
  const std::string two = answer("##0040" + segment + other);
  EXPECT_TRUE(two.starts_with("{\"accept\":true")) << two;
  EXPECT_TRUE(holds(two, "20240801120001000") && !holds(two, "20240801120002000")) << two;
  EXPECT_TRUE(holds(two, "\"len-mismatch\"") && holds(two, "\"bytes-around-frame\"")) << two;
  const std::string second =
      answer("##0040" + segment.substr(0, segment.size() - 4) + "12AB" + other);
  EXPECT_TRUE(second.starts_with("{\"accept\":true")) << second;
  EXPECT_TRUE(!holds(second, "20240801120001000") && holds(second, "20240801120002000")) << second;
  const std::string torn = answer("##0040" + segment.substr(0, 60) + "##0077QN=1;ST=32");
  EXPECT_TRUE(torn.starts_with("{\"accept\":false,\"code\":\"hj212.crc\"")) << torn;
  EXPECT_TRUE(holds(torn, "20240801120001000") && !holds(torn, "##")) << torn;
}

TEST(Decode, AByteOrderMarkAtTheStartIsNoInput) {
  const std::string line = "{\"raw\":\"" + frame.substr(0, frame.size() - 2) + "\"}\n";
  EXPECT_EQ(run({"hj212"}, "\xEF\xBB\xBF" + line).out, run({"hj212"}, line).out);
  EXPECT_EQ(run({"hj212"}, "\xEF\xBB\xBF" + frame).out, run({"hj212"}, frame).out);
}

TEST(Decode, StreamGivesOneAnswerPerFrameAndCountsNoise) {
  const Outcome r = run({"hj212", "--stream"}, "noise" + frame + frame);
  EXPECT_EQ(r.status, 0);
  EXPECT_EQ(lines(r.out), 2u);
  EXPECT_EQ(r.err, "tocsin decode: 2 frames, 5 bytes of noise skipped\n");
}

TEST(Decode, WrongUseIsStatus2) {
  EXPECT_EQ(run({}, "").status, 2);
  EXPECT_EQ(run({"mqtt"}, "").status, 2);
  EXPECT_EQ(run({"hj212", "--fast"}, "").status, 2);
  EXPECT_EQ(run({"hj212", "--key"}, "").status, 2);
  EXPECT_EQ(run({"hj212", "--key", "12"}, "").status, 2);
}

}  // namespace
}  // namespace tocsin::cli
