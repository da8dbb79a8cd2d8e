#pragma once
// The few calls the reading store makes to disk, behind one seam, so that tests can lose what was
// not synced, tear a page or fill the disk. Nothing buffers: a write has reached the kernel when it
// returns and the disk when sync() has returned.
//
// Errors everywhere: "store.disk_full" (ENOSPC, EDQUOT), "store.not_found", "store.io" (all else);
// `field` is the path, `detail` the system's words.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace tocsin::reading_store {

/// An open file. Reads and writes name their offset; a write reaches its last byte or fails.
class File {
 public:
  virtual ~File() = default;
  virtual Result<void> write_at(std::uint64_t offset, std::span<const std::uint8_t> bytes) = 0;
  /// Fills all of `out` or fails ("store.io" when the file ends before).
  virtual Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const = 0;
  virtual Result<std::uint64_t> size() const = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
  /// Content and length are on disk on return (fdatasync).
  virtual Result<void> sync() = 0;
};

/// Names and folders. Safe to use from several threads at once.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// A new, empty file for writing; replaces one of that name.
  virtual Result<std::unique_ptr<File>> create(const std::string& path) = 0;
  /// An existing file for reading and writing.
  virtual Result<std::unique_ptr<File>> open(const std::string& path) = 0;
  virtual Result<std::unique_ptr<File>> open_to_read(const std::string& path) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& path) = 0;
  /// A second name for the same bytes, or a synced copy where the disk cannot link.
  virtual Result<void> link_or_copy(const std::string& from, const std::string& to) = 0;
  /// The names of the plain files in a folder, sorted.
  virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
  /// Makes the folder and those above it; no error when it is there.
  virtual Result<void> make_folder(const std::string& folder) = 0;
  /// Names created, renamed and removed in the folder are on disk on return.
  virtual Result<void> sync_folder(const std::string& folder) = 0;
};

/// The real one.
FileSystem& posix_file_system();

}  // namespace tocsin::reading_store
