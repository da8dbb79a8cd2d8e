#pragma once
// Keeps every reading the stations sent: durable before it is acknowledged, once however often it
// is sent, packed into few bytes, found again by point and time. DESIGN.md tells how and why;
// docs/formats/readings.md the bytes.
//
// What always holds:
//  - A reading whose ingest() returned is found again after any crash; one refused is not found.
//  - What says the same as the reading that stands for its (point, time) is stored once, whenever
//    and however often it comes. Another value or flag is a revision, one that stood before too:
//    the last one stored stands and answers queries, the earlier ones stay readable.
//  - Sealed files never change. The store never removes one unless told by remove().
//
// One thread owns a Store and calls all of it. What may take long leaves as a value that another
// thread may run: SealJob, Query, BackupCut.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/reading_store/file_system.h"
#include "base/result.h"
#include "base/time.h"
#include "domain/observation/reading.h"
#include "domain/observation/sealed_file.h"

namespace tocsin::reading_store {

using observation::Flag;
using observation::PointKey;
using observation::Reading;
using observation::SealedFile;

/// Limits. `seal_readings` and `seal_after` only decide when wants_seal() turns true.
struct Options {
  std::size_t seal_readings = 1'000'000;          ///< unsealed readings (32 bytes of memory each)
  Duration seal_after = std::chrono::hours(24);   ///< age of the oldest unsealed reading
  std::size_t unsealed_readings_max = 4'000'000;  ///< beyond: "store.backlog", nothing is taken
  std::size_t points_max = 1'000'000;
  std::size_t batch_readings_max = 100'000;
};

/// What the event log knows about the files in the folder, for open() to compare.
struct Known {
  std::vector<SealedFile> named;     ///< sealed and not removed, as the log says
  std::vector<std::string> removed;  ///< names the log says were removed: deleted if still there
};

/// Something found broken or lost in a file; nothing of it is served from the damaged part.
struct Damage {
  std::string file;
  std::uint64_t byte = 0;  ///< first byte of the part that is damaged
  Error error;
};

/// What open() found. `unnamed`: sealed, but the log does not say so yet; write the event, then
/// call named(). `damaged` includes files the log names that are missing ("store.file_missing").
struct OpenReport {
  std::uint64_t files = 0, blocks = 0, sealed_readings = 0;
  std::uint64_t replayed_batches = 0, replayed_readings = 0;  ///< from the unsealed journal
  std::uint64_t torn_bytes = 0;                               ///< cut from the journal's end
  std::vector<SealedFile> unnamed;
  std::vector<Damage> damaged;
  /// Of torn_bytes, what may have been acknowledged: "journal.unclear". Kept beside the journal in
  /// a file of its name and ".cut".
  std::vector<Damage> unclear;
};

/// 入库结果. What became of one reading of a batch.
enum class Fate : std::uint8_t {
  stored,       ///< new, and newer than all known of its point
  stored_late,  ///< new, older than the newest known of its point
  revised,      ///< same point and time, other value or flag: now the one that answers queries
  duplicate,    ///< the one that stands says the same; nothing was written
  bad_time,     ///< refused: time or arrival before 1970 or after 2999
  bad_value,    ///< refused: infinite
  bad_flag,     ///< refused: not a letter of HJ 212
  bad_point,    ///< refused: not a key of this store
  too_many,     ///< refused: revisions_max readings are stored for this very instant
};

/// A clock that stands still must not make one instant hold a year of values.
inline constexpr std::size_t revisions_max = 1000;

/// Answer to a batch. `ordinal` is its number, or that of the last batch when nothing new was in
/// it. `fates` has one entry per reading, in order, and is good until the next ingest().
struct Receipt {
  std::uint64_t ordinal = 0;
  std::uint32_t stored = 0, late = 0, revised = 0, duplicate = 0, refused = 0;
  std::span<const Fate> fates;  ///< late and revised are counted in `stored` too
};

/// 汇总. One span of time; `from` inclusive. Min, max, mean, first and last are over readings that
/// have a value whatever their flag says (`count` of them); with count 0 they are `no_value`.
struct Bucket {
  Instant from;
  std::uint32_t count = 0;    ///< readings with a value
  std::uint32_t missing = 0;  ///< readings that say there is no value
  double min = observation::no_value, max = observation::no_value, mean = observation::no_value;
  double first = observation::no_value, last = observation::no_value;
  std::uint32_t flagged(Flag flag) const;  ///< readings with that flag (with or without a value)
  std::uint32_t flags[9] = {};             ///< none N F M C S D B T
};

/// Whether all revisions of a (point, time) are wanted, oldest first, or only the last one.
enum class Revisions { last, all };

/// A part of an answer. When `next` is set the answer was cut at the limit: ask again from there.
struct Found {
  std::vector<Reading> readings;
  std::optional<Instant> next;
};

/// The end of an answer, in order of time. `cut`: there are older readings too.
struct Newest {
  std::vector<Reading> readings;
  bool cut = false;
};

/// A question, ready to be answered on any thread from what was stored when it was asked. Errors
/// name the file: "store.file_missing" (removed meanwhile), "block.…", "page.…" (damaged).
class Query {
 public:
  /// Readings in order of time. Never splits one instant, so it may exceed `limit` by its
  /// revisions.
  Result<Found> readings(std::size_t limit = 1'000'000,
                         Revisions revisions = Revisions::last) const;
  /// The last `limit` (at least 1) instants, each with its last revision. Reads the whole span.
  Result<Newest> newest(std::size_t limit) const;
  /// Buckets of `width` aligned to `from`; those without any reading are left out. At most 100,000
  /// buckets ("query.too_many_buckets"); width > 0 ("query.bad_width").
  Result<std::vector<Bucket>> rollup(Duration width) const;

  Query(Query&&) noexcept;
  Query& operator=(Query&&) noexcept;
  ~Query();

 private:
  friend class Store;
  struct Plan;
  explicit Query(std::unique_ptr<const Plan> plan);
  std::unique_ptr<const Plan> plan_;
};

/// The work of sealing, free of the store: run() packs, writes and syncs the file, on any thread.
class SealJob {
 public:
  struct Done;
  /// Errors: "store.disk_full", "store.io". Nothing is lost: the journal stays, seal again.
  Result<std::shared_ptr<const Done>> run() const;

  SealJob(SealJob&&) noexcept;
  SealJob& operator=(SealJob&&) noexcept;
  ~SealJob();

 private:
  friend class Store;
  struct Task;
  explicit SealJob(std::unique_ptr<const Task> task);
  std::unique_ptr<const Task> task_;
};

/// What was stored at one moment, to be copied on any thread. While it lives the store removes no
/// file (release() and remove() put it off).
class BackupCut {
 public:
  std::uint64_t ordinal() const;  ///< last batch within
  std::uint64_t bytes() const;    ///< what copy_to() will write or link
  /// Fills the empty or missing folder: sealed files linked or copied, journals copied up to the
  /// cut; all synced. `progress(done, total)` in bytes. Opens as a store.
  Result<void> copy_to(
      const std::string& folder,
      const std::function<void(std::uint64_t, std::uint64_t)>& progress = {}) const;

  BackupCut(BackupCut&&) noexcept;
  BackupCut& operator=(BackupCut&&) noexcept;
  ~BackupCut();

 private:
  friend class Store;
  struct Cut;
  explicit BackupCut(std::shared_ptr<const Cut> cut);
  std::shared_ptr<const Cut> cut_;
};

/// A range of one point's readings that retention must spare, because an event quotes it.
struct Pin {
  std::string point;
  Instant from, to;  ///< both inclusive
};

/// One file retention would drop. The log is told first (`file`, `replacement`), then remove().
struct Removal {
  SealedFile file;
  std::optional<SealedFile> replacement;  ///< written already: the pinned readings alone
};

class Store {
 public:
  /// Opens or makes the folder: reads the sealed files' indexes, replays the unsealed journal, cuts
  /// what was torn. Damage does not keep it shut: it is in report(). Errors: "store.disk_full",
  /// "store.io" where the folder itself cannot be used.
  static Result<std::unique_ptr<Store>> open(FileSystem& files, std::string folder,
                                             Options options = {}, Known known = {});
  /// Writes the mark of a clean end; what is acknowledged is safe without it.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const OpenReport& report() const;

  // Points.

  /// The key of a point, new or known. Errors: "store.point_id" (empty, over 128 bytes or no
  /// UTF-8), "store.too_many_points".
  Result<PointKey> point(std::string_view id);
  std::optional<PointKey> find(std::string_view id) const;
  std::string_view id_of(PointKey key) const;
  std::size_t points() const;

  // In.

  /// Stores a batch: one write, one sync. On return what its fates call stored is durable. On error
  /// nothing of the batch is kept and all of it may be sent again: "store.disk_full", "store.io",
  /// "store.backlog" (sealing does not keep up), "store.batch_too_big".
  Result<Receipt> ingest(std::span<const Reading> batch);

  /// Ordinal of the last durable batch; 0 before the first. Grows by one a batch, never goes back.
  std::uint64_t last_ordinal() const;
  /// Hands every batch after `cursor` to `visit(ordinal, readings)` in the order they were stored,
  /// until it returns false. Errors: "store.cursor_gone" (field: the oldest cursor still possible)
  /// when release() has let go of journals after `cursor`; "journal.…" (damaged, names the byte).
  Result<void> read_from(
      std::uint64_t cursor,
      const std::function<bool(std::uint64_t, std::span<const Reading>)>& visit) const;

  // Out.

  /// All of a point in [from, to).
  Query query(PointKey point, Instant from, Instant to) const;
  /// The reading with the latest time (its last revision); nothing stored: nullopt.
  Result<std::optional<Reading>> latest(PointKey point) const;

  // Sealing.

  /// True when the unsealed journal has grown large or old enough; after a seal that failed, again
  /// every ten seconds.
  bool wants_seal(Instant now);
  /// Closes the journal and hands out the work; ingest goes on into a new one. Nothing to seal, or
  /// a job is out already: nullopt. A job that failed or was lost is handed out again after
  /// finish_seal() with its error.
  Result<std::optional<SealJob>> begin_seal();
  /// Takes the result of run(). The file must now be named in the log; then call named().
  Result<SealedFile> finish_seal(Result<std::shared_ptr<const SealJob::Done>> done);
  /// begin, run and finish in one call; nullopt when there was nothing to seal.
  Result<std::optional<SealedFile>> seal();
  /// The log names this file now (durably).
  void named(std::string_view file);
  /// The rules' durable cursor has reached `cursor`: journals that are sealed, named and not after
  /// it are deleted.
  Result<void> release(std::uint64_t cursor);

  // Keeping and dropping.

  /// Sealed and named files whose last arrival is before `before` (the newest file never), each
  /// with a replacement that holds what `pins` spare. Deletes nothing. Put the removals in the log,
  /// then call remove().
  Result<std::vector<Removal>> expired(Instant before, std::span<const Pin> pins);
  Result<void> remove(const Removal& removal);

  /// One cut for a backup, after batch `up_to` (as the log's cut knows it). Error
  /// "store.cut_gone": a file sealed meanwhile holds later batches too; take a new cut.
  Result<BackupCut> backup(std::uint64_t up_to) const;

  /// Sealed files in order of their ordinals.
  std::vector<SealedFile> sealed() const;
  std::uint64_t unsealed_readings() const;
  /// Size of all files in the folder.
  Result<std::uint64_t> bytes_on_disk() const;

 private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What verify() found. `first` is the first damage in the order of the files; `notes` are things a
/// crash may leave and open() puts right (a torn tail, an unfinished file).
struct Verified {
  std::uint64_t files = 0, blocks = 0, readings = 0, journal_batches = 0;
  std::uint64_t unsealed_readings = 0;  ///< in journals only, in no sealed file yet
  std::optional<Damage> first;
  std::vector<Damage> damaged;
  /// An end that cannot be read and may or may not have been acknowledged, or what a start has cut
  /// off such an end and kept: "journal.unclear", "journal.cut".
  std::vector<Damage> unclear;
  std::vector<Damage> notes;
};

/// Walks every byte of the folder's files without opening the store: digests against `expected`,
/// every page, block and journal record. `progress(done, total)` in bytes.
/// Codes in Verified: "store.file_missing", "store.file_unexpected", "store.file_size",
/// "store.digest", "page.…", "index.…", "block.…", "journal.…".
Result<Verified> verify(FileSystem& files, const std::string& folder,
                        std::span<const SealedFile> expected,
                        const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

/// Copies a backup into an empty or missing folder, synced. The caller verifies first or after.
Result<void> restore(FileSystem& files, const std::string& backup, const std::string& folder,
                     const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

}  // namespace tocsin::reading_store
