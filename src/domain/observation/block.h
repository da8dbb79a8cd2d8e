#pragma once
// Packs the readings of one point over one span of time into few bytes, column by column, and back,
// bit for bit. Pure: bytes in, values or an error out; no checksum and no compression here (the
// store frames, checksums and compresses several blocks at once). Layout: docs/formats/readings.md.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/encode.h"
#include "base/result.h"
#include "domain/observation/reading.h"

namespace tocsin::observation {

/// No block holds more: bounds what a decoder allocates for bytes it does not trust yet.
inline constexpr std::size_t block_readings_max = 4096;

/// Appends one block to `out`. `readings`: 1 to block_readings_max, sorted by time (equal times in
/// order of arrival at the store); `point` of the readings is not written. Every other bit is kept,
/// also of values that are no decimal, infinite or no number.
void encode_block(std::span<const Reading> readings, Bytes& out);

/// Reads one block that begins at `bytes[at]`, moves `at` behind it and appends its readings, all
/// of `point`, to `out` (unchanged on error). Errors, `field` = "byte N" of `bytes`:
/// "block.short" (ends early), "block.varint" (longer than 10 bytes), "block.count" (none or more
/// than block_readings_max), "block.column" (unknown kind or order of a column), "block.range" (a
/// number outside what its column may hold), "block.flag" (unknown letter), "block.runs" (runs do
/// not add up to the count), "block.order" (times fall).
Result<void> decode_block(std::span<const std::uint8_t> bytes, std::size_t& at, PointKey point,
                          std::vector<Reading>& out);

}  // namespace tocsin::observation
