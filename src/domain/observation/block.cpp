#include "domain/observation/block.h"

#include <array>
#include <bit>
#include <cmath>
#include <optional>

#include "domain/observation/column.h"

namespace tocsin::observation {
namespace {

enum Kind : std::uint8_t { decimal = 0, binary = 1 };  // of a block's values

constexpr std::uint8_t no_value_bit = 0x80;  // beside the flag's letter
constexpr int scale_max = 12;
constexpr std::int64_t mantissa_max = std::int64_t{1} << 53;  // exact as a double up to here
constexpr std::array<double, scale_max + 1> power_of_ten = {1,   1e1, 1e2, 1e3,  1e4,  1e5, 1e6,
                                                            1e7, 1e8, 1e9, 1e10, 1e11, 1e12};

bool says_no_value(const Reading& reading) {
  return std::bit_cast<std::uint64_t>(reading.value) == std::bit_cast<std::uint64_t>(no_value);
}

std::uint8_t tag_of(const Reading& reading) {
  const auto letter = static_cast<std::uint8_t>(reading.flag);
  return says_no_value(reading) ? letter | no_value_bit : letter;
}

/// The integer m with m / 10^scale == value in every bit, if there is one.
std::optional<std::int64_t> mantissa(double value, int scale) {
  const double scaled = value * power_of_ten[static_cast<std::size_t>(scale)];
  if (!(std::fabs(scaled) < static_cast<double>(mantissa_max))) return std::nullopt;
  const auto whole = std::llrint(scaled);
  const double back = static_cast<double>(whole) / power_of_ten[static_cast<std::size_t>(scale)];
  if (std::bit_cast<std::uint64_t>(back) != std::bit_cast<std::uint64_t>(value))
    return std::nullopt;
  return whole;
}

/// Fills `out` with mantissas of the smallest scale all values share; nullopt when there is none.
std::optional<int> as_decimals(std::span<const double> values, std::vector<std::int64_t>& out) {
  int scale = 0;
  for (const double value : values) {
    while (scale <= scale_max && !mantissa(value, scale)) ++scale;
    if (scale > scale_max) return std::nullopt;
  }
  out.clear();
  for (const double value : values) {
    // A value that fits a small scale may leave a larger one's range: then none is shared.
    const auto whole = mantissa(value, scale);
    if (!whole) return std::nullopt;
    out.push_back(*whole);
  }
  return scale;
}

/// Each value xor the one before, written as eight planes: all highest bytes first.
void put_binary(std::span<const double> values, Bytes& out) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    std::uint64_t before = 0;
    for (const double value : values) {
      const auto bits = std::bit_cast<std::uint64_t>(value);
      out.push_back(static_cast<std::uint8_t>((bits ^ before) >> shift));
      before = bits;
    }
  }
}

void put_values(std::span<const double> values, std::vector<std::int64_t>& scratch, Bytes& out) {
  if (values.empty()) return;
  if (const auto scale = as_decimals(values, scratch)) {
    out.push_back(decimal);
    out.push_back(static_cast<std::uint8_t>(*scale));
    encode_column(scratch, out);
  } else {
    out.push_back(binary);
    put_binary(values, out);
  }
}

void put_tags(std::span<const Reading> readings, Bytes& out) {
  for (std::size_t i = 0; i < readings.size();) {
    const std::uint8_t tag = tag_of(readings[i]);
    std::size_t end = i + 1;
    while (end < readings.size() && tag_of(readings[end]) == tag) ++end;
    out.push_back(tag);
    put_varint(end - i, out);
    i = end;
  }
}

/// Sets flag and value (0 or no_value) of each reading; returns how many have a value.
std::size_t get_tags(Input& in, std::span<Reading> readings) {
  std::size_t valued = 0;
  for (std::size_t i = 0; i < readings.size() && !in.failed();) {
    const std::size_t start = in.at();
    const std::uint8_t tag = in.byte();
    const char letter = static_cast<char>(tag & ~no_value_bit);
    if (!is_flag(letter)) in.fail("block.flag", start);
    const std::size_t run = in.varint(readings.size() - i, "block.runs");
    if (run == 0) in.fail("block.runs", start);
    if (in.failed()) return 0;
    const bool has_value = (tag & no_value_bit) == 0;
    if (has_value) valued += run;
    for (const std::size_t end = i + run; i < end; ++i) {
      readings[i].flag = static_cast<Flag>(letter);
      readings[i].value = has_value ? 0 : no_value;
    }
  }
  return valued;
}

void get_decimals(Input& in, std::span<std::int64_t> scratch, std::span<double> values) {
  const std::size_t start = in.at();
  const std::uint8_t scale = in.byte();
  if (scale > scale_max) in.fail("block.range", start);
  decode_column(in, scratch);
  if (in.failed()) return;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (scratch[i] < -mantissa_max || scratch[i] > mantissa_max)
      return in.fail("block.range", start);
    values[i] = static_cast<double>(scratch[i]) / power_of_ten[scale];
  }
}

void get_binary(Input& in, std::span<double> values) {
  const auto planes = in.take(values.size() * 8);
  if (in.failed()) return;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint64_t change = 0;
    for (std::size_t plane = 0; plane < 8; ++plane)
      change = change << 8 | planes[plane * values.size() + i];
    bits ^= change;
    values[i] = std::bit_cast<double>(bits);
  }
}

void get_values(Input& in, std::span<std::int64_t> scratch, std::span<double> values) {
  if (values.empty()) return;
  const std::size_t start = in.at();
  const std::uint8_t kind = in.byte();
  if (kind == decimal) return get_decimals(in, scratch, values);
  if (kind == binary) return get_binary(in, values);
  in.fail("block.column", start);
}

/// Times and arrivals; fails where times fall.
void get_times(Input& in, std::span<std::int64_t> scratch, std::span<Reading> readings) {
  const std::size_t start = in.at();
  decode_column(in, scratch);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (i > 0 && scratch[i] < scratch[i - 1]) in.fail("block.order", start);
    readings[i].time = instant_ms(scratch[i]);
  }
  decode_column(in, scratch);
  for (std::size_t i = 0; i < readings.size(); ++i)
    readings[i].arrival =
        instant_ms(static_cast<std::int64_t>(static_cast<std::uint64_t>(ms_of(readings[i].time)) +
                                             static_cast<std::uint64_t>(scratch[i])));
}

}  // namespace

void encode_block(std::span<const Reading> readings, Bytes& out) {
  TOCSIN_CHECK(!readings.empty() && readings.size() <= block_readings_max);
  std::vector<std::int64_t> column(readings.size());
  put_varint(readings.size(), out);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    column[i] = ms_of(readings[i].time);
    TOCSIN_CHECK(i == 0 || column[i - 1] <= column[i]);
  }
  encode_column(column, out);
  for (std::size_t i = 0; i < readings.size(); ++i)
    column[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(ms_of(readings[i].arrival)) -
                                          static_cast<std::uint64_t>(ms_of(readings[i].time)));
  encode_column(column, out);
  put_tags(readings, out);
  std::vector<double> values;
  values.reserve(readings.size());
  for (const Reading& reading : readings)
    if (!says_no_value(reading)) values.push_back(reading.value);
  put_values(values, column, out);
}

Result<void> decode_block(std::span<const std::uint8_t> bytes, std::size_t& at, PointKey point,
                          std::vector<Reading>& out) {
  Input in(bytes, at);
  const std::size_t count = in.varint(block_readings_max, "block.count");
  if (!in.failed() && count == 0) in.fail("block.count", at);
  if (in.failed()) return std::unexpected(in.error());
  const std::size_t before = out.size();
  out.resize(before + count, Reading{.point = point});
  const std::span<Reading> readings = std::span(out).subspan(before);
  std::vector<std::int64_t> column(count);
  get_times(in, column, readings);
  std::vector<double> values(get_tags(in, readings));
  get_values(in, std::span(column).first(values.size()), values);
  if (in.failed()) {
    out.resize(before);
    return std::unexpected(in.error());
  }
  std::size_t next = 0;
  for (Reading& reading : readings)
    if (reading.has_value()) reading.value = values[next++];
  at = in.at();
  return {};
}

}  // namespace tocsin::observation
