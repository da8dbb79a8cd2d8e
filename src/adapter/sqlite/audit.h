#pragma once
// 核验. Walks all of a log database and says what in it does not hold. Unlike a replay it goes on
// behind the first damage, looks at what a start never reads (parts, packages, unused bytes), and
// finds the byte.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "log/chain.h"
#include "log/store.h"

namespace tocsin::sqlite {

/// Something that does not hold. `what` is "record", "segment", "part", "package", "page",
/// "journal" (the write-ahead file) or "database".
struct Finding {
  std::string what;
  Error error;                        ///< field: the place in words
  std::string log;                    ///< of records and segments
  std::uint64_t seq = 0;              ///< of records
  std::optional<std::uint64_t> byte;  ///< within the record; within the file for pages
  std::uint64_t first = 0, last = 0;  ///< the segment concerned; 0: under no seal yet
  std::string file{};                 ///< of pages and the journal
};

struct AuditedLog {
  std::string log;
  log::Head head;
  std::uint64_t sealed = 0;
};

struct Audit {
  std::uint64_t records = 0, seals = 0, parts = 0, packages = 0;
  std::vector<AuditedLog> logs;
  std::vector<Finding> findings;  ///< the first is the first in the order of the log
  std::vector<std::string> notes;
};

struct AuditVisit {
  /// Every record that holds, with its hash.
  std::function<void(const log::Replayed&)> record;
  std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)> progress;
};

/// Everything in FOLDER/log.db; also while a node runs. The calling process must not have the
/// database open (the system would drop SQLite's locks). Errors only when there is nothing to
/// look at: "store.not_found".
Result<Audit> audit(const std::string& folder, const AuditVisit& visit);

}  // namespace tocsin::sqlite
