#pragma once
// The journal file that is being appended to. A batch is one write and one sync; when either fails,
// the file is cut back to what was durable before anything else is taken.

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>

#include "adapter/reading_store/file_system.h"
#include "adapter/reading_store/journal_format.h"
#include "base/result.h"

namespace tocsin::reading_store {

class Journal {
 public:
  /// A new journal, durable (name included) on return.
  static Result<Journal> create(FileSystem& files, const std::string& folder,
                                std::uint64_t first_ordinal);
  /// Goes on with a journal whose good records end at `size`; cuts what is behind.
  static Result<Journal> resume(FileSystem& files, const std::string& path,
                                std::uint64_t first_ordinal, std::uint64_t size,
                                JournalPoints points);

  /// Durable on return; on error nothing of it will be found. Errors: "store.disk_full",
  /// "store.io".
  Result<void> append(std::uint64_t ordinal, std::span<const observation::Reading> batch,
                      const std::deque<std::string>& ids);
  /// Writes the mark of a clean end, if anything was appended since the last one.
  Result<void> mark_end(std::uint64_t last_ordinal);

  std::uint64_t first_ordinal() const { return first_ordinal_; }
  std::uint64_t size() const { return size_; }

 private:
  Journal(std::unique_ptr<File> file, std::uint64_t first_ordinal, std::uint64_t size,
          JournalPoints points);
  Result<void> write(const Bytes& record);
  Result<void> cut_back();

  std::unique_ptr<File> file_;
  std::uint64_t first_ordinal_ = 0;
  std::uint64_t size_ = 0;  // all of it durable
  bool ragged_ = false;     // something may stand behind size_
  bool marked_ = true;
  JournalPoints points_;
  Bytes payload_, record_;
};

/// All bytes of a file. Errors as FileSystem's.
Result<Bytes> read_whole(FileSystem& files, const std::string& path);

}  // namespace tocsin::reading_store
