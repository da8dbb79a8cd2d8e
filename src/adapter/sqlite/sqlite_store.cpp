#include "adapter/sqlite/sqlite_store.h"

#include <filesystem>
#include <utility>

#include "adapter/sqlite/store_state.h"

namespace tocsin::sqlite {
namespace {

/// Takes back what a failed commit began.
class Transaction {
 public:
  explicit Transaction(const Database& database) : database_(database) {}
  ~Transaction() {
    // SQLite may have rolled back by itself (disk full); asking twice does no harm.
    if (!database_.between_transactions()) static_cast<void>(database_.run("ROLLBACK"));
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

 private:
  const Database& database_;
};

}  // namespace

Result<void> Writer::prepare() {
  const std::pair<Statement*, const char*> all[] = {
      {&begin, "BEGIN IMMEDIATE"},
      {&end, "COMMIT"},
      {&log, "INSERT INTO log (name) VALUES (?1) RETURNING id"},
      {&event, "INSERT INTO event (log, seq, digest, bytes) VALUES (?1, ?2, ?3, ?4)"},
      {&segment,
       "INSERT INTO segment (log, first, last, hash, key, signature)"
       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
      {&part, "INSERT OR IGNORE INTO part (hash, case_id, size, sealed) VALUES (?1, ?2, ?3, ?4)"},
      // The same bytes again mend what the disk has damaged.
      {&package,
       "INSERT INTO package (hash, kind, bytes) VALUES (?1, ?2, ?3)"
       " ON CONFLICT (hash) DO UPDATE SET kind = excluded.kind, bytes = excluded.bytes"
       " WHERE bytes IS NOT excluded.bytes OR kind IS NOT excluded.kind"},
      {&mark,
       "INSERT INTO mark (name, value) VALUES (?1, ?2)"
       " ON CONFLICT (name) DO UPDATE SET value = excluded.value"},
      {&checked, "UPDATE log SET checked = ?2 WHERE id = ?1"},
  };
  for (const auto& [statement, sql] : all) {
    auto made = database.prepare(sql);
    if (!made) return std::unexpected(made.error());
    *statement = std::move(*made);
  }
  auto names = database.prepare("SELECT name, id FROM log");
  if (!names) return std::unexpected(names.error());
  for (auto row = names->step(); !row || *row; row = names->step()) {
    if (!row) return std::unexpected(row.error());
    ids.emplace(names->text(0), names->integer(1));
  }
  return {};
}

Result<std::int64_t> Writer::id_of(std::string_view name) {
  for (const LogIds* known : {&ids, &new_ids})
    if (const auto at = known->find(name); at != known->end()) return at->second;
  log.bind(1, name);
  const auto row = log.step();
  if (!row) {
    log.reset();
    return std::unexpected(row.error());
  }
  const std::int64_t id = log.integer(0);
  const auto done = log.run();
  if (!done) return std::unexpected(done.error());
  new_ids.emplace(name, id);
  return id;
}

Result<void> Writer::put(const log::Record& record) {
  const auto header = log::parse_header(record.bytes);
  if (!header) return std::unexpected(header.error());
  const auto id = id_of(header->log);
  if (!id) return std::unexpected(id.error());
  event.bind(1, *id).bind(2, static_cast<std::int64_t>(header->seq));
  event.bind(3, digest_of(record.hash)).bind(4, as_bytes(record.bytes));
  auto done = event.run();
  if (!done) done.error().field = std::string(header->log) + "#" + std::to_string(header->seq);
  return done;
}

Result<void> Writer::put(const log::Seal& seal) {
  const auto id = id_of(seal.log);
  if (!id) return std::unexpected(id.error());
  const auto row = row_of(seal, *id);
  if (!row) return std::unexpected(row.error());
  segment.bind(1, row->log).bind(2, row->first).bind(3, row->last);
  segment.bind(4, row->hash).bind(5, row->key).bind(6, row->signature);
  auto done = segment.run();
  if (!done) done.error().field = "segment " + seal.log + "#" + std::to_string(seal.last);
  return done;
}

Result<void> Writer::put(const log::Batch& batch) {
  for (const log::Record& record : batch.records)
    if (auto done = put(record); !done) return done;
  for (const log::Seal& seal : batch.seals)
    if (auto done = put(seal); !done) return done;
  for (const log::Part& it : batch.parts) {
    part.bind(1, it.ref.hash.bytes).bind(2, it.ref.case_id);
    part.bind(3, static_cast<std::int64_t>(it.ref.size)).bind(4, it.sealed);
    if (auto done = part.run(); !done) return done;
  }
  for (const log::Package& it : batch.packages) {
    package.bind(1, it.hash.bytes).bind(2, it.kind).bind(3, as_bytes(it.bytes));
    if (auto done = package.run(); !done) return done;
  }
  for (const log::Mark& it : batch.marks)
    if (auto done = mark.bind(1, it.name).bind(2, it.value).run(); !done) return done;
  return {};
}

Result<void> Writer::commit(const log::Batch& batch) {
  if (auto done = begin.run(); !done) return done;
  const Transaction transaction(database);
  new_ids.clear();
  if (auto done = put(batch); !done) return done;
  if (auto done = end.run(); !done) return done;
  ids.merge(new_ids);
  return {};
}

SqliteStore::SqliteStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& folder, Opening opening) {
  std::error_code ignored;
  const auto has = [&](const char* name) {
    return std::filesystem::exists(folder + "/" + name, ignored);
  };
  if (opening == Opening::usual && has(restoring_name))
    return fail("store.half_restored", folder, "empty the folder and restore again");
  if (has("backup.json")) return fail("store.is_backup", folder, "restore it into another folder");
  auto lock = FolderLock::take(folder);
  if (!lock) return std::unexpected(lock.error());
  auto state = std::make_unique<State>(folder + "/log.db");
  state->lock.emplace(std::move(*lock));
  auto database = open_log_to_write(state->path);
  if (!database) return std::unexpected(database.error());
  state->writer = std::make_unique<Writer>(std::move(*database));
  if (auto done = state->writer->prepare(); !done) return std::unexpected(done.error());
  auto reader = open_log_to_read(state->path);
  if (!reader) return std::unexpected(reader.error());
  state->reader = std::move(*reader);
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(state)));
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open_to_read(const std::string& folder) {
  auto state = std::make_unique<State>(folder + "/log.db");
  auto reader = open_log_to_read(state->path);
  if (!reader) return std::unexpected(reader.error());
  state->reader = std::move(*reader);
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(state)));
}

Result<void> SqliteStore::commit(const log::Batch& batch) {
  if (state_->writer == nullptr) return fail("store.read_only", state_->path);
  if (batch.empty()) return {};
  const std::scoped_lock guard(state_->writing);
  return state_->writer->commit(batch);
}

Result<void> SqliteStore::each_record(
    const std::function<bool(std::string_view bytes)>& visit) const {
  auto database = open_log_to_read(state_->path);
  if (!database) return std::unexpected(database.error());
  auto rows = database->prepare("SELECT bytes FROM event ORDER BY pos");
  if (!rows) return std::unexpected(rows.error());
  for (auto row = rows->step(); !row || *row; row = rows->step()) {
    if (!row) return std::unexpected(row.error());
    if (!visit(rows->text(0))) break;
  }
  return {};
}

Result<std::vector<std::string>> SqliteStore::records(std::string_view log, std::uint64_t first,
                                                      std::uint64_t last) const {
  const auto top = static_cast<std::uint64_t>(INT64_MAX);
  std::vector<std::string> out;
  auto done = state_->each(
      "SELECT event.bytes FROM log JOIN event ON event.log = log.id"
      " WHERE log.name = ?1 AND event.seq BETWEEN ?2 AND ?3 ORDER BY event.seq",
      [&](Statement& it) {
        it.bind(1, log).bind(2, static_cast<std::int64_t>(std::min(first, top)));
        it.bind(3, static_cast<std::int64_t>(std::min(last, top)));
      },
      [&](const Statement& row) { out.emplace_back(row.text(0)); });
  if (!done) return std::unexpected(done.error());
  return out;
}

Result<std::vector<log::Seal>> SqliteStore::seals(std::string_view log) const {
  std::vector<log::Seal> out;
  auto done = state_->each(
      "SELECT name, first, last, hash, key, signature FROM segment JOIN log ON log.id = log"
      " WHERE ?1 = '' OR name = ?1 ORDER BY log, last",
      [&](Statement& it) { it.bind(1, log); },
      [&](const Statement& row) { out.push_back(seal_at(row, 1, std::string(row.text(0)))); });
  if (!done) return std::unexpected(done.error());
  return out;
}

Result<std::vector<log::Seal>> SqliteStore::newest_seals() const {
  std::vector<log::Seal> out;
  auto done = state_->each(
      "SELECT name, first, last, hash, key, signature FROM log JOIN segment ON segment.log = log.id"
      " WHERE last = (SELECT max(s.last) FROM segment s WHERE s.log = log.id) ORDER BY log.id",
      [](Statement&) {},
      [&](const Statement& row) { out.push_back(seal_at(row, 1, std::string(row.text(0)))); });
  if (!done) return std::unexpected(done.error());
  return out;
}

Result<log::Part> SqliteStore::part(const log::Hash& hash) const {
  std::optional<log::Part> out;
  auto done = state_->each(
      "SELECT case_id, size, sealed FROM part WHERE hash = ?1",
      [&](Statement& it) { it.bind(1, hash.bytes); },
      [&](const Statement& row) {
        const auto sealed = as_bytes(row.text(2));
        out =
            log::Part{{hash, std::string(row.text(0)), static_cast<std::uint64_t>(row.integer(1))},
                      Bytes(sealed.begin(), sealed.end())};
      });
  if (!done) return std::unexpected(done.error());
  if (!out) return fail("part.not_here", log::text_of(hash));
  return std::move(*out);
}

Result<log::Package> SqliteStore::package(const log::Hash& hash) const {
  std::optional<log::Package> out;
  auto done = state_->each(
      "SELECT kind, bytes FROM package WHERE hash = ?1",
      [&](Statement& it) { it.bind(1, hash.bytes); },
      [&](const Statement& row) {
        out = log::Package{hash, std::string(row.text(0)), std::string(row.text(1))};
      });
  if (!done) return std::unexpected(done.error());
  if (!out) return fail("package.not_here", log::text_of(hash));
  if (log::sha256(out->bytes) != hash) return fail("package.wrong_hash", log::text_of(hash));
  return std::move(*out);
}

Result<std::vector<log::Mark>> SqliteStore::marks() const {
  std::vector<log::Mark> out;
  auto done = state_->each(
      "SELECT name, value FROM mark ORDER BY name", [](Statement&) {},
      [&](const Statement& row) {
        out.push_back({std::string(row.text(0)), std::string(row.text(1))});
      });
  if (!done) return std::unexpected(done.error());
  return out;
}

Result<std::uint64_t> SqliteStore::record_count() const {
  std::uint64_t out = 0;
  auto done = state_->each(
      "SELECT coalesce(max(pos), 0) FROM event", [](Statement&) {},
      [&](const Statement& row) { out = static_cast<std::uint64_t>(row.integer(0)); });
  if (!done) return std::unexpected(done.error());
  return out;
}

Result<std::vector<std::string>> SqliteStore::logs() const {
  std::vector<std::string> out;
  auto done = state_->each(
      "SELECT name FROM log ORDER BY id", [](Statement&) {},
      [&](const Statement& row) { out.emplace_back(row.text(0)); });
  if (!done) return std::unexpected(done.error());
  return out;
}

}  // namespace tocsin::sqlite
