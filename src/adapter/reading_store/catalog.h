#pragma once
// What the sealed files hold, in memory: for each point the places of its blocks, so that a
// question touches only the pages it needs however many files there are.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapter/reading_store/file_names.h"
#include "adapter/reading_store/file_system.h"
#include "adapter/reading_store/memtable.h"
#include "adapter/reading_store/sealed_format.h"
#include "base/result.h"
#include "domain/observation/reading.h"
#include "domain/observation/sealed_file.h"

namespace tocsin::reading_store {

/// A sealed file that was opened. Immutable, shared with questions under way.
struct SealedOnDisk {
  SealedName name;
  std::string path;
  observation::SealedFile facts;  ///< sha256 empty while nobody knows it
  std::vector<std::uint64_t> page_offsets;
  Instant last_arrival{};
};

struct LoadedSealed {
  std::shared_ptr<SealedOnDisk> file;
  SealedIndex index;  ///< page_offsets moved to file
};

/// Reads header, trailer and index, nothing else. Errors: FileSystem's, "index.…", "page.…"; field
/// "byte N" of the file.
Result<LoadedSealed> load_sealed(FileSystem& files, const std::string& folder,
                                 const SealedName& name);
/// What is known of a file right after it was built.
observation::SealedFile facts_of(const SealedName& name, const SealedIndex& index);

/// One block of one point.
struct BlockRef {
  std::shared_ptr<const SealedOnDisk> file;
  std::uint32_t page = 0, offset = 0, size = 0, count = 0;
  Instant first{}, last{};
};

/// Reads blocks, keeping the last few raw pages. For one thread.
class BlockReader {
 public:
  /// Keeps up to `pages` raw pages (some 32 kB each).
  BlockReader(FileSystem& files, std::size_t pages) : files_(&files), slots_(pages) {}
  /// Appends the block's readings, as readings of `point`. Errors: "store.file_missing", "page.…",
  /// "block.…"; field "NAME byte N".
  Result<void> read(const BlockRef& block, observation::PointKey point,
                    std::vector<observation::Reading>& out);
  /// Forget a file's pages.
  void forget(const SealedOnDisk* file);

 private:
  struct Slot {
    const SealedOnDisk* file = nullptr;
    std::uint32_t page = 0;
    Bytes raw;
  };
  Result<const Bytes*> page(const SealedOnDisk& file, std::uint32_t page);
  FileSystem* files_;
  std::vector<Slot> slots_;
};

class Catalog {
 public:
  /// `keys`: the store's key for each of the index's points.
  void add(std::shared_ptr<const SealedOnDisk> file, const SealedIndex& index,
           std::span<const observation::PointKey> keys);
  void remove(const SealedOnDisk* file);

  /// The point's blocks that touch [from, to), in the order in which they were stored.
  std::vector<BlockRef> overlapping(observation::PointKey point, Instant from, Instant to) const;
  /// Latest event time of the point; Instant::min() when there is none.
  Instant newest(observation::PointKey point) const;

  /// In order of their ordinals.
  const std::vector<std::shared_ptr<const SealedOnDisk>>& files() const { return files_; }
  /// The file that holds the batch, if one does.
  const SealedOnDisk* holding(std::uint64_t ordinal) const;

 private:
  /// A BlockRef without the share in the file; sorted by `first`.
  struct Entry {
    const SealedOnDisk* file = nullptr;
    std::uint32_t page = 0, offset = 0, size = 0, count = 0;
    Instant first{}, last{};
    Instant last_so_far{};  ///< of this and all entries before
  };
  static void sum_up(std::vector<Entry>& entries, std::size_t from);
  std::shared_ptr<const SealedOnDisk> share(const SealedOnDisk* file) const;

  std::vector<std::vector<Entry>> blocks_;  // by key
  std::vector<std::shared_ptr<const SealedOnDisk>> files_;
};

}  // namespace tocsin::reading_store
