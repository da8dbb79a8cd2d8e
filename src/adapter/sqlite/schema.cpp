#include "adapter/sqlite/schema.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "adapter/sqlite/page_check.h"

namespace tocsin::sqlite {
namespace {

constexpr std::int64_t application_id = 0x5463734c;  // "TcsL", 1415803724
constexpr std::int64_t schema_version = 1;

constexpr const char* tables = R"(
BEGIN IMMEDIATE;
CREATE TABLE log (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
                  checked INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE event (pos INTEGER PRIMARY KEY, log INTEGER NOT NULL, seq INTEGER NOT NULL,
                    digest INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX event_place ON event (log, seq);
CREATE TABLE segment (log INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
                      hash BLOB NOT NULL, key BLOB NOT NULL, signature BLOB NOT NULL,
                      PRIMARY KEY (log, last)) STRICT, WITHOUT ROWID;
CREATE TABLE part (hash BLOB PRIMARY KEY, case_id TEXT NOT NULL, size INTEGER NOT NULL,
                   sealed BLOB NOT NULL) STRICT;
CREATE TABLE package (hash BLOB PRIMARY KEY, kind TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA application_id = 1415803724;
PRAGMA user_version = 1;
COMMIT;
)";

Result<void> prepare_new_file(const Database& database) {
  int reserved = page_check_size;
  sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  return database.run("PRAGMA page_size = " + std::to_string(page_size));
}

/// True when the tables are there, false when the file is empty.
Result<bool> check_kind(const Database& database, const std::string& path) {
  const auto application = database.integer("PRAGMA application_id");
  if (!application) return std::unexpected(application.error());
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  const auto objects = database.integer("SELECT count(*) FROM sqlite_schema");
  if (!objects) return std::unexpected(objects.error());
  if (*application == 0 && *version == 0 && *objects == 0) return false;
  if (*application != application_id) return fail("store.not_ours", path);
  if (*version > schema_version)
    return fail("store.newer", path, "written by version " + std::to_string(*version));
  return true;
}

bool is_empty(const std::string& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing || size == 0;
}

/// The log tells who was called and what each answered: for its owner alone, also in a folder that
/// is open to others. SQLite gives the files beside it the same mode. What another owns stays as it
/// is; whether it can be written is seen by opening it.
void make_private(const std::string& path) {
  const int fresh = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fresh >= 0) ::close(fresh);
  for (const char* ending : {"", "-wal", "-shm"}) ::chmod((path + ending).c_str(), 0600);
}

}  // namespace

Result<Database> open_log_to_write(const std::string& path) {
  const bool fresh = is_empty(path) && is_empty(path + "-wal");
  make_private(path);
  auto database = Database::open(path, Open::write);
  if (!database) return database;
  if (fresh)
    if (auto done = prepare_new_file(*database); !done) return std::unexpected(done.error());
  const auto there = check_kind(*database, path);
  if (!there) return std::unexpected(there.error());
  if (auto done = database->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 10000;"
                                "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
      !done)
    return std::unexpected(done.error());
  if (!*there)
    if (auto done = database->run(tables); !done) return std::unexpected(done.error());
  return database;
}

Result<Database> open_log_to_read(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!std::filesystem::exists(path)) return fail("store.not_found", path);
  const bool at_rest =
      std::filesystem::exists(folder / "backup.json") || ::access(folder.c_str(), W_OK) != 0;
  const bool no_journal = is_empty(path + "-wal");
  auto database = Database::open(path, at_rest && no_journal ? Open::read_at_rest : Open::read);
  if (!database) return database;
  const auto there = check_kind(*database, path);
  if (!there) return std::unexpected(there.error());
  if (!*there) return fail("store.not_ours", path, "an empty database");
  if (auto done = database->run("PRAGMA query_only = ON; PRAGMA cache_size = -2048;"
                                "PRAGMA trusted_schema = OFF;");
      !done)
    return std::unexpected(done.error());
  return database;
}

log::Hash hash_of_blob(std::string_view blob) {
  log::Hash out;
  if (blob.size() == out.bytes.size()) std::ranges::copy(as_bytes(blob), out.bytes.begin());
  return out;
}

Result<SealRow> row_of(const log::Seal& seal, std::int64_t log) {
  auto key = from_base64url(seal.key), signature = from_base64url(seal.signature);
  if (!key || !signature)
    return fail("segment.bad_seal", seal.log + "#" + std::to_string(seal.last),
                "key and signature must be base64url");
  return SealRow{log,
                 static_cast<std::int64_t>(seal.first),
                 static_cast<std::int64_t>(seal.last),
                 Bytes(seal.hash.bytes.begin(), seal.hash.bytes.end()),
                 std::move(*key),
                 std::move(*signature)};
}

log::Seal seal_at(const Statement& row, int column, std::string log) {
  return log::Seal{std::move(log),
                   static_cast<std::uint64_t>(row.integer(column)),
                   static_cast<std::uint64_t>(row.integer(column + 1)),
                   hash_of_blob(row.text(column + 2)),
                   to_base64url(as_bytes(row.text(column + 3))),
                   to_base64url(as_bytes(row.text(column + 4)))};
}

std::int64_t digest_of(const log::Hash& hash) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | hash.bytes[i];
  return static_cast<std::int64_t>(value);
}

}  // namespace tocsin::sqlite
