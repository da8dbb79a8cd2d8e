#pragma once
// A page: the unit that is compressed, checksummed and read from a sealed file. It holds several
// blocks (or the file's index). docs/formats/readings.md, "Page".

#include <cstdint>
#include <span>

#include "base/encode.h"
#include "base/result.h"

namespace tocsin::reading_store {

inline constexpr std::size_t page_header_size = 12;
inline constexpr std::size_t page_raw_max = std::size_t{1} << 18;   ///< of blocks
inline constexpr std::size_t index_raw_max = std::size_t{1} << 28;  ///< of an index

/// Appends the page of `raw`, framed. Returns its size.
std::size_t put_page(std::span<const std::uint8_t> raw, Bytes& out);

/// The raw content of the page that is exactly `page`. Errors, field "byte 0" (of the page):
/// "page.short" (less than its header says, or more), "page.checksum", "page.size" (raw size over
/// `raw_max`), "page.compression".
Result<Bytes> open_page(std::span<const std::uint8_t> page, std::size_t raw_max);

}  // namespace tocsin::reading_store
