#pragma once
// A disk that can lie. It keeps what a real one keeps: a batch goes to the cache of the drive, then
// is synced, then `commit` returns. The power can fail between any two of these, the disk can be
// full, and it can claim to have synced what it has not.

#include <functional>
#include <optional>

#include "log/memory_store.h"

namespace tocsin::sim {

/// Thrown out of a commit: the machine died there.
struct PowerCut {};

class Disk final : public log::Store {
 public:
  using Contents = log::MemoryStore::Contents;
  /// What befalls the next commit.
  enum class Fate { nothing, dies_before_sync, dies_after_sync };

  Result<void> commit(const log::Batch& batch) override;
  Result<void> each_record(
      const std::function<bool(std::string_view bytes)>& visit) const override {
    return seen_.each_record(visit);
  }
  /// Chains are checked; seals are not (calm.h does, once a night).
  Result<log::ReplaySummary> replay(const log::ReplayVisit& visit,
                                    const log::Prepare& prepare = {}) override;
  Result<std::vector<std::string>> records(std::string_view log, std::uint64_t first,
                                           std::uint64_t last) const override {
    return seen_.records(log, first, last);
  }
  Result<std::vector<log::Seal>> seals(std::string_view log) const override {
    return seen_.seals(log);
  }
  Result<log::Part> part(const log::Hash& hash) const override { return seen_.part(hash); }
  Result<log::Package> package(const log::Hash& hash) const override { return seen_.package(hash); }
  Result<std::vector<log::Mark>> marks() const override { return seen_.marks(); }
  Result<std::uint64_t> record_count() const override { return seen_.record_count(); }

  void set_fate(Fate fate) { fate_ = fate; }
  void set_full(bool full) { full_ = full; }
  /// While it lies, nothing is synced though `commit` says so.
  void set_lying(bool lying);

  /// The power fails: what was not synced is gone.
  void lose_power();
  /// What is safely kept; a backup is a copy of it.
  const Contents& contents() const { return seen_.contents(); }
  void replace(Contents contents);

  /// Told of each batch that was kept.
  std::function<void(const log::Batch&)> on_kept;

 private:
  log::MemoryStore seen_;              // what a reader sees
  std::optional<Contents> only_this_;  // while lying: what would survive
  Fate fate_ = Fate::nothing;
  bool full_ = false;
};

}  // namespace tocsin::sim
