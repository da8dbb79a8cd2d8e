#pragma once
// The log on an embedded SQLite database, DIR/log.db (DESIGN.md beside this file; the log's own
// format is docs/formats/log.md). One connection commits and checkpoints; reading has its own, so
// it never waits for a disk to sync. Safe to call from several threads.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "log/store.h"

namespace tocsin::sqlite {

/// Stands in a folder while it is restored: a node must not go on from what lacks the mark that
/// makes it hold its mails and open a new epoch.
inline constexpr const char* restoring_name = "restoring";

enum class Opening : std::uint8_t { usual, by_restore };

class SqliteStore final : public log::Store {
 public:
  /// Opens or makes DIR/log.db and takes the lock DIR/lock. Errors: "store.in_use" (another process
  /// has it), "store.not_ours" (not a database of this program), "store.newer" (of a newer one),
  /// "store.half_restored" (a restore was broken off), "store.is_backup" (restore it first),
  /// "store.damaged", "store.read_only", "store.disk_full", "store.io".
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& folder,
                                                   Opening opening = Opening::usual);
  /// For verify, export and backup, also while a node runs. Writes nothing; commit() gives
  /// "store.read_only". Errors also "store.not_found".
  static Result<std::unique_ptr<SqliteStore>> open_to_read(const std::string& folder);
  ~SqliteStore() override;

  Result<void> commit(const log::Batch& batch) override;
  Result<void> each_record(const std::function<bool(std::string_view bytes)>& visit) const override;
  /// Reads, hashes and checks on another thread while `visit` folds on this one. Signatures of
  /// seals that came after the last whole replay.
  Result<log::ReplaySummary> replay(const log::ReplayVisit& visit,
                                    const log::Prepare& prepare = {}) override;
  Result<std::vector<std::string>> records(std::string_view log, std::uint64_t first,
                                           std::uint64_t last) const override;
  Result<std::vector<log::Seal>> seals(std::string_view log) const override;
  Result<std::vector<log::Seal>> newest_seals() const override;
  Result<log::Part> part(const log::Hash& hash) const override;
  Result<log::Package> package(const log::Hash& hash) const override;
  Result<std::vector<log::Mark>> marks() const override;
  Result<std::uint64_t> record_count() const override;

  /// Names of the logs, in the order they began.
  Result<std::vector<std::string>> logs() const;
  /// Copies the database as it is now into the missing file `to`, page by page, while this or
  /// another process goes on writing. `progress(done, total)` in pages.
  Result<void> copy_to(const std::string& to,
                       const std::function<void(std::uint64_t, std::uint64_t)>& progress) const;

 private:
  struct State;
  explicit SqliteStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::sqlite
