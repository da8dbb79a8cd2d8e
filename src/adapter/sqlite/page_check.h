#pragma once
// A check value on every page of a database file, so that a byte that turned anywhere in it can be
// found, also where no record lies. SQLite leaves the last 8 bytes of each page to us; they hold
// the first 8 bytes of SHA-256 over the page's number (4 bytes, big-endian) and its other bytes.
// They are written as pages reach the database file; the write-ahead file has check values of
// SQLite's own. Only verification reads them: records, seals, parts and packages prove themselves.

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/result.h"

namespace tocsin::sqlite {

inline constexpr std::size_t page_size = 4096;
inline constexpr std::size_t page_check_size = 8;

/// Name of the file layer that writes the check values. Registered with SQLite at the first call.
const char* page_check_vfs();

/// Writes the check value into the last 8 bytes. `number` counts from 1.
void put_page_check(std::span<std::uint8_t, page_size> page, std::uint32_t number);
/// A page of zeros holds too: it was never written.
bool page_check_holds(std::span<const std::uint8_t, page_size> page, std::uint32_t number);

/// Reads every page of the file. Calls `damaged(number, offset)` for each that does not hold; when
/// a node may be writing it, only after reading it anew a few times. `progress(done, total)` bytes.
/// Errors "store.io", "store.damaged" (the length is no whole number of pages).
Result<void> check_pages(const std::string& path, bool in_use,
                         const std::function<void(std::uint32_t, std::uint64_t)>& damaged,
                         const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace tocsin::sqlite
