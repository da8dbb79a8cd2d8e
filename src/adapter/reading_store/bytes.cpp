#include "adapter/reading_store/bytes.h"

#include <array>

namespace tocsin::reading_store {
namespace {

// Eight tables, so that eight bytes are summed at a time.
constexpr auto tables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> out{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t sum = i;
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0x82f63b78u : 0u);
    out[0][i] = sum;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t i = 0; i < 256; ++i)
      out[k][i] = out[k - 1][i] >> 8 ^ out[0][out[k - 1][i] & 0xff];
  return out;
}();

}  // namespace

std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before) {
  std::uint32_t sum = ~before;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const std::uint32_t low = sum ^ get<std::uint32_t>(bytes, i);
    const std::uint32_t high = get<std::uint32_t>(bytes, i + 4);
    sum = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^
          tables[4][low >> 24] ^ tables[3][high & 0xff] ^ tables[2][high >> 8 & 0xff] ^
          tables[1][high >> 16 & 0xff] ^ tables[0][high >> 24];
  }
  for (; i < bytes.size(); ++i) sum = sum >> 8 ^ tables[0][(sum ^ bytes[i]) & 0xff];
  return ~sum;
}

}  // namespace tocsin::reading_store
