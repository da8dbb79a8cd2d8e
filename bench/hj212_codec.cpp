// How fast the HJ 212 codec is without a socket: bytes through the framer, head, values, time.
// Prints one JSON line. Optional argument: how many frames (default 500,000).

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "adapter/hj212/encode.h"
#include "adapter/hj212/framer.h"

using namespace tocsin::hj212;

int main(int argc, char** argv) {
  const long wanted = argc > 1 ? std::atol(argv[1]) : 500000;
  Upload upload{.qn = "20240801120001000",
                .mn = "010000A8900016F000169DC0",
                .data_time = *device_time("20240801120000")};
  for (const char* code : {"w01018", "w21003", "w21011", "w21001", "w01001"})
    upload.factors.push_back({.code = code, .values = {{Stat::rtd, "235.426"}}});
  const std::string frame = encode(upload)->front();
  std::string read;
  while (read.size() < 16384) read += frame;

  Framer framer;
  ValueReader values;
  long frames = 0, bad = 0;
  double sum = 0;
  const auto start = std::chrono::steady_clock::now();
  while (frames < wanted) {
    framer.feed(read);
    while (framer.next()) {
      const auto envelope = framer.envelope();
      if (!envelope || envelope->crc != CrcVariant::standard) {
        ++bad;
        continue;
      }
      const Segment segment = parse_segment(envelope->segment);
      const auto time = device_time(cp_field(segment.cp, "DataTime").value_or(""));
      for (const Value& value : values.read(segment.cp)) sum += value.number.value_or(0);
      bad += time ? 0 : 1;
      ++frames;
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf(
      "{\"bench\":\"hj212_codec\",\"frames\":%ld,\"values_per_frame\":5,\"bytes_per_frame\":%zu,"
      "\"frames_per_s\":%.0f,\"bad\":%ld,\"checksum\":%.1f}\n",
      frames, frame.size(), static_cast<double>(frames) / took.count(), bad, sum);
  return bad == 0 ? 0 : 1;
}
