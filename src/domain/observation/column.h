#pragma once
// The small change of packed readings: variable-length integers and columns of them. A column is a
// run of 64-bit integers of known length, written as the cheapest of: one constant, distances from
// the smallest, differences, or differences of differences; all in units of their greatest common
// divisor. Layout: docs/formats/readings.md, "Column".

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/encode.h"
#include "base/result.h"

namespace tocsin::observation {

/// LEB128: seven bits a byte, lowest first, high bit set on all but the last.
void put_varint(std::uint64_t value, Bytes& out);

constexpr std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

/// Untrusted bytes, read front to back. The first failure sticks: what is read after it is zero and
/// error() says what and where, so a reader checks once per loop instead of once per number.
class Input {
 public:
  explicit Input(std::span<const std::uint8_t> bytes, std::size_t at = 0)
      : bytes_(bytes), at_(at) {}

  std::uint8_t byte();
  std::uint64_t varint();
  /// A varint that must not exceed `max`, else `code`.
  std::uint64_t varint(std::uint64_t max, const char* code);
  /// The next `size` bytes; empty after a failure.
  std::span<const std::uint8_t> take(std::size_t size);

  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }
  bool failed() const { return code_ != nullptr; }
  void fail(const char* code) { fail(code, at_); }
  void fail(const char* code, std::size_t at);
  /// "block.short", "block.varint" or what fail() was given; field "byte N". Only after failed().
  Error error() const;

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  const char* code_ = nullptr;
  std::size_t failed_at_ = 0;
};

/// Appends a column; `values` may hold any 64-bit integers, but not none.
void encode_column(std::span<const std::int64_t> values, Bytes& out);
/// Fills `out` (its length is the column's, not zero). Failure "block.column": unknown order.
void decode_column(Input& in, std::span<std::int64_t> out);

}  // namespace tocsin::observation
