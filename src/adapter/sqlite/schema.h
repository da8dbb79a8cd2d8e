#pragma once
// The tables of log.db and how a connection to them is set up. docs/formats/log.md describes them
// for other readers.

#include <string>

#include "adapter/sqlite/database.h"
#include "log/segment.h"

namespace tocsin::sqlite {

/// For committing: makes the tables in a new file. Errors as SqliteStore::open().
Result<Database> open_log_to_write(const std::string& path);
/// For reading, beside a running node or at rest. Errors as SqliteStore::open_to_read().
Result<Database> open_log_to_read(const std::string& path);

/// A seal as the table `segment` has it (log id, first, last, hash, key, signature), bound to
/// parameters or columns in this order.
struct SealRow {
  std::int64_t log = 0, first = 0, last = 0;
  Bytes hash, key, signature;
};
/// Error "segment.bad_seal" when key or signature is no base64url.
Result<SealRow> row_of(const log::Seal& seal, std::int64_t log);
/// Reads columns first, last, hash, key, signature from `column` on.
log::Seal seal_at(const Statement& row, int column, std::string log);
/// 32 bytes; shorter blobs leave zeros, which match nothing.
log::Hash hash_of_blob(std::string_view blob);

/// What stands beside a record to tell whether its bytes turned: the first 8 bytes of its hash.
std::int64_t digest_of(const log::Hash& hash);

}  // namespace tocsin::sqlite
