#include "adapter/hj212/framer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "adapter/hj212/encode.h"

namespace tocsin::hj212 {
namespace {

std::string sample(int minute, CrcVariant crc = CrcVariant::standard) {
  const std::string mm = (minute < 10 ? "0" : "") + std::to_string(minute);
  return enclose("QN=202408010000" + mm +
                     "000;ST=32;CN=2011;PW=123456;MN=STATION1;Flag=5;CP=&&"
                     "DataTime=202408010000" +
                     mm + ";w01018-Rtd=12.5,w01018-Flag=N&&",
                 crc);
}

struct Out {
  std::vector<std::string> frames;
  std::uint64_t noise = 0;
  bool operator==(const Out&) const = default;
};

/// What the framer knows of a frame is what opening it says.
void expect_same(const Result<Envelope>& a, const Result<Envelope>& b) {
  ASSERT_EQ(a.has_value(), b.has_value());
  if (!a) return;
  EXPECT_EQ(a->segment, b->segment);
  EXPECT_EQ(a->crc_text, b->crc_text);
  EXPECT_EQ(a->crc, b->crc);
  EXPECT_EQ(a->declared, b->declared);
  EXPECT_EQ(a->closed_by_crlf, b->closed_by_crlf);
  EXPECT_EQ(a->noise, b->noise);
}

/// Feeds `stream` in pieces of the given lengths (the last one repeats).
Out run(std::string_view stream, const std::vector<std::size_t>& cuts, bool wait = true) {
  Framer framer(wait);
  Out out;
  const auto drain = [&] {
    while (const auto frame = framer.next()) {
      out.frames.emplace_back(*frame);
      expect_same(framer.envelope(), open_envelope(*frame));
    }
  };
  for (std::size_t i = 0; !stream.empty(); ++i) {
    const std::size_t cut = cuts[std::min(i, cuts.size() - 1)];
    framer.feed(stream.substr(0, cut));
    stream.remove_prefix(std::min(cut, stream.size()));
    drain();
  }
  framer.finish();
  drain();
  out.noise = framer.noise_bytes();
  return out;
}

const std::vector<std::size_t> whole{100000};

TEST(Framer, GivesGluedAndSplitFramesInOrder) {
  const std::string stream = sample(1) + sample(2) + sample(3);
  const Out expected{{sample(1), sample(2), sample(3)}, 0};
  EXPECT_EQ(run(stream, whole), expected);
  EXPECT_EQ(run(stream, {1}), expected);
  EXPECT_EQ(run(stream, {7}), expected);
}

TEST(Framer, AFrameWithoutLineEndComesAtOnce) {
  std::string bare = sample(1);
  bare.resize(bare.size() - 2);
  Framer framer;
  framer.feed(bare);
  ASSERT_EQ(framer.next(), bare);
  EXPECT_EQ(framer.pending(), 0u);
  EXPECT_EQ(run(bare + sample(2), {5}), (Out{{bare, sample(2)}, 0}));
}

TEST(Framer, NoiseIsSkippedAndCounted) {
  const std::string modbus("\x01\x00\x00\x00\x00\x06\x01\x04", 8);
  EXPECT_EQ(run(modbus + sample(1) + "junk" + sample(2), {3}), (Out{{sample(1), sample(2)}, 12}));
  EXPECT_EQ(run(std::string(16000, ' ') + sample(1), {1460}), (Out{{sample(1)}, 16000}));
}

TEST(Framer, ExtraHashesAndFalseStartsAreNoise) {
  EXPECT_EQ(run("####" + sample(1).substr(2), {1}), (Out{{sample(1)}, 2}));
  EXPECT_EQ(run("##?#" + sample(1), {1}), (Out{{sample(1)}, 4}));
  EXPECT_EQ(run("##12" + sample(1), {2}), (Out{{sample(1)}, 4}));
}

TEST(Framer, ATruncatedFrameEndsAtTheNextStart) {
  const std::string torn = sample(1).substr(0, 60);
  EXPECT_EQ(run(torn + sample(2), {9}), (Out{{torn, sample(2)}, 0}));
  // The good one is not held up until as many bytes came as the torn one had promised.
  Framer framer;
  framer.feed("##9000QN=1;ST=32;" + sample(2));
  EXPECT_EQ(framer.next(), "##9000QN=1;ST=32;");
  EXPECT_TRUE(framer.next());
}

std::string with_info(std::string_view info) {
  return enclose(
      "QN=20240801000001000;ST=32;CN=2011;PW=1;MN=A;Flag=4;CP=&&DataTime=20240801000001;"
      "w01018-Rtd=57;i11001-Info=//" +
      std::string(info) + "//&&");
}

TEST(Framer, AStartMarkInsideAWholeFrameIsText) {
  for (const char* info : {"##12 alarm", "##1 ##0300QN=1 ##ST=1 &&", "##12", "\n##0200ST=\n##"}) {
    const std::string frame = with_info(info);
    for (const std::size_t cut : {1u, 7u, 1000u})
      EXPECT_EQ(run(frame + frame + sample(2), {cut}), (Out{{frame, frame, sample(2)}, 0})) << info;
    Framer framer;
    framer.feed(frame);
    EXPECT_EQ(framer.next(), frame.substr(0, frame.size() - 2)) << info;
  }
}

TEST(Framer, AWholeFrameBehindATornOneIsNotHeldUp) {
  for (const std::string& torn :
       {"##8000" + sample(1).substr(6, 60), with_info("##").substr(0, 60)}) {
    Framer framer;
    framer.feed(torn + sample(2));
    EXPECT_EQ(framer.next(), torn);
    EXPECT_EQ(framer.next(), sample(2).substr(0, sample(2).size() - 2));
  }
}

TEST(Framer, AWrongLengthIsEndedByTheLineEndBehindTheCrc) {
  for (const char* length : {"0001", "0090", "0800", "7000", "9000", "99", "123456"}) {
    const std::string frame = std::string("##") + length + sample(1).substr(6);
    EXPECT_EQ(run(frame + sample(2), {11}), (Out{{frame, sample(2)}, 0})) << length;
  }
}

TEST(Framer, BytesBehindAFrameOfWrongLengthDoNotCostIt) {
  const std::string poll("\x01\x03\x00\x00\x00\x02\xC4\x0B", 8);
  for (const char* length : {"0099", "0200", "9999", ""}) {
    const std::string frame =
        std::string("##") + length + sample(1).substr(6, sample(1).size() - 8);
    Framer framer(true);
    framer.feed(frame + poll + sample(2));
    ASSERT_TRUE(framer.next()) << length;
    EXPECT_EQ(framer.envelope()->crc, CrcVariant::standard) << length;
    EXPECT_EQ(framer.next(), sample(2)) << length;
  }
}

TEST(Framer, AnOpenCpOfWrongLengthEndsAtItsLineEnd) {
  const std::string closed = sample(1);
  const std::string segment = closed.substr(6, closed.size() - 14);
  const std::string right = enclose(segment);
  for (const char* length : {"0200", "0300", "9999"}) {
    const std::string frame = std::string("##") + length + right.substr(6);
    for (const std::size_t cut : {1u, 9u, 1000u})
      EXPECT_EQ(run(frame + "junk" + sample(2), {cut}), (Out{{frame, sample(2)}, 4})) << length;
  }
  // A torn log with a line end in it is still one piece.
  const std::string torn = with_info("first\nsecond").substr(0, 130);
  EXPECT_EQ(run(torn + sample(2), {9}), (Out{{torn, sample(2)}, 0}));
}

TEST(Framer, ALengthPaddedWithBlanksIsRead) {
  const std::string frame = "## 124" + sample(1).substr(6);
  ASSERT_EQ(sample(1).substr(2, 4), "0124");
  for (const std::size_t cut : {1u, 3u, 1000u})
    EXPECT_EQ(run(frame + "##  " + sample(2), {cut}), (Out{{frame, sample(2)}, 4}));
}

TEST(Framer, ALineEndInsideALogIsNoEnd) {
  const std::string log = enclose(
      "QN=20240801000001000;ST=32;CN=3020;PW=1;MN=A;Flag=4;CP=&&"
      "DataTime=20240801000001;i11001-Info=//first\nsecond//&&");
  EXPECT_EQ(run(log + sample(2), {10}), (Out{{log, sample(2)}, 0}));
}

TEST(Framer, AStartWithoutEndIsGivenUp) {
  const std::string endless = "##0200QN=" + std::string(3 * max_segment, 'x');
  Framer framer;
  framer.feed(endless);
  EXPECT_EQ(framer.next(), std::nullopt);
  EXPECT_LE(framer.pending(), max_segment + 64);
  framer.feed(sample(1));
  EXPECT_TRUE(framer.next());
  EXPECT_EQ(framer.noise_bytes(), endless.size());
}

TEST(Framer, ASilentHeaderHoldsNothingUpAndEndsAsNoise) {
  EXPECT_EQ(run("##0300", {1}), (Out{{}, 6}));
  EXPECT_EQ(run("##0300QN=2021", {4}), (Out{{"##0300QN=2021"}, 0}));
}

TEST(Framer, ForeignChecksumsAreFramesToo) {
  std::string stream;
  std::vector<std::string> frames;
  for (const auto crc : {CrcVariant::modbus_hi_first, CrcVariant::arc_lo_first}) {
    std::string bare = sample(static_cast<int>(crc), crc);
    bare.resize(bare.size() - 2);
    frames.push_back(bare);
    stream += bare;
  }
  EXPECT_EQ(run(stream, {13}), (Out{frames, 0}));
}

/// Pieces a hostile or broken line may hold; put together at random below.
std::string piece(std::mt19937& dice) {
  static const std::string torn = sample(4).substr(0, 77);
  switch (dice() % 15) {
    case 0:
      return "##";
    case 1:
      return "#";
    case 2:
      return "\r\n";
    case 3:
      return "\n";
    case 4:
      return "&&";
    case 5:
      return "##0040QN=1;CP=&&&&1C80\n";
    case 6:
      return torn;
    case 7:
      return std::string(dice() % 5000, ' ');
    case 8:
      return sample(5).substr(0, sample(5).size() - 2);
    case 9:
      return sample(6, CrcVariant::modbus_lo_first);
    case 10:
      return "##0300ST=";
    case 11:
      return with_info("##12 alarm");
    case 12:
      return with_info(sample(7));
    case 13:
      return with_info("##0100QN=1\n").substr(0, 100 + dice() % 60);
    default:
      return sample(static_cast<int>(dice() % 60));
  }
}

TEST(FramerProperty, AnyCuttingOfAStreamGivesTheSame) {
  std::mt19937 dice(20261122);
  for (int round = 0; round < 300; ++round) {
    std::string stream;
    for (int i = 0; i < 12; ++i) stream += piece(dice);
    for (const bool wait : {true, false}) {
      const Out expected = run(stream, whole, wait);
      std::vector<std::size_t> cuts;
      for (int i = 0; i < 400; ++i) cuts.push_back(1 + dice() % 90);
      ASSERT_EQ(run(stream, cuts, wait), expected) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace tocsin::hj212
