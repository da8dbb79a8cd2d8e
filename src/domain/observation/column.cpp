#include "domain/observation/column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <string>

namespace tocsin::observation {
namespace {

// Differences are taken and summed modulo 2^64, so that no pair of values is too far apart.
using U64 = std::uint64_t;

enum Order : std::uint8_t {
  from_smallest = 0,
  differences = 1,
  second_differences = 2,
  constant = 3
};

U64 minus(std::int64_t a, std::int64_t b) { return static_cast<U64>(a) - static_cast<U64>(b); }

std::size_t varint_size(U64 value) { return (std::bit_width(value | 1) + 6u) / 7u; }

/// Greatest common divisor of the distances from `smallest`; 1 where they do not fit 63 bits.
U64 unit_of(std::span<const std::int64_t> values, std::int64_t smallest, std::int64_t largest) {
  if (minus(largest, smallest) > static_cast<U64>(std::numeric_limits<std::int64_t>::max()))
    return 1;
  U64 unit = 0;
  for (const std::int64_t value : values) {
    const U64 distance = minus(value, smallest);
    // Most are multiples of the unit already; the full algorithm runs only when it shrinks.
    if (unit == 0 || distance % unit != 0) unit = std::gcd(unit, distance);
    if (unit == 1) break;
  }
  return unit;
}

/// (a - b) / unit as a signed number. Exact: unit divides every difference, or is 1.
std::int64_t step(std::int64_t a, std::int64_t b, U64 unit) {
  const auto difference = static_cast<std::int64_t>(minus(a, b));
  return unit == 1 ? difference : difference / static_cast<std::int64_t>(unit);
}

Order cheapest(std::span<const std::int64_t> values, std::int64_t smallest, U64 unit) {
  std::array<std::size_t, 3> size{};
  std::int64_t before = 0;
  size[from_smallest] += varint_size(minus(values[0], smallest) / unit);
  for (std::size_t i = 1; i < values.size(); ++i) {
    const std::int64_t now = step(values[i], values[i - 1], unit);
    size[from_smallest] += varint_size(minus(values[i], smallest) / unit);
    size[differences] += varint_size(zigzag(now));
    size[second_differences] += varint_size(zigzag(static_cast<std::int64_t>(minus(now, before))));
    before = now;
  }
  return static_cast<Order>(std::min_element(size.begin(), size.end()) - size.begin());
}

}  // namespace

void put_varint(std::uint64_t value, Bytes& out) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

void Input::fail(const char* code, std::size_t at) {
  if (code_ != nullptr) return;
  code_ = code;
  failed_at_ = at;
}

Error Input::error() const {
  return {code_ == nullptr ? "" : code_, "byte " + std::to_string(failed_at_), {}};
}

std::uint8_t Input::byte() {
  if (failed() || at_ >= bytes_.size()) {
    fail("block.short");
    return 0;
  }
  return bytes_[at_++];
}

std::uint64_t Input::varint() {
  const std::size_t start = at_;
  U64 value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint8_t next = byte();
    if (failed()) return 0;
    if (shift == 63 && next > 1) break;
    value |= static_cast<U64>(next & 0x7f) << shift;
    if ((next & 0x80) == 0) return value;
  }
  fail("block.varint", start);
  return 0;
}

std::uint64_t Input::varint(std::uint64_t max, const char* code) {
  const std::size_t start = at_;
  const U64 value = varint();
  if (value <= max) return value;
  fail(code, start);
  return 0;
}

std::span<const std::uint8_t> Input::take(std::size_t size) {
  if (failed() || size > left()) {
    fail("block.short");
    return {};
  }
  const auto taken = bytes_.subspan(at_, size);
  at_ += size;
  return taken;
}

void encode_column(std::span<const std::int64_t> values, Bytes& out) {
  TOCSIN_CHECK(!values.empty());
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const U64 unit = unit_of(values, *low, *high);
  const Order order = unit == 0 ? constant : cheapest(values, *low, unit);
  out.push_back(order);
  put_varint(zigzag(order == from_smallest ? *low : values[0]), out);
  if (order == constant) return;
  put_varint(unit, out);
  if (order == from_smallest) {
    for (const std::int64_t value : values) put_varint(minus(value, *low) / unit, out);
    return;
  }
  std::int64_t before = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const std::int64_t now = step(values[i], values[i - 1], unit);
    put_varint(zigzag(static_cast<std::int64_t>(minus(now, before))), out);
    if (order == second_differences) before = now;
  }
}

void decode_column(Input& in, std::span<std::int64_t> out) {
  TOCSIN_CHECK(!out.empty());
  const std::size_t start = in.at();
  const std::uint8_t order = in.byte();
  if (order > constant) return in.fail("block.column", start);
  const std::int64_t base = unzigzag(in.varint());
  if (order == constant) {
    std::fill(out.begin(), out.end(), base);
    return;
  }
  const U64 unit = in.varint();
  U64 value = static_cast<U64>(base), difference = 0;
  std::size_t i = 0;
  if (order == from_smallest) {
    for (; i < out.size() && !in.failed(); ++i)
      out[i] = static_cast<std::int64_t>(value + in.varint() * unit);
    return;
  }
  out[i++] = base;
  for (; i < out.size() && !in.failed(); ++i) {
    const U64 now = static_cast<U64>(unzigzag(in.varint()));
    difference = order == differences ? now : difference + now;
    value += difference * unit;
    out[i] = static_cast<std::int64_t>(value);
  }
}

}  // namespace tocsin::observation
