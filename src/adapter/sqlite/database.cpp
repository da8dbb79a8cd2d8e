#include "adapter/sqlite/database.h"

#include <sqlite3.h>

#include <cerrno>

#include "adapter/sqlite/page_check.h"
#include "base/encode.h"

namespace tocsin::sqlite {
namespace {

std::string code_of(int result, int system_errno) {
  switch (result & 0xff) {
    case SQLITE_FULL:
      return "store.disk_full";
    case SQLITE_READONLY:
      return "store.read_only";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "store.damaged";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "store.busy";
    case SQLITE_CONSTRAINT:
      return "store.conflict";
    case SQLITE_CANTOPEN:
      return "store.cannot_open";
    default:
      break;
  }
  if ((result & 0xff) == SQLITE_IOERR && (system_errno == ENOSPC || system_errno == EDQUOT))
    return "store.disk_full";
  return "store.io";
}

}  // namespace

Error error_of(sqlite3* database) {
  const int result = sqlite3_extended_errcode(database);
  return Error{code_of(result, sqlite3_system_errno(database)), "",
               std::string(sqlite3_errmsg(database)) + " (SQLite " + std::to_string(result) + ")"};
}

Error error_of(int result, std::string field) {
  return Error{code_of(result, errno), std::move(field),
               std::string(sqlite3_errstr(result)) + " (SQLite " + std::to_string(result) + ")"};
}

void Statement::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(int parameter, std::int64_t value) {
  TOCSIN_CHECK(sqlite3_bind_int64(statement_.get(), parameter, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  const char* begin = text.data() != nullptr ? text.data() : "";
  TOCSIN_CHECK(sqlite3_bind_text64(statement_.get(), parameter, begin, text.size(), SQLITE_STATIC,
                                   SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::uint8_t> blob) {
  const void* begin = blob.data() != nullptr ? static_cast<const void*>(blob.data()) : "";
  TOCSIN_CHECK(sqlite3_bind_blob64(statement_.get(), parameter, begin, blob.size(),
                                   SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return std::unexpected(error_of(sqlite3_db_handle(statement_.get())));
}

Result<void> Statement::run() {
  auto more = step();
  while (more && *more) more = step();
  reset();
  if (!more) return std::unexpected(more.error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const void* begin = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(begin), static_cast<std::size_t>(begin != nullptr ? size : 0)};
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<Database> Database::open(const std::string& path, Open mode) {
  int flags = SQLITE_OPEN_NOMUTEX;
  std::string name = path;
  if (mode == Open::write) flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (mode != Open::write) flags |= SQLITE_OPEN_READONLY;
  if (mode == Open::read_at_rest) {
    flags |= SQLITE_OPEN_URI;
    std::string escaped;
    for (const char c : path) {
      if (c == '%' || c == '?' || c == '#')
        escaped += "%" + to_hex(as_bytes({&c, 1}));
      else
        escaped += c;
    }
    name = "file:" + escaped + "?immutable=1";
  }
  sqlite3* raw = nullptr;
  const int result = sqlite3_open_v2(name.c_str(), &raw, flags, page_check_vfs());
  Database out;
  out.database_.reset(raw);
  if (raw == nullptr) return fail("store.io", path, "out of memory");
  if (result != SQLITE_OK) {
    Error error = error_of(raw);
    error.field = path;
    return std::unexpected(std::move(error));
  }
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 5000);
  if (mode != Open::write) {
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_wal_autocheckpoint(raw, 0);
  }
  return out;
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* raw = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  Statement out;
  out.statement_.reset(raw);
  if (result != SQLITE_OK) return std::unexpected(error_of(database_.get()));
  return out;
}

Result<void> Database::run(const std::string& sql) const {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return std::unexpected(error_of(database_.get()));
  return {};
}

Result<std::int64_t> Database::integer(std::string_view sql) const {
  auto statement = prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

bool Database::between_transactions() const { return sqlite3_get_autocommit(database_.get()) != 0; }

}  // namespace tocsin::sqlite
