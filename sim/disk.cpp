#include "sim/disk.h"

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
