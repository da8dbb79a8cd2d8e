#include <gtest/gtest.h>

#include "adapter/hj212/intake_world.h"

namespace tocsin::hj212 {
namespace {

using namespace test;

/// Sends `frame_of(i)` for i = 1, 2, … 20 and gives the suggestions of the last one.
template <class F>
std::vector<DialectSuggestion> after_20(World& w, F&& frame_of) {
  for (int i = 1; i <= 20; ++i) {
    w.take(frame_of(i));
    if (i < 20) EXPECT_TRUE(w.taken.suggestions.empty()) << i;
  }
  return w.taken.suggestions;
}

TEST(Dialect, ASteadyDepartureIsSuggestedAndTakenOnceApproved) {
  const std::string frame = enclose(segment(usual), CrcVariant::modbus_hi_first);
  World w;
  const auto suggestions = after_20(w, [&](int) { return frame; });
  EXPECT_EQ(suggestions,
            (std::vector<DialectSuggestion>{{"a", "crc:modbus-hi-first", 20, now, now}}));
  EXPECT_EQ(w.memory.standing(), suggestions);
  World approved({{"a", suggestions.at(0).what}});
  const Taken& t = approved.take(frame);
  EXPECT_EQ(t.readings.size(), 1u);
  EXPECT_EQ(t.answer, enclose("QN=" + qn + ";ST=91;CN=9014;PW=123456;MN=MNA;Flag=4;CP=&&&&",
                              CrcVariant::modbus_hi_first));
  EXPECT_EQ(aside_of(approved.take(enclose(segment(usual), CrcVariant::arc_hi_first))),
            Aside::bad_crc);
  EXPECT_FALSE(approved.take(enclose(segment(usual))).aside) << "the standard's is right as ever";
}

TEST(Dialect, OneRightFrameEndsTheRun) {
  World w;
  for (int i = 0; i < 60; ++i) {
    const auto crc = i % 15 == 14 ? CrcVariant::standard : CrcVariant::arc_lo_first;
    EXPECT_TRUE(w.take(enclose(segment(usual), crc)).suggestions.empty());
  }
  EXPECT_TRUE(w.memory.standing().empty());
}

TEST(Dialect, AChangingDepartureIsNone) {
  World w;
  for (int i = 0; i < 60; ++i) {
    std::string frame = enclose(segment(usual));
    frame.replace(2, 4, "0" + std::to_string(segment(usual).size() + 1 + i % 5));
    EXPECT_TRUE(w.take(frame).suggestions.empty());
  }
}

TEST(Dialect, ALengthThatIsAlwaysOffByTheSame) {
  std::string frame = enclose(segment(usual));
  frame.replace(2, 4, "0" + std::to_string(segment(usual).size() + 6));
  World w;
  const auto suggestions = after_20(w, [&](int) { return frame; });
  ASSERT_EQ(suggestions.size(), 1u);
  EXPECT_EQ(suggestions[0].what, "len:+6");
  EXPECT_EQ(World({{"a", "len:+6"}}).take(frame).readings.size(), 1u);
}

TEST(Dialect, ACpThatIsNeverClosed) {
  std::string open = segment(usual);
  open.resize(open.size() - 2);
  World w;
  const auto suggestions = after_20(w, [&](int) { return enclose(open); });
  ASSERT_EQ(suggestions.size(), 1u);
  EXPECT_EQ(suggestions[0].what, "cp:open");
  EXPECT_EQ(World({{"a", "cp:open"}}).take(enclose(open)).readings.size(), 1u);
}

TEST(Dialect, ATimeInUtc) {
  const std::string frame =
      enclose(segment("DataTime=20240801040000;w01018-Rtd=1", "2011", "5", "20240801040009000"));
  World w;
  const auto suggestions = after_20(w, [&](int) { return frame; });
  ASSERT_EQ(suggestions.size(), 1u);
  EXPECT_EQ(suggestions[0].what, "time:utc");
  World approved({{"a", "time:utc"}});
  const Taken& t = approved.take(frame);
  EXPECT_EQ(iso_utc(t.readings.at(0).time), "2024-08-01T04:00:00.000Z");
  EXPECT_EQ(t.clock_off, Duration(-1000));
}

TEST(Dialect, AValueThatCannotBeInItsPointsUnit) {
  const auto frame = [](int i) {
    return enclose(segment("DataTime=20240801120000;a01006-Rtd=" + std::to_string(1000 + i)));
  };
  World w;
  const auto suggestions = after_20(w, frame);
  ASSERT_EQ(suggestions.size(), 1u);
  EXPECT_EQ(suggestions[0].what, "unit:a01006:hPa");
  EXPECT_EQ(w.taken.readings.at(0).value, 1020) << "as sent until a person approves";
  World approved({{"a", "unit:a01006:hPa"}});
  EXPECT_DOUBLE_EQ(approved.take(frame(13)).readings.at(0).value, 101.3);
}

TEST(Dialect, OneStationsApprovalIsNotAnothers) {
  World w({{"b", "crc:modbus-hi-first"}});
  EXPECT_EQ(aside_of(w.take(enclose(segment(usual), CrcVariant::modbus_hi_first))), Aside::bad_crc);
}

TEST(Dialect, WordsThatAreNoneAreRefused) {
  for (const char* word : {"", "crc", "crc:", "crc:x", "len:6", "len:+0", "len:+", "len:+x",
                           "cp:shut", "unit:a:b", "unit::hPa", "unit:a01006", "time:cet"})
    EXPECT_EQ(Dialect().approve(word).error().code, "hj212.dialect") << word;
  const World w({{"a", "crc:x"}, {"gone", "cp:open"}});
  EXPECT_EQ(w.registry.unknown(), (std::vector<std::string>{"a crc:x", "gone cp:open"}));
}

TEST(Memory, OfPacketsIsBoundedAndNewestFirst) {
  Memory memory;
  for (PacketMark i = 1; i <= 2 * Memory::packets_kept; ++i) memory.remember("a", i);
  EXPECT_FALSE(memory.knows("a", 1));
  EXPECT_TRUE(memory.knows("a", Memory::packets_kept + 1));
  EXPECT_TRUE(memory.knows("a", 2 * Memory::packets_kept));
  EXPECT_FALSE(memory.knows("b", 2 * Memory::packets_kept));
}

TEST(Memory, SuggestsAgainOnlyWhenTheRunHasDoubled) {
  Memory memory;
  std::vector<std::uint32_t> told;
  for (int i = 1; i <= 200; ++i)
    if (const auto s = memory.departs("a", "crc", "crc:x", now)) told.push_back(s->seen);
  EXPECT_EQ(told, (std::vector<std::uint32_t>{20, 40, 80, 160}));
}

TEST(Memory, MarksTellFieldsApart) {
  EXPECT_NE(mark_of("ab", "c", "", ""), mark_of("a", "bc", "", ""));
  EXPECT_EQ(mark_of("a", "b", "c", "d"), mark_of("a", "b", "c", "d"));
}

}  // namespace
}  // namespace tocsin::hj212
