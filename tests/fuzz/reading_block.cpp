// Any bytes: a block decodes to sorted readings that survive another round trip, or is refused with
// an error that names a byte.

#include <bit>
#include <cstdint>
#include <vector>

#include "domain/observation/block.h"

using namespace tocsin;
using namespace tocsin::observation;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  std::vector<Reading> readings;
  std::size_t at = 0;
  const auto done = decode_block(bytes, at, PointKey{1}, readings);
  if (!done) {
    TOCSIN_CHECK(readings.empty() && at == 0 && done.error().field.starts_with("byte "));
    return 0;
  }
  TOCSIN_CHECK(at <= size && !readings.empty());
  Bytes again;
  encode_block(readings, again);
  std::vector<Reading> twice;
  std::size_t end = 0;
  TOCSIN_CHECK(decode_block(again, end, PointKey{1}, twice).has_value() && end == again.size());
  TOCSIN_CHECK(twice.size() == readings.size());
  for (std::size_t i = 0; i < twice.size(); ++i)
    TOCSIN_CHECK(twice[i].time == readings[i].time && twice[i].arrival == readings[i].arrival &&
                 twice[i].flag == readings[i].flag &&
                 std::bit_cast<std::uint64_t>(twice[i].value) ==
                     std::bit_cast<std::uint64_t>(readings[i].value));
  return 0;
}
