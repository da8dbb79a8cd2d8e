// What the watch does between batches: silence, the board, closing files, retention.

#include <filesystem>
#include <utility>

#include "server/watch/watch.h"

namespace tocsin::server {

void Watch::housekeep(Instant now) {
  const Duration steady = clock_.steady();
  if (steady - ticked_at_ >= std::chrono::seconds(1)) {
    ticked_at_ = steady;
    look_at_disk();
    tell(rules_->tick(now));
    keep_cursor();
  }
  const bool due = steady - published_at_ >= std::chrono::milliseconds(500);
  if (due || board_.round_open()) publish(now, false);
  if (due) {
    published_at_ = steady;
    const std::lock_guard lock(mutex_);
    const double seconds = static_cast<double>((steady - counted_at_).count()) / 1000.0;
    stats_.per_s = static_cast<double>(stats_.stored - counted_) / seconds;
    counted_ = stats_.stored;
    counted_at_ = steady;
    stats_.unsealed = store_->unsealed_readings();
    stats_.files = store_->sealed().size();
  }
  if (store_->wants_seal(now)) seal(now);
  if (steady - expired_at_ >= std::chrono::hours(1)) {
    expired_at_ = steady;
    expire(now);
  }
}

void Watch::look_at_disk() {
  std::error_code problem;
  const auto space = std::filesystem::space(settings_.folder, problem);
  const std::lock_guard lock(mutex_);
  disk_low_ = !problem && space.available < settings_.reserve_bytes;
  if (disk_low_)
    stats_.trouble = "store.disk_reserve";
  else if (stats_.trouble == "store.disk_reserve")
    stats_.trouble.clear();
}

/// All that is stored has been judged when this is called; with nothing under way and nothing
/// refused, the log has it. What it refused is found again from what is stored, when it may take
/// it.
void Watch::keep_cursor() {
  constexpr Duration tell_again_every = std::chrono::seconds(10);
  constexpr Duration write_every = std::chrono::seconds(30);
  if (telling_ > 0) return;
  const Duration steady = clock_.steady();
  if (!told_later_.empty() && steady - told_again_at_ >= tell_again_every) {
    told_again_at_ = steady;
    for (const auto& file : std::exchange(told_later_, {})) name_file(file);
  }
  if (untold_) {
    if (steady - told_again_at_ < tell_again_every) return;
    told_again_at_ = steady;
    untold_ = false;
    ++telling_;  // until the node has been looked at
    desk_.post([this](const node::Node& node) {
      auto input = std::make_shared<WatchInput>(gather(node, clock_.now()));
      post([this, input](reading_store::Store&) {
        --telling_;
        renew(*input);
      });
    });
    return;
  }
  told_until_ = clock_.now();
  if (settings_.cursor.empty() || steady - cursor_at_ < write_every) return;
  cursor_at_ = steady;
  (void)write_cursor(settings_.cursor, *told_until_);  // an older one only looks back further
}

/// The log names a closed file before its journal may go; the name is durable when `named` is
/// called.
void Watch::name_file(const observation::SealedFile& file) {
  node::Request request{"node/watch", "",
                        node::TellOffice{office::Event(office::ReadingsSealed{file})}};
  desk_.submit(std::move(request), [this, file](Submitted done) {
    if (done.failed) {  // named once the log takes what it refused; or at the next start
      post([this, file](reading_store::Store&) { told_later_.push_back(file); });
    } else if (done.ok()) {
      post([file](reading_store::Store& store) {
        store.named(file.name);
        (void)store.release(file.last_ordinal);
      });
    }
  });
}

void Watch::seal(Instant) {
  auto job = store_->begin_seal();
  if (!job || !*job) return;
  // Packing runs on a thread of its own, so that front doors do not wait for it.
  auto shared = std::make_shared<reading_store::SealJob>(std::move(**job));
  if (sealer_.joinable()) sealer_.join();  // the one before has posted its file already
  sealer_ = std::thread([this, shared] {
    auto done = shared->run();
    post([this, done = std::move(done)](reading_store::Store& store) {
      const auto file = store.finish_seal(done);
      if (file) name_file(*file);
    });
  });
}

void Watch::expire(Instant now) {
  const auto removals = store_->expired(now - settings_.retention, input_.pins);
  if (!removals) return;
  for (const reading_store::Removal& removal : *removals) {
    if (removal.replacement) name_file(*removal.replacement);
    node::Request request{
        "node/watch", "",
        node::TellOffice{office::Event(office::ReadingsRemoved{removal.file.name})}};
    desk_.submit(std::move(request), [this, removal](Submitted done) {
      if (!done.ok()) return;
      post([removal](reading_store::Store& store) { (void)store.remove(removal); });
    });
  }
}

}  // namespace tocsin::server
