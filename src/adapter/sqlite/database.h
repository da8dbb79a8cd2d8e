#pragma once
// SQLite's C API with owners and typed errors; nothing more. Statements never outlive their
// database.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tocsin::sqlite {

/// A prepared statement. bind() and the column readers count as SQLite does: parameters from 1,
/// columns from 0. Columns are good until the next step() or reset().
class Statement {
 public:
  Statement() = default;

  /// The bound bytes must live until reset().
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::span<const std::uint8_t> blob);

  /// True: a row is there. False: done.
  Result<bool> step();
  /// Steps to the end and resets, for statements without rows.
  Result<void> run();
  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  ///< of text and blob columns alike

 private:
  friend class Database;
  struct Close {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Close> statement_;
};

enum class Open : std::uint8_t {
  write,         ///< the one connection that commits and checkpoints; made when missing
  read,          ///< beside a running node: never checkpoints, never writes
  read_at_rest,  ///< nobody else has it open and there is no write-ahead file: leaves no trace
};

class Database {
 public:
  /// Errors as for error_of().
  static Result<Database> open(const std::string& path, Open mode);

  Result<Statement> prepare(std::string_view sql) const;
  /// One or more statements without parameters; rows are dropped.
  Result<void> run(const std::string& sql) const;
  /// First column of the first row; 0 when there is none.
  Result<std::int64_t> integer(std::string_view sql) const;
  /// False while a transaction is open.
  bool between_transactions() const;
  sqlite3* handle() const { return database_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

/// The last failure as one of ours: "store.disk_full", "store.read_only", "store.damaged",
/// "store.busy", "store.conflict" (a place is taken), "store.cannot_open", "store.io" (all else).
/// `detail` has SQLite's words.
Error error_of(sqlite3* database);
/// The same for a result of SQLite that belongs to no statement; `field` is the file.
Error error_of(int result, std::string field);

}  // namespace tocsin::sqlite
