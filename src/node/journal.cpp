#include "node/journal.h"

#include <algorithm>

namespace tocsin::node {

std::string Journal::own_log(std::string_view lane) const {
  return log::text_of(log::LogId{node_, epoch_, std::string(lane)});
}

void Journal::set_epoch(std::uint32_t epoch) {
  epoch_ = epoch;
  for (Tail& tail : tails_) {
    const auto id = log::parse_log_id(tail.log);
    tail.ours = tail.own && id->epoch == epoch_;
  }
}

std::uint32_t Journal::epoch_known() const {
  std::uint32_t out = 0;
  for (const Tail& tail : tails_)
    if (tail.own) out = std::max(out, log::parse_log_id(tail.log)->epoch);
  return out;
}

const Tail* Journal::before(std::string_view lane) const {
  const Tail* out = nullptr;
  std::uint32_t latest = 0;
  for (const Tail& tail : tails_) {
    if (!tail.own || tail.seq == 0) continue;
    const auto id = log::parse_log_id(tail.log);
    if (id->lane != lane || id->epoch >= epoch_ || id->epoch <= latest) continue;
    latest = id->epoch;
    out = &tail;
  }
  return out;
}

Tail Journal::make_tail(std::string_view log) const {
  Tail tail;
  tail.log = log;
  const auto id = log::parse_log_id(log);
  tail.own = id && id->node == node_;
  tail.ours = tail.own && id->epoch == epoch_;
  return tail;
}

Journal::LogIndex Journal::index(std::string_view log) {
  const auto [at, made] =
      by_text_.try_emplace(std::string(log), static_cast<LogIndex>(tails_.size()));
  if (made) tails_.push_back(make_tail(log));
  return at->second;
}

const Tail* Journal::find(std::string_view log) const {
  const auto at = by_text_.find(std::string(log));
  return at == by_text_.end() ? nullptr : &tails_[at->second];
}

void Journal::seen(LogIndex index, std::uint64_t seq, const log::Hash& hash, const log::Stamp& at,
                   Instant now) {
  Tail& tail = tails_[index];
  tail.seq = seq;
  tail.hash = hash;
  const bool ahead = !tail.own && at.at > now + clock_ahead_max;
  if (!ahead && at > clock_) clock_ = at;
}

void Journal::seen_seal(const log::Seal& seal) {
  Tail& tail = tails_[index(seal.log)];
  if (seal.last <= tail.sealed) return;
  tail.sealed = seal.last;
  tail.sealed_hash = seal.hash;
}

bool Journal::opened(std::string_view lane) const {
  const Tail* tail = find(own_log(lane));
  return tail != nullptr && tail->seq > 0;
}

const log::Record& Journal::append(std::string_view lane, const log::Draft& draft, Instant now) {
  clock_ = now > clock_.at ? log::Stamp{now, 0} : log::Stamp{clock_.at, clock_.count + 1};
  Tail& tail = tails_[index(own_log(lane))];
  pending_.records.push_back(log::make_record(tail.log, tail.seq + 1, tail.hash, clock_, draft));
  ++tail.seq;
  tail.hash = pending_.records.back().hash;
  if (tail.seq - tail.sealed >= seal_after) seal(tail);
  return pending_.records.back();
}

void Journal::seal(Tail& tail) {
  pending_.seals.push_back(log::make_seal(tail.log, tail.sealed + 1, tail.seq, tail.hash, key_));
  tail.sealed = tail.seq;
  tail.sealed_hash = tail.hash;
}

void Journal::seal_all() {
  for (Tail& tail : tails_)
    if (wants_seal(tail)) seal(tail);
}

bool Journal::unsealed() const {
  for (const Tail& tail : tails_)
    if (wants_seal(tail)) return true;
  return false;
}

Journal::LogIndex Journal::find_index(std::string_view log) const {
  const auto at = by_text_.find(std::string(log));
  TOCSIN_CHECK(at != by_text_.end());
  return at->second;
}

std::string Journal::pending(std::string_view log, std::uint64_t seq) const {
  for (const log::Record& record : pending_.records) {
    const auto header = log::parse_header(record.bytes);
    if (header && header->seq == seq && header->log == log) return record.bytes;
  }
  return {};
}

const log::Part* Journal::pending_part(const log::Hash& hash) const {
  for (const log::Part& part : pending_.parts)
    if (part.ref.hash == hash) return &part;
  return nullptr;
}

const log::Package* Journal::pending_package(const log::Hash& hash) const {
  for (const log::Package& package : pending_.packages)
    if (package.hash == hash) return &package;
  return nullptr;
}

Result<void> Journal::flush() {
  if (pending_.empty()) return {};
  const auto done = store_.commit(pending_);
  if (!done) return done;
  pending_ = {};
  return {};
}

}  // namespace tocsin::node
