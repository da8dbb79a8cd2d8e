// Reading everything back at start: one thread reads the rows and their headers, the caller's
// proves and folds them. Hashing and decoding are done by whichever of the two has the time.

#include <condition_variable>
#include <deque>
#include <thread>
#include <vector>

#include "adapter/sqlite/store_state.h"
#include "log/chain.h"
#include "log/damage.h"

namespace tocsin::sqlite {
namespace {

constexpr std::size_t run_bytes_max = 2 * log::record_size_max, run_records_max = 1024;
constexpr std::size_t runs_ahead_max = 4;

/// What a record has to agree with before it is believed.
struct Proof {
  log::Chain* chain;
  std::uint64_t seq;
  std::int64_t digest;
};

/// Some records with the memory their views point into, and what proves each.
struct Run {
  Run() { bytes.reserve(run_bytes_max); }
  std::string bytes;
  std::vector<log::Replayed> records;
  std::vector<Proof> proofs;
  bool hashed = false;
};

/// Hands runs from the reading thread to the folding one, a few ahead.
class Belt {
 public:
  /// False when nobody wants more.
  bool put(std::unique_ptr<Run> run) {
    std::unique_lock guard(mutex_);
    moved_.wait(guard, [&] { return stopped_ || runs_.size() < runs_ahead_max; });
    if (!stopped_) runs_.push_back(std::move(run));
    moved_.notify_all();
    return !stopped_;
  }
  void close(Result<void> how) {
    const std::scoped_lock guard(mutex_);
    closed_ = std::move(how);
    moved_.notify_all();
  }
  /// Nothing: all is read, or an error (then all before it has been handed out).
  Result<std::unique_ptr<Run>> take() {
    std::unique_lock guard(mutex_);
    moved_.wait(guard, [&] { return !runs_.empty() || closed_; });
    if (runs_.empty()) {
      if (!*closed_) return std::unexpected(closed_->error());
      return nullptr;
    }
    auto out = std::move(runs_.front());
    runs_.pop_front();
    moved_.notify_all();
    return out;
  }
  /// How many runs lie ready: how far the one who takes is behind the one who puts.
  std::size_t ahead() {
    const std::scoped_lock guard(mutex_);
    return runs_.size();
  }
  /// An empty run, with the memory of one that was given back.
  std::unique_ptr<Run> empty() {
    const std::scoped_lock guard(mutex_);
    if (spare_.empty()) return std::make_unique<Run>();
    auto out = std::move(spare_.back());
    spare_.pop_back();
    return out;
  }
  void give_back(std::unique_ptr<Run> run) {
    run->bytes.clear();
    run->records.clear();
    run->proofs.clear();
    const std::scoped_lock guard(mutex_);
    spare_.push_back(std::move(run));
  }
  void stop() {
    const std::scoped_lock guard(mutex_);
    stopped_ = true;
    moved_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::deque<std::unique_ptr<Run>> runs_;
  std::vector<std::unique_ptr<Run>> spare_;
  std::optional<Result<void>> closed_;
  bool stopped_ = false;
};

/// What the reading thread works on.
struct Reading {
  Database database;
  std::map<std::int64_t, log::Chain> chains;       ///< by log id
  std::map<std::int64_t, std::int64_t> checked{};  ///< last seal whose signature was checked
  std::vector<log::Seal> unseen{};
  log::ReplaySummary summary{};
  Result<void> signatures{};
};

Result<Reading> open_reading(const std::string& path) {
  auto database = open_log_to_read(path);
  if (!database) return std::unexpected(database.error());
  Reading out{std::move(*database), {}};
  if (auto done = out.database.run("BEGIN"); !done) return std::unexpected(done.error());
  auto logs = out.database.prepare("SELECT id, name, checked FROM log");
  if (!logs) return std::unexpected(logs.error());
  for (auto row = logs->step(); !row || *row; row = logs->step()) {
    if (!row) return std::unexpected(row.error());
    out.chains.emplace(logs->integer(0), std::string(logs->text(1)));
    out.checked.emplace(logs->integer(0), logs->integer(2));
  }
  auto seals = out.database.prepare(
      "SELECT log, first, last, hash, key, signature FROM segment ORDER BY log, last");
  if (!seals) return std::unexpected(seals.error());
  for (auto row = seals->step(); !row || *row; row = seals->step()) {
    if (!row) return std::unexpected(row.error());
    const auto at = out.chains.find(seals->integer(0));
    if (at == out.chains.end()) return fail("store.damaged", "segment", "of an unknown log");
    const auto first = seals->integer(1), last = seals->integer(2);
    if (auto fits = at->second.expect(first, last, hash_of_blob(seals->text(3))); !fits)
      return std::unexpected(fits.error());
    ++out.summary.seals;
    if (last > out.checked.at(at->first))
      out.unseen.push_back(seal_at(*seals, 1, at->second.log()));
  }
  return out;
}

/// A record whose bytes do not hash to what was stored beside them.
Error damaged(std::string_view log, std::uint64_t seq, std::string_view bytes,
              std::int64_t digest) {
  const auto byte =
      log::find_wrong_byte(bytes, [&](const log::Hash& hash) { return digest_of(hash) == digest; });
  if (byte) return Error{"record.damaged", log::place_text(log, seq, byte->offset), "one byte"};
  const auto header = log::parse_header(bytes);
  return Error{"record.damaged",
               std::string(log) + "#" + std::to_string(seq) + ", " +
                   (header ? std::string("byte 0") : header.error().field),
               "more than one byte, or its check value"};
}

/// The record of a row, its header parsed; `bytes` are those of the run. An error of the header is
/// told as damage where the bytes are not those that were stored.
Result<log::Replayed> read_row(const Proof& proof, std::string_view bytes) {
  auto header = log::parse_header(bytes);
  if (header) return log::Replayed{bytes, {}, std::move(*header)};
  if (digest_of(log::sha256(bytes)) != proof.digest)
    return std::unexpected(damaged(proof.chain->log(), proof.seq, bytes, proof.digest));
  return fail(header.error().code,
              proof.chain->log() + "#" + std::to_string(proof.seq) + ", " + header.error().field);
}

void hash(Run& run) {
  for (log::Replayed& record : run.records) record.hash = log::sha256(record.bytes);
  run.hashed = true;
}

/// Hands a run on, after doing what the other side has no time for: it waits with one, with more it
/// is busy for long.
bool put(Belt& belt, std::unique_ptr<Run> run, const log::Prepare& prepare) {
  const std::size_t ahead = belt.ahead();
  run->hashed = false;
  if (ahead >= 1) hash(*run);
  if (ahead >= 2 && prepare)
    for (log::Replayed& record : run->records) record.prepared = prepare(record.header);
  return belt.put(std::move(run));
}

Result<void> read_all(Reading& reading, Belt& belt, const log::Prepare& prepare) {
  auto rows = reading.database.prepare("SELECT log, seq, digest, bytes FROM event ORDER BY pos");
  if (!rows) return std::unexpected(rows.error());
  auto run = std::make_unique<Run>();
  Result<void> end;
  for (auto row = rows->step(); !row || *row; row = rows->step()) {
    if (!row) return std::unexpected(row.error());
    const auto chain = reading.chains.find(rows->integer(0));
    const std::string_view bytes = rows->text(3);
    if (chain == reading.chains.end()) {
      end = fail("store.damaged", "event", "of an unknown log");
      break;
    }
    if (bytes.size() > log::record_size_max) {
      end = fail("event.too_large", chain->second.log());
      break;
    }
    if (run->records.size() == run_records_max || run->bytes.size() + bytes.size() > run_bytes_max)
      if (!put(belt, std::exchange(run, belt.empty()), prepare)) return {};
    const std::size_t at = run->bytes.size();
    run->bytes.append(bytes);  // within what was reserved: earlier views stay good
    const auto seq = static_cast<std::uint64_t>(rows->integer(1));
    const Proof proof{&chain->second, seq, rows->integer(2)};
    auto read = read_row(proof, std::string_view(run->bytes).substr(at));
    if (!read) {
      end = std::unexpected(read.error());
      break;
    }
    run->records.push_back(std::move(*read));
    run->proofs.push_back(proof);
    ++reading.summary.records;
  }
  if (!run->records.empty()) put(belt, std::move(run), prepare);
  return end;
}

/// Proves the records of a run, in order, up to the first that fails; that and those after it are
/// taken out.
Result<void> prove(Run& run) {
  if (!run.hashed) hash(run);
  Result<void> end;
  std::size_t good = 0;
  for (; good < run.records.size(); ++good) {
    const log::Replayed& record = run.records[good];
    const auto& [chain, seq, digest] = run.proofs[good];
    if (digest_of(record.hash) != digest) {
      end = std::unexpected(damaged(chain->log(), seq, record.bytes, digest));
    } else if (record.header.seq != seq) {
      end = fail("segment.gap", log::place_text(chain->log(), record.header.seq, 0),
                 "kept in the place of record " + std::to_string(seq));
    } else {
      end = chain->follow(record.header, record.hash);
    }
    if (!end) break;
  }
  run.records.erase(run.records.begin() + static_cast<std::ptrdiff_t>(good), run.records.end());
  return end;
}

Result<void> check_signatures(Reading& reading) {
  for (const log::Seal& seal : reading.unseen) {
    if (!log::signature_holds(seal))
      return fail("segment.bad_signature", seal.log + "#" + std::to_string(seal.last));
    ++reading.summary.signatures;
  }
  return {};
}

/// What only the whole shows, when all records were proved.
Result<void> check_seals(const Reading& reading) {
  for (const auto& [id, chain] : reading.chains)
    if (auto whole = chain.finish(); !whole) return whole;
  return reading.signatures;
}

Result<void> remember_checked(Writer& writer, const Reading& reading) {
  if (reading.unseen.empty()) return {};
  if (auto done = writer.begin.run(); !done) return done;
  Result<void> done;
  for (const auto& [id, chain] : reading.chains)
    if (done)
      done = writer.checked.bind(1, id).bind(2, static_cast<std::int64_t>(chain.sealed())).run();
  if (done) done = writer.end.run();
  if (!done) static_cast<void>(writer.database.run("ROLLBACK"));
  return done;
}

}  // namespace

Result<log::ReplaySummary> SqliteStore::replay(const log::ReplayVisit& visit,
                                               const log::Prepare& prepare) {
  auto reading = open_reading(state_->path);
  if (!reading) return std::unexpected(reading.error());
  Belt belt;
  bool wanted = true;
  Result<void> end;
  {
    const std::jthread reader([&] {
      auto how = read_all(*reading, belt, prepare);
      if (how) reading->signatures = check_signatures(*reading);
      belt.close(std::move(how));
    });
    while (wanted && end) {
      auto run = belt.take();
      if (!run) end = std::unexpected(run.error());
      if (!run || *run == nullptr) break;
      end = prove(**run);
      if (!(*run)->records.empty()) wanted = visit((*run)->records);
      belt.give_back(std::move(*run));
    }
    belt.stop();
  }
  if (end && wanted) end = check_seals(*reading);
  if (!end) return std::unexpected(end.error());
  if (wanted && state_->writer != nullptr) {
    const std::scoped_lock guard(state_->writing);
    if (auto done = remember_checked(*state_->writer, *reading); !done)
      return std::unexpected(done.error());
  }
  return reading->summary;
}

}  // namespace tocsin::sqlite
