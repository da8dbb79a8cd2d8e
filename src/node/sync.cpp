// How two nodes get to know the same: "I hold up to record n of these logs", and segments that
// prove themselves. What may be seen by whom is the caller's affair (the audience), never guessed
// here.

#include <algorithm>

#include "node/node.h"

namespace tocsin::node {

Have Node::have() const {
  Have out;
  for (const Tail& tail : journal_.tails()) out[tail.log] = {tail.seq, tail.hash};
  return out;
}

std::vector<log::Segment> Node::lacking(
    const Have& have, const std::function<bool(const log::LogId&)>& audience) const {
  std::vector<log::Segment> out;
  for (const Tail& tail : journal_.tails()) {
    const auto held = have.find(tail.log);
    const log::Head head = held == have.end() ? log::Head{} : held->second;
    std::uint64_t there = head.seq;
    // Whoever has it otherwise must hear of it, however far he has written.
    if (tail.forked_at > 0) there = std::min(there, tail.forked_at - 1);
    if (there > 0 && there == tail.seq && head.hash != tail.hash) --there;
    if (there >= tail.sealed) continue;
    const auto id = log::parse_log_id(tail.log);
    if (!id || !audience(*id)) continue;
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

namespace {

/// The key that signs a log, as its first record says; empty when that record is not here.
std::string key_named_by(const log::Segment& segment) {
  const auto header = log::parse_header(segment.records.front());
  if (!header || header->seq != 1) return {};
  const auto opened = office::decode(header->type, header->version, header->body);
  if (!opened || !std::holds_alternative<office::LogOpened>(*opened)) return {};
  return std::get<office::LogOpened>(*opened).key;
}

}  // namespace

/// Whether a segment says the same as we have where both speak, and joins on where ours ends.
bool Node::fits(const log::Segment& segment, const Tail& tail) const {
  const std::uint64_t both = std::min(tail.seq, segment.seal.last);
  if (both < segment.seal.first)
    return log::parse_header(segment.records.front())->prev == tail.hash;
  const std::string& theirs = segment.records[both - segment.seal.first];
  if (both == tail.seq) return log::sha256(theirs) == tail.hash;
  const auto ours = store_.records(tail.log, both, both);
  return ours && !ours->empty() && ours->front() == theirs;
}

/// True of a segment that came twice: its last record is the one we hold, and so are those before.
bool Node::says_nothing_new(const log::Segment& segment) const {
  const Tail* tail = journal_.find(segment.seal.log);
  if (tail == nullptr || segment.seal.last > tail->sealed) return false;
  const auto ours = store_.records(tail->log, segment.seal.last, segment.seal.last);
  return ours && !ours->empty() && ours->front() == segment.records.back();
}

Result<void> Node::accept(const log::Segment& segment, Instant now) {
  now_ = now;
  if (const auto id = log::parse_log_id(segment.seal.log); !id) return std::unexpected(id.error());
  if (segment.records.empty()) return fail("segment.gap", segment.seal.log);
  const auto first = log::parse_header(segment.records.front());
  if (!first) return std::unexpected(first.error());
  // Cheap refusals first: on a bad link most segments come twice, or before their time.
  if (says_nothing_new(segment)) return {};
  const auto index = journal_.index(segment.seal.log);
  const Tail tail = journal_.tail(index);
  if (tail.forked_at > 0) return fail("sync.forked", tail.log);
  if (segment.seal.first > tail.seq + 1)
    return fail("sync.gap", tail.log + "#" + std::to_string(tail.seq + 1));
  if (auto whole = log::check(segment, first->prev); !whole) return whole;
  // What is folded here comes first on disk too, so that a restart folds in the same order.
  if (auto kept = flush(); !kept) return kept;

  const auto named = keys_.find(tail.log);
  if (segment.seal.key != (named == keys_.end() ? key_named_by(segment) : named->second))
    return fail("sync.wrong_key", tail.log);
  const bool same = fits(segment, tail);
  if (same && segment.seal.last <= tail.seq) return {};
  if (!same)
    journal_.mark_forked(index, std::max<std::uint64_t>(1, std::min(tail.seq, segment.seal.last)));
  if (tail.ours) {
    go_on_held("peers hold records of " + tail.log + " that are not on this disk", now);
    if (auto kept = flush(); !kept) return kept;
  }
  if (!same) return fail("sync.forked", tail.log);
  if (tail.own && log::parse_log_id(tail.log)->epoch > journal_.epoch()) {
    go_on(now);  // it was restored once before: its words of now come after those of then
    if (auto kept = flush(); !kept) return kept;
  }
  return take(segment, index, now);
}

/// Keeps and folds what of a segment is new here.
Result<void> Node::take(const log::Segment& segment, Journal::LogIndex index, Instant now) {
  log::Batch batch;
  const std::uint64_t here = journal_.tail(index).seq;
  for (std::uint64_t seq = here + 1; seq <= segment.seal.last; ++seq) {
    const std::string& bytes = segment.records[seq - segment.seal.first];
    batch.records.push_back({bytes, log::sha256(bytes)});
  }
  batch.seals.push_back(segment.seal);
  if (auto kept = store_.commit(batch); !kept) return kept;
  for (const log::Record& record : batch.records) {
    const auto header = log::parse_header(record.bytes);
    journal_.seen(index, header->seq, record.hash, header->at, now);
    fold(*header, index);
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
