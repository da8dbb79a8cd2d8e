#pragma once
// 存储. The one interface between the log and a disk. An implementation must make `commit` all or
// nothing and durable before it returns; everything else is reading.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "log/part.h"
#include "log/segment.h"

namespace tocsin::log {

/// A package: a map, register or rule book that travels whole, named by the hash of its bytes.
struct Package {
  Hash hash;
  std::string kind;  ///< "divisions", "boundaries", "rules", "relief.dark", …
  std::string bytes;
};

/// Small values outside the log: the clock's high mark, peers' positions. Never facts.
struct Mark {
  std::string name;
  std::string value;
};

/// What one fsync makes durable.
struct Batch {
  std::vector<Record> records;  ///< of any logs, each in its log's order
  std::vector<Seal> seals;
  std::vector<Part> parts;
  std::vector<Package> packages;
  std::vector<Mark> marks;

  bool empty() const {
    return records.empty() && seals.empty() && parts.empty() && packages.empty() && marks.empty();
  }
};

/// What the visitor's own `Prepare` made of a record; the log does not look into it.
struct Prepared {
  virtual ~Prepared() = default;
};

/// A record that was read back and proved: it follows the one before it in its log. Views are good
/// during the visit.
struct Replayed {
  std::string_view bytes;
  Hash hash;
  Header header;
  std::unique_ptr<Prepared> prepared = {};  ///< nothing where nobody came to it
};

/// What a replay went through.
struct ReplaySummary {
  std::uint64_t records = 0;
  std::uint64_t seals = 0;
  std::uint64_t signatures = 0;  ///< checked this time
};

/// Gets records in the order they were committed, in runs; false ends the replay.
using ReplayVisit = std::function<bool(std::span<const Replayed>)>;
/// Does beforehand what needs nothing but the record itself: a pure function of the header.
using Prepare = std::function<std::unique_ptr<Prepared>(const Header&)>;

class Store {
 public:
  virtual ~Store() = default;

  /// Durable when it returns without error. Errors: "store.disk_full", "store.io" (detail says
  /// what); after an error nothing of the batch is kept.
  virtual Result<void> commit(const Batch& batch) = 0;

  /// Every record in the order it was committed, oldest first; `visit` returning false ends the
  /// walk.
  virtual Result<void> each_record(
      const std::function<bool(std::string_view bytes)>& visit) const = 0;
  /// The way in at start: every record in the order it was committed, with its hash and header,
  /// its chain checked; then seals against records, and signatures (an implementation may leave
  /// out those it has checked before, and read on another thread; `visit` runs on this one,
  /// `prepare` on either, or not at all: it is called by whichever has less to do).
  /// Errors name the first record that does not hold, field "<log>#<seq>, byte N":
  /// "record.damaged", "event.bad_header", "segment.gap", "segment.broken_chain",
  /// "segment.bad_hash", "segment.bad_signature".
  virtual Result<ReplaySummary> replay(const ReplayVisit& visit, const Prepare& prepare = {});
  /// Records first..last of one log (those that are there), in order.
  virtual Result<std::vector<std::string>> records(std::string_view log, std::uint64_t first,
                                                   std::uint64_t last) const = 0;
  /// Seals of one log, or of all when empty, in order.
  virtual Result<std::vector<Seal>> seals(std::string_view log) const = 0;
  /// The newest seal of each log.
  virtual Result<std::vector<Seal>> newest_seals() const;
  /// Errors "part.not_here", "package.not_here", "package.wrong_hash" (not the bytes it was named
  /// by: damaged where it lies).
  virtual Result<Part> part(const Hash& hash) const = 0;
  virtual Result<Package> package(const Hash& hash) const = 0;
  virtual Result<std::vector<Mark>> marks() const = 0;
  /// Number of records kept (for progress).
  virtual Result<std::uint64_t> record_count() const = 0;
};

}  // namespace tocsin::log
