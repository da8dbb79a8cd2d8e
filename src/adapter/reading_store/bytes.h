#pragma once
// Little-endian integers and the checksum that the store's files are framed with.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/encode.h"

namespace tocsin::reading_store {

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, as RFC 3720). `before` continues a sum.
std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before = 0);

template <std::unsigned_integral T>
void put(T value, Bytes& out) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

template <std::unsigned_integral T>
void put_at(T value, Bytes& out, std::size_t at) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

/// The integer at `at`; the caller has made sure that it is there.
template <std::unsigned_integral T>
T get(std::span<const std::uint8_t> bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes[at + i]) << (8 * i)));
  return value;
}

}  // namespace tocsin::reading_store
