// The format page is enough to read the files: a reader that shares no code with the store finds
// the same readings.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "adapter/reading_store/reading_store.h"
#include "base/random.h"

namespace tocsin::reading_store {
namespace {

std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::array<char, 4096> line{};
  while (std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    lines.emplace_back(line.data());
    lines.back().pop_back();
  }
  return lines;
}

/// Decimals, wild doubles, missing ones, late ones and revisions of one point in ten.
Reading any_reading(Dice& dice, PointKey point, int i) {
  const std::int64_t late =
      dice.next() % 8 == 0 ? static_cast<std::int64_t>(dice.next() % 90'000) : 0;
  const Instant time = instant_ms(1'780'000'000'000 + i * 1000 - late);
  double value = static_cast<double>(dice.next() % 10'000) / 100;
  if (index_of(point) == 3) value = std::sqrt(value);
  if (dice.next() % 15 == 0) value = observation::no_value;
  const Flag flag = std::isnan(value) ? Flag::no_communication : Flag::normal;
  return {time, time + Duration(dice.next() % 60'000), value, point, flag};
}

TEST(SecondReader, finds_what_the_store_finds) {
  const std::string script = TOCSIN_SOURCE_DIR "/examples/read_readings.py";
  if (lines_of("python3 -c \"import ctypes; ctypes.CDLL('libzstd.so.1'); print(1)\" 2>&1") !=
      std::vector<std::string>{"1"})
    GTEST_SKIP() << "python3 or libzstd.so.1 is not here";
  std::string folder = (std::filesystem::temp_directory_path() / "tocsin-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::vector<std::string> expected;
  {
    auto store = Store::open(posix_file_system(), folder);
    ASSERT_TRUE(store.has_value());
    SeededDice dice(17);
    for (int batch = 0; batch < 80; ++batch) {
      std::vector<Reading> readings;
      for (int i = 0; i < 50; ++i) {
        const auto point = (*store)->point("测点" + std::to_string(dice.next() % 10));
        readings.push_back(any_reading(dice, point.value(), batch * 50 + i));
      }
      ASSERT_TRUE((*store)->ingest(readings).has_value());
      if (batch == 30 || batch == 60) ASSERT_TRUE((*store)->seal().has_value());
    }
    for (std::uint32_t i = 0; i < (*store)->points(); ++i)
      for (const Reading& r : (*store)
                                  ->query(PointKey{i}, Instant::min(), Instant::max())
                                  .readings(SIZE_MAX, Revisions::all)
                                  ->readings)
        expected.push_back(fmt::format("{} {} {} {} {}", (*store)->id_of(r.point), ms_of(r.time),
                                       ms_of(r.arrival), std::bit_cast<std::uint64_t>(r.value),
                                       static_cast<char>(r.flag)));
  }
  const std::string print_bits =
      "import sys,json,struct\n"
      "for l in sys.stdin:\n"
      " p,t,a,v,f=json.loads(l)\n"
      " b=0x7ff8000000000000 if v is None else struct.unpack('<Q',struct.pack('<d',v))[0]\n"
      " print(p,t,a,b,f)";
  auto found =
      lines_of("python3 " + script + " " + folder + " | python3 -c \"" + print_bits + "\"");
  std::filesystem::remove_all(folder);
  std::ranges::sort(found);
  std::ranges::sort(expected);
  EXPECT_EQ(expected.size(), 4000u);
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace tocsin::reading_store
