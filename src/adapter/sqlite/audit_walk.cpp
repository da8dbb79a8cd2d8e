#include "adapter/sqlite/audit_walk.h"

#include <algorithm>

#include "adapter/sqlite/schema.h"
#include "domain/office/office.h"
#include "log/damage.h"

namespace tocsin::sqlite {

void AuditWalk::find(Log& log, const char* what, std::uint64_t seq,
                     std::optional<std::uint64_t> byte, std::string code, std::string detail) {
  if (log.broken) return;  // what follows the first damage of a log cannot be judged
  log.broken = true;
  const std::string& name = log.chain.log();
  Finding finding{what, {}, name, seq, byte, 0, 0, {}};
  for (const auto& [first, last] : log.spans)
    if (first <= seq && seq <= last) finding.first = first, finding.last = last;
  std::string field = byte ? log::place_text(name, seq, *byte) : name + "#" + std::to_string(seq);
  finding.error = {std::move(code), std::move(field), std::move(detail)};
  out_.findings.push_back(std::move(finding));
}

Result<void> AuditWalk::run() {
  if (auto done = database_.run("BEGIN"); !done) return done;
  if (auto done = logs(); !done) return done;
  if (auto done = seals(); !done) return done;
  if (auto done = records(); !done) return done;
  for (auto& [id, log] : logs_)
    if (const auto whole = log.chain.finish(); !whole)
      find(log, "segment", log.chain.head().seq + 1, {}, whole.error().code, whole.error().detail);
  if (auto done = blobs("part", "SELECT hash, sealed FROM part", out_.parts); !done) return done;
  return blobs("package", "SELECT hash, bytes FROM package", out_.packages);
}

Result<void> AuditWalk::logs() {
  auto rows = database_.prepare("SELECT id, name FROM log");
  if (!rows) return std::unexpected(rows.error());
  for (auto row = rows->step(); !row || *row; row = rows->step()) {
    if (!row) return std::unexpected(row.error());
    logs_.emplace(rows->integer(0), Log{log::Chain(std::string(rows->text(1)))});
  }
  return {};
}

Result<void> AuditWalk::seals() {
  auto rows = database_.prepare(
      "SELECT log, first, last, hash, key, signature FROM segment ORDER BY log, last");
  if (!rows) return std::unexpected(rows.error());
  for (auto row = rows->step(); !row || *row; row = rows->step()) {
    if (!row) return std::unexpected(row.error());
    seal(*rows);
    progress("seals", ++out_.seals, 0);
  }
  return {};
}

void AuditWalk::seal(const Statement& row) {
  const auto at = logs_.find(row.integer(0));
  if (at == logs_.end()) {
    out_.findings.push_back({"segment",
                             {"segment.gap", "log " + std::to_string(row.integer(0)),
                              "a seal of a log that is not there"},
                             {},
                             0,
                             {},
                             0,
                             0,
                             {}});
    return;
  }
  Log& log = at->second;
  const log::Seal seal = seal_at(row, 1, log.chain.log());
  if (log.broken) return;
  log.spans.push_back({seal.first, seal.last});
  if (!log::signature_holds(seal))
    return find(log, "segment", seal.last, {}, "segment.bad_signature",
                "the seal's signature is not that of its key over its words");
  if (log.key.empty()) log.key = seal.key;
  if (log.key != seal.key)
    return find(log, "segment", seal.last, {}, "segment.wrong_key",
                "sealed with another key than the log before");
  if (const auto fits = log.chain.expect(seal.first, seal.last, seal.hash); !fits)
    find(log, "segment", seal.last, {}, fits.error().code, fits.error().detail);
}

Result<void> AuditWalk::records() {
  const auto total = database_.integer("SELECT max(pos) FROM event");
  auto rows = database_.prepare("SELECT log, seq, digest, bytes FROM event ORDER BY pos");
  if (!total || !rows) return std::unexpected(total ? rows.error() : total.error());
  for (auto row = rows->step(); !row || *row; row = rows->step()) {
    if (!row) return std::unexpected(row.error());
    record(*rows);
    progress("records", ++out_.records, static_cast<std::uint64_t>(*total));
  }
  for (const auto& [id, log] : logs_)
    out_.logs.push_back({log.chain.log(), log.chain.head(), log.chain.sealed()});
  return {};
}

void AuditWalk::record(const Statement& row) {
  const auto seq = static_cast<std::uint64_t>(row.integer(1));
  const std::string_view bytes = row.text(3);
  const auto at = logs_.find(row.integer(0));
  if (at == logs_.end()) {
    out_.findings.push_back({"record",
                             {"segment.gap", "log " + std::to_string(row.integer(0)),
                              "a record of a log that is not there"},
                             {},
                             seq,
                             {},
                             0,
                             0,
                             {}});
    return;
  }
  Log& log = at->second;
  if (log.broken || !bytes_hold(log, seq, bytes, row.integer(2))) return;
  const auto header = log::parse_header(bytes);
  if (!header) {
    const std::string byte = header.error().field.substr(sizeof "byte " - 1);
    return find(log, "record", seq, std::stoull(byte), header.error().code, "");
  }
  const log::Replayed record{bytes, log::sha256(bytes), *header};
  if (!chain_holds(log, seq, record)) return;
  log.last_bytes = bytes;
  if (header->seq == 1) opened(log, record);
  if (visit_.record) visit_.record(record);
}

bool AuditWalk::bytes_hold(Log& log, std::uint64_t seq, std::string_view bytes,
                           std::int64_t digest) {
  const log::Hash hash = log::sha256(bytes);
  if (digest_of(hash) == digest) return true;
  const auto said = hash_said_later(log, seq);
  if (said && *said == hash) {
    find(log, "record", seq, {}, "record.check_value",
         "the record holds; the check value kept beside it was changed");
    return false;
  }
  const auto byte = log::find_wrong_byte(bytes, [&](const log::Hash& tried) {
    return digest_of(tried) == digest || (said && tried == *said);
  });
  const auto header = log::parse_header(bytes);
  std::uint64_t place = byte ? byte->offset : 0;
  if (!byte && !header) place = std::stoull(header.error().field.substr(sizeof "byte " - 1));
  find(log, "record", seq, place, "record.damaged",
       byte ? "this one byte was changed" : "more than one byte was changed");
  return false;
}

bool AuditWalk::chain_holds(Log& log, std::uint64_t seq, const log::Replayed& record) {
  if (record.header.seq != seq) {
    find(log, "record", record.header.seq, 0, "segment.gap",
         "kept in the place of record " + std::to_string(seq));
    return false;
  }
  const log::Head before = log.chain.head();
  const auto follows = log.chain.follow(record.header, record.hash);
  if (follows) return true;
  const auto place = follows.error().field.rfind("byte ");
  std::optional<std::uint64_t> byte;
  if (place != std::string::npos) byte = std::stoull(follows.error().field.substr(place + 5));
  if (follows.error().code == "segment.broken_chain" && before.seq > 0) {
    const auto changed = log::find_wrong_byte(
        log.last_bytes, [&](const log::Hash& tried) { return tried == record.header.prev; });
    if (changed) {
      find(log, "record", before.seq, changed->offset, "record.damaged",
           "this one byte was changed, and the check value beside it");
      return false;
    }
  }
  const std::uint64_t at = follows.error().code == "segment.gap" ? before.seq + 1 : seq;
  const char* what = follows.error().code == "segment.bad_hash" ? "segment" : "record";
  find(log, what, at, byte, follows.error().code, follows.error().detail);
  return false;
}

void AuditWalk::opened(Log& log, const log::Replayed& record) {
  if (record.header.type != office::LogOpened::type) return;
  const auto event = office::decode(record.header.type, record.header.version, record.header.body);
  const auto* said = event ? std::get_if<office::LogOpened>(&*event) : nullptr;
  if (said == nullptr || log.key.empty() || said->key == log.key) return;
  find(log, "segment", 1, {}, "segment.wrong_key",
       "the log's first record names another key than its seals");
}

std::optional<log::Hash> AuditWalk::hash_said_later(const Log& log, std::uint64_t seq) {
  auto next = database_.prepare(
      "SELECT event.bytes FROM log JOIN event ON event.log = log.id"
      " WHERE log.name = ?1 AND event.seq = ?2");
  if (next) {
    next->bind(1, std::string_view(log.chain.log())).bind(2, static_cast<std::int64_t>(seq + 1));
    if (const auto row = next->step(); row && *row)
      if (const auto header = log::parse_header(next->text(0))) return header->prev;
  }
  auto seal = database_.prepare(
      "SELECT segment.hash FROM log JOIN segment ON segment.log = log.id"
      " WHERE log.name = ?1 AND segment.last = ?2");
  if (!seal) return std::nullopt;
  seal->bind(1, std::string_view(log.chain.log())).bind(2, static_cast<std::int64_t>(seq));
  if (const auto row = seal->step(); row && *row) return hash_of_blob(seal->text(0));
  return std::nullopt;
}

Result<void> AuditWalk::blobs(const char* what, const char* sql, std::uint64_t& count) {
  auto rows = database_.prepare(sql);
  if (!rows) return std::unexpected(rows.error());
  for (auto row = rows->step(); !row || *row; row = rows->step()) {
    if (!row) return std::unexpected(row.error());
    ++count;
    const log::Hash named = hash_of_blob(rows->text(0));
    const std::string_view bytes = rows->text(1);
    if (log::sha256(bytes) == named) continue;
    const auto byte =
        log::find_wrong_byte(bytes, [&](const log::Hash& tried) { return tried == named; });
    Finding finding{what, {}, {}, 0, {}, 0, 0, {}};
    if (byte) finding.byte = byte->offset;
    finding.error = {std::string(what) + ".wrong_hash", log::text_of(named),
                     byte ? "this one byte was changed" : "its bytes are not those it names"};
    out_.findings.push_back(std::move(finding));
  }
  return {};
}

}  // namespace tocsin::sqlite
