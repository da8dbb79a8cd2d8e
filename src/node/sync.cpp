// How two nodes get to know the same: "I hold up to record n of these logs", and segments that
// prove themselves. What may be seen by whom is the caller's affair (the audience), never guessed
// here.

#include <algorithm>

#include "log/json.h"
#include "node/node.h"

namespace tocsin::node {

Have Node::have() const {
  Have out;
  for (const Tail& tail : journal_.tails()) out[tail.log] = tail.seq;
  return out;
}

std::vector<log::Segment> Node::lacking(
    const Have& have, const std::function<bool(const log::LogId&)>& audience) const {
  std::vector<log::Segment> out;
  for (const Tail& tail : journal_.tails()) {
    const auto id = log::parse_log_id(tail.log);
    const auto held = have.find(tail.log);
    const std::uint64_t there = held == have.end() ? 0 : held->second;
    if (!id || !audience(*id) || there >= tail.sealed) continue;
    const auto seals = store_.seals(tail.log);
    if (!seals) continue;
    for (const log::Seal& seal : *seals) {
      if (seal.last <= there) continue;
      auto records = store_.records(tail.log, seal.first, seal.last);
      if (records) out.push_back({seal, std::move(*records)});
    }
  }
  return out;
}

Result<void> Node::accept(const log::Segment& segment, Instant now) {
  now_ = now;
  const auto index = journal_.index(segment.seal.log);
  const Tail tail = journal_.tail(index);
  if (tail.forked) return fail("sync.forked", tail.log);
  if (tail.ours)
    return segment.seal.last <= tail.seq ? Result<void>() : fail("sync.forked", tail.log);
  if (segment.seal.first > tail.seq + 1)
    return fail("sync.gap", tail.log + "#" + std::to_string(tail.seq + 1));
  if (segment.records.empty()) return fail("segment.gap", tail.log);
  const auto first = log::parse_header(segment.records.front());
  if (!first) return std::unexpected(first.error());
  if (auto whole = log::check(segment, first->prev); !whole) return whole;

  log::Batch batch;
  for (const std::string& bytes : segment.records) {
    const auto header = log::parse_header(bytes);
    const log::Hash hash = log::sha256(bytes);
    const bool joins = header->seq == tail.seq + 1 && header->prev != tail.hash;
    const bool other = header->seq == tail.seq && hash != tail.hash;
    if (joins || other) {
      journal_.mark_forked(index);
      return fail("sync.forked", tail.log + "#" + std::to_string(header->seq));
    }
    if (header->seq > tail.seq) batch.records.push_back({bytes, hash});
  }
  if (batch.records.empty()) return {};
  batch.seals.push_back(segment.seal);
  if (auto kept = store_.commit(batch); !kept) return kept;
  for (const log::Record& record : batch.records) {
    const auto header = log::parse_header(record.bytes);
    journal_.seen(index, header->seq, record.hash, header->at, now);
    fold(record.bytes, *header, index);
  }
  journal_.seen_seal(segment.seal);
  return {};
}

log::Hash Node::digest(const std::function<bool(const log::LogId&)>& audience) const {
  // Every entity whose standing term is written in a lane the audience sees, by kind and id, with
  // the position that stands last: equal exactly when both nodes folded the same events in the same
  // order.
  std::vector<std::string> lines;
  const auto take = [&](std::string_view kind, const auto& shelf) {
    for (const auto& [id, entry] : shelf.all()) {
      if (!entry.exists) continue;
      const auto log = log::parse_log_id(journal_.tail(entry.log).log);
      if (!log || !audience(*log)) continue;
      std::string line = std::string(kind) + "/" + id + " " + entry.owner + " " +
                         log::text_of(entry.term) + " " + std::to_string(entry.last_seq) + " " +
                         shelf.fingerprint(entry);
      lines.push_back(std::move(line));
    }
  };
  take("warning", warnings_);
  take("call", calls_);
  take("answer", answers_);
  std::ranges::sort(lines);
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return log::sha256(all);
}

}  // namespace tocsin::node
