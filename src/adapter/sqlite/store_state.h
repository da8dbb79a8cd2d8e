#pragma once
// What a SqliteStore holds; included by its sources only.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "adapter/sqlite/database.h"
#include "adapter/sqlite/folder_lock.h"
#include "adapter/sqlite/schema.h"
#include "adapter/sqlite/sqlite_store.h"

namespace tocsin::sqlite {

using LogIds = std::map<std::string, std::int64_t, std::less<>>;

/// The committing connection with its statements.
struct Writer {
  explicit Writer(Database opened) : database(std::move(opened)) {}

  Result<void> prepare();
  Result<void> commit(const log::Batch& batch);

  Database database;
  Statement begin, end, log, event, segment, part, package, mark, checked;
  LogIds ids;      ///< of logs that are on disk
  LogIds new_ids;  ///< of logs the open transaction began

 private:
  Result<void> put(const log::Batch& batch);
  Result<void> put(const log::Record& record);
  Result<void> put(const log::Seal& seal);
  Result<std::int64_t> id_of(std::string_view name);
};

struct SqliteStore::State {
  explicit State(std::string where) : path(std::move(where)) {}

  /// Runs a query on the reading connection.
  template <class Bind, class Visit>
  Result<void> each(std::string_view sql, const Bind& bind, const Visit& visit) {
    const std::scoped_lock guard(reading);
    auto rows = reader.prepare(sql);
    if (!rows) return std::unexpected(rows.error());
    bind(*rows);
    for (auto row = rows->step(); !row || *row; row = rows->step()) {
      if (!row) return std::unexpected(row.error());
      visit(std::as_const(*rows));
    }
    return {};
  }

  std::string path;
  std::optional<FolderLock> lock;
  std::mutex writing, reading;
  std::unique_ptr<Writer> writer;  ///< absent when opened to read
  Database reader;
};

}  // namespace tocsin::sqlite
