#include "adapter/sqlite/page_check.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "log/hash.h"

namespace tocsin::sqlite {
namespace {

// SQLite never writes the page at 1 GiB: its locks lie there.
constexpr std::uint32_t lock_page = 0x40000000 / page_size + 1;

using CheckValue = std::array<std::uint8_t, page_check_size>;

CheckValue check_of(std::span<const std::uint8_t, page_size> page, std::uint32_t number) {
  const std::array<std::uint8_t, 4> place = {
      static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
      static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
  const auto hash = log::sha256({as_text(place), as_text(page.first(page_size - page_check_size))});
  CheckValue out;
  std::ranges::copy(std::span(hash.bytes).first(page_check_size), out.begin());
  return out;
}

/// The layer: SQLite's own for this system, except that whole pages on their way into the database
/// file get their check value.
struct Layer {
  sqlite3_vfs vfs{};
  sqlite3_vfs* system = nullptr;
  sqlite3_io_methods methods{};
  const sqlite3_io_methods* system_methods = nullptr;
};

Layer& layer() {
  static Layer instance;
  return instance;
}

int write_checked(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  if (size != static_cast<int>(page_size))
    return layer().system_methods->xWrite(file, bytes, size, offset);
  std::array<std::uint8_t, page_size> page;
  std::memcpy(page.data(), bytes, page_size);
  put_page_check(page, static_cast<std::uint32_t>(offset / page_size + 1));
  return layer().system_methods->xWrite(file, page.data(), size, offset);
}

int open_checked(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int result = layer().system->xOpen(layer().system, name, file, flags, out_flags);
  const int writes_pages = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE;
  if (result != SQLITE_OK || (flags & writes_pages) != writes_pages) return result;
  static std::once_flag once;
  std::call_once(once, [&] {
    layer().system_methods = file->pMethods;
    layer().methods = *file->pMethods;
    layer().methods.xWrite = write_checked;
    layer().methods.iVersion = std::min(layer().methods.iVersion, 2);  // no memory-mapped writes
  });
  TOCSIN_CHECK(file->pMethods == layer().system_methods);
  file->pMethods = &layer().methods;
  return result;
}

bool read_page(int file, std::uint32_t number, std::span<std::uint8_t, page_size> page) {
  const auto offset = static_cast<off_t>((number - 1) * std::uint64_t{page_size});
  return ::pread(file, page.data(), page_size, offset) == static_cast<ssize_t>(page_size);
}

bool holds_later(int file, std::uint32_t number, std::span<std::uint8_t, page_size> page) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (read_page(file, number, page) && page_check_holds(page, number)) return true;
  }
  return false;
}

}  // namespace

const char* page_check_vfs() {
  static std::once_flag once;
  std::call_once(once, [] {
    Layer& it = layer();
    it.system = sqlite3_vfs_find(nullptr);
    TOCSIN_CHECK(it.system != nullptr);
    it.vfs = *it.system;
    it.vfs.zName = "tocsin-page-check";
    it.vfs.pNext = nullptr;
    it.vfs.xOpen = open_checked;
    TOCSIN_CHECK(sqlite3_vfs_register(&it.vfs, 0) == SQLITE_OK);
  });
  return "tocsin-page-check";
}

void put_page_check(std::span<std::uint8_t, page_size> page, std::uint32_t number) {
  std::ranges::copy(check_of(page, number), page.last<page_check_size>().begin());
}

bool page_check_holds(std::span<const std::uint8_t, page_size> page, std::uint32_t number) {
  if (number == lock_page) return true;
  if (std::ranges::equal(check_of(page, number), page.last<page_check_size>())) return true;
  return std::ranges::all_of(page, [](std::uint8_t byte) { return byte == 0; });
}

Result<void> check_pages(const std::string& path, bool in_use,
                         const std::function<void(std::uint32_t, std::uint64_t)>& damaged,
                         const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail("store.io", path, std::strerror(errno));
  struct ::stat status{};
  const bool known = ::fstat(file, &status) == 0;
  const auto bytes = known ? static_cast<std::uint64_t>(status.st_size) : 0;
  std::array<std::uint8_t, page_size> page;
  for (std::uint32_t number = 1; number <= bytes / page_size; ++number) {
    const std::uint64_t offset = (number - 1) * std::uint64_t{page_size};
    if (progress && number % 1024 == 1) progress(offset, bytes);
    if (!read_page(file, number, page) || !page_check_holds(page, number))
      if (!in_use || !holds_later(file, number, page)) damaged(number, offset);
  }
  ::close(file);
  if (!known) return fail("store.io", path, "its size cannot be read");
  if (bytes % page_size != 0)
    return fail("store.damaged", path, "ends within a page, at byte " + std::to_string(bytes));
  if (progress) progress(bytes, bytes);
  return {};
}

}  // namespace tocsin::sqlite
