#pragma once
// The part of audit() that reads through SQLite; included by its sources only.

#include <map>
#include <string>

#include "adapter/sqlite/audit.h"
#include "adapter/sqlite/database.h"

namespace tocsin::sqlite {

class AuditWalk {
 public:
  AuditWalk(Database database, const AuditVisit& visit, Audit& out)
      : database_(std::move(database)), visit_(visit), out_(out) {}

  /// An error is the database's own (a page that cannot be read); what was found before stays.
  Result<void> run();

 private:
  struct Span {
    std::uint64_t first, last;
  };
  struct Log {
    log::Chain chain;
    std::string key{};  ///< that seals the log: as its first record says, else its first seal
    std::vector<Span> spans{};  ///< segments, in order
    bool broken = false;        ///< a finding was made: the rest is read, not judged
    std::string last_bytes{};   ///< of the record before
  };

  Result<void> logs();
  Result<void> seals();
  Result<void> records();
  Result<void> blobs(const char* what, const char* sql, std::uint64_t& count);
  void seal(const Statement& row);
  void record(const Statement& row);
  /// False when the record does not hold; then the finding is made.
  bool bytes_hold(Log& log, std::uint64_t seq, std::string_view bytes, std::int64_t digest);
  bool chain_holds(Log& log, std::uint64_t seq, const log::Replayed& record);
  void opened(Log& log, const log::Replayed& record);
  /// Hash that the log's later parts say the record has; nothing when there are none.
  std::optional<log::Hash> hash_said_later(const Log& log, std::uint64_t seq);
  void find(Log& log, const char* what, std::uint64_t seq, std::optional<std::uint64_t> byte,
            std::string code, std::string detail);
  void progress(const char* what, std::uint64_t done, std::uint64_t total) const {
    if (visit_.progress && done % 10'000 == 0) visit_.progress(what, done, total);
  }

  Database database_;
  const AuditVisit& visit_;
  Audit& out_;
  std::map<std::int64_t, Log> logs_;
};

}  // namespace tocsin::sqlite
