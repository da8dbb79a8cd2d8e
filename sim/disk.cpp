#include "sim/disk.h"

#include <map>

#include "log/chain.h"

namespace tocsin::sim {

Result<void> Disk::commit(const log::Batch& batch) {
  if (full_) return fail("store.disk_full", "", "no space left");
  const Fate fate = std::exchange(fate_, Fate::nothing);
  if (fate == Fate::dies_before_sync) throw PowerCut{};
  if (auto kept = seen_.commit(batch); !kept) return kept;
  if (on_kept) on_kept(batch);
  if (fate == Fate::dies_after_sync) throw PowerCut{};
  return {};
}

Result<log::ReplaySummary> Disk::replay(const log::ReplayVisit& visit,
                                        const log::Prepare& prepare) {
  log::ReplaySummary out;
  std::map<std::string, log::Chain, std::less<>> chains;
  for (const std::string& bytes : seen_.contents().records) {
    const auto header = log::parse_header(bytes);
    if (!header) return std::unexpected(header.error());
    auto at = chains.find(header->log);
    if (at == chains.end())
      at = chains.emplace(header->log, log::Chain(std::string(header->log))).first;
    // Every second one, as a store does that has time for some.
    const bool ahead = prepare && out.records % 2 == 0;
    const log::Replayed one{bytes, log::sha256(bytes), *header, ahead ? prepare(*header) : nullptr};
    if (auto follows = at->second.follow(*header, one.hash); !follows)
      return std::unexpected(follows.error());
    ++out.records;
    if (!visit({&one, 1})) break;
  }
  return out;
}

void Disk::set_lying(bool lying) {
  if (lying && !only_this_) only_this_ = seen_.contents();
  if (!lying) only_this_.reset();
}

void Disk::lose_power() {
  if (only_this_) seen_.set_contents(std::move(*only_this_));
  only_this_.reset();
  fate_ = Fate::nothing;
}

void Disk::replace(Contents contents) {
  only_this_.reset();
  fate_ = Fate::nothing;
  seen_.set_contents(std::move(contents));
}

}  // namespace tocsin::sim
