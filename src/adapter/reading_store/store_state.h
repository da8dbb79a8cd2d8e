#pragma once
// What a Store holds; private to this room. Its functions are spread by concern: store_open.cpp,
// reading_store.cpp (in), store_query.cpp (out), store_seal.cpp, store_retention.cpp,
// store_backup.cpp.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapter/reading_store/catalog.h"
#include "adapter/reading_store/journal.h"
#include "adapter/reading_store/log_word.h"
#include "adapter/reading_store/memtable.h"
#include "adapter/reading_store/reading_store.h"

namespace tocsin::reading_store {

/// Times and arrivals are in [1970, 3000).
inline constexpr Instant calendar_end = instant_ms(32'503'680'000'000);

struct Store::State {
  State(FileSystem& system, std::string where, Options limits)
      : files(system), folder(std::move(where)), options(limits), lookup(system, 256) {}

  FileSystem& files;
  std::string folder;
  Options options;
  OpenReport report;

  // Points. A deque, because keys_of holds views into it.
  std::deque<std::string> ids;
  std::unordered_map<std::string_view, PointKey> keys_of;
  std::vector<Instant> newest;  // by key; Instant::min() where nothing is stored

  // Readings in memory: `active` belongs to the journal being written (and any before it that are
  // neither sealed nor frozen), `frozen` to a seal under way or to be tried again.
  Memtable active;
  std::shared_ptr<const Memtable> frozen;
  std::uint64_t active_first = 1;         // ordinals: active holds [active_first, last_ordinal],
  std::uint64_t frozen_first = 0;         // frozen [frozen_first, active_first - 1]
  std::optional<Instant> oldest_arrival;  // in active

  std::optional<Journal> journal;
  std::vector<std::uint64_t> closed_journals;  // first ordinals, rising; still on disk
  std::uint64_t last_ordinal = 0;

  Catalog catalog;
  BlockReader lookup;
  std::set<std::string, std::less<>> named;  // sealed files the log names

  bool sealing = false, seal_failed = false;
  Instant seal_again{};
  std::weak_ptr<const void> cut;       // a backup under way
  std::vector<std::string> to_delete;  // put off by it

  std::vector<Fate> fates;
  std::vector<Reading> fresh;

  std::string path(std::string_view name) const { return folder + "/" + std::string(name); }
  std::uint64_t unsealed() const { return active.size() + (frozen ? frozen->size() : 0); }
  /// Last ordinal of a closed journal: the one before the next journal begins.
  std::uint64_t last_of_closed(std::size_t i) const {
    return (i + 1 < closed_journals.size() ? closed_journals[i + 1] : journal->first_ordinal()) - 1;
  }

  Result<PointKey> point(std::string_view id);
  /// What becomes of a valid reading; looks into memory and, where needed, into sealed files.
  Fate judge(const Reading& reading);
  /// Takes a reading that judge() lets in.
  void take(const Reading& reading);
  /// After take_back() or the loss of a file: the newest that is really there.
  void refresh_newest(PointKey point);

  Result<void> open(Known known);
  Result<void> sort_out(const LogWord& log, std::vector<SealedName>& sealed,
                        std::vector<std::uint64_t>& journals);
  void load_files(const LogWord& log, const std::vector<SealedName>& sealed);
  std::optional<std::vector<PointKey>> keys_for(const SealedName& name, const SealedIndex& index);
  void compare(SealedOnDisk& file, const LogWord& log);
  Result<void> drop_unused(std::vector<std::uint64_t>& journals);
  Result<void> load_journals(std::vector<std::uint64_t> journals);
  Result<void> keep_cut(const std::string& name, std::span<const std::uint8_t> bytes);
  Result<void> replay(std::uint64_t first, bool is_last);

  /// Pins by point, so that a file's blocks are asked only where something is pinned.
  using PinsByPoint = std::map<PointKey, std::vector<std::pair<Instant, Instant>>>;
  struct Spared {
    std::vector<std::pair<PointKey, std::vector<Reading>>> points;
    std::uint64_t readings = 0;
  };
  Result<Spared> spared(const SealedOnDisk& file, const PinsByPoint& pins);
  Result<std::optional<SealedFile>> write(const SealedName& name, const Spared& spared);
  bool may_expire(const SealedOnDisk& file, Instant before) const;

  /// Adds a file that was just written.
  void adopt(const SealedName& name, SealedIndex index, const SealedFile& facts);
  /// Deletes what is in `to_delete`, unless a backup is under way.
  Result<void> delete_discarded();
};

}  // namespace tocsin::reading_store
