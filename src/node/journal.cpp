#include "node/journal.h"

namespace tocsin::node {

std::string Journal::own_log(std::string_view lane) const {
  return log::text_of(log::LogId{node_, epoch_, std::string(lane)});
}

void Journal::set_epoch(std::uint32_t epoch) {
  epoch_ = epoch;
  for (Tail& tail : tails_) {
    const auto id = log::parse_log_id(tail.log);
    tail.ours = id && id->node == node_ && id->epoch == epoch_;
  }
}

Journal::LogIndex Journal::index(std::string_view log) {
  const auto [at, made] =
      by_text_.try_emplace(std::string(log), static_cast<LogIndex>(tails_.size()));
  if (made) {
    Tail tail;
    tail.log = log;
    const auto id = log::parse_log_id(log);
    tail.ours = id && id->node == node_ && id->epoch == epoch_;
    tails_.push_back(std::move(tail));
  }
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
  const bool ahead = !tail.ours && at.at > now + clock_ahead_max;
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
  tail.ours = true;
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
    if (tail.ours && tail.sealed < tail.seq) seal(tail);
}

bool Journal::unsealed() const {
  for (const Tail& tail : tails_)
    if (tail.ours && tail.sealed < tail.seq) return true;
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
