#pragma once
// 监视. One thread owns the reading store and the rules: what front doors bring is stored in groups
// with one fsync, then judged in the order it was stored; what rules find goes to the node as
// commands. A reading is answered for only when it is durable; a warning's id is derived from rule,
// point and instant, so what was stored but not yet judged or not taken by the log, at a crash or
// while the disk is full, is found again from what is stored.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "adapter/clock/clock.h"
#include "adapter/reading_store/file_system.h"
#include "adapter/reading_store/reading_store.h"
#include "engine/rule/evaluator.h"
#include "server/desk/desk.h"
#include "server/stream/hub.h"
#include "server/watch/cursor.h"
#include "server/watch/input.h"
#include "server/watch/station_board.h"

namespace tocsin::server {

/// The registers as the front doors use them; replaced whole when they change. `keys[i]` is the
/// store's key of `stations->points()[i]`.
struct Field {
  std::shared_ptr<const observation::Stations> stations =
      std::make_shared<const observation::Stations>();
  std::vector<observation::PointKey> keys;
  std::vector<std::string> areas;  ///< of stations->stations()[i]: codes of the edition in use
  std::vector<std::pair<std::string, std::string>> dialects;
  std::uint64_t version = 0;
};

struct WatchSettings {
  std::string folder;
  reading_store::Options store{};
  std::string cursor;  ///< file of the rules' cursor (cursor.h); empty: none is kept
  Duration retention = std::chrono::hours(24 * 366 * 3);
  std::size_t queued_readings_max = 2'000'000;
  /// Readings are refused while less of the disk is free, so that calls and answers can be kept.
  std::uint64_t reserve_bytes = 0;
};

struct WatchStats {
  std::uint64_t stored = 0, duplicates = 0, refused = 0, batches = 0, findings = 0, failed = 0;
  std::uint64_t unsealed = 0, files = 0;
  double per_s = 0;
  std::int64_t lag_ms = 0;  ///< of the last group: from queued to judged
  std::string trouble;      ///< code of the last refused batch, empty while all is well
  std::string book_problem;
};

/// What became of a batch: one fate a reading, or why nothing of it was kept.
using Ingested = Result<std::vector<reading_store::Fate>>;

class Watch {
 public:
  /// Opens the store, compares it with what the log names, replays what rules must see again.
  static Result<std::unique_ptr<Watch>> open(WatchSettings settings, const WatchInput& input,
                                             Desk& desk, Hub& hub, const Clock& clock);
  ~Watch();

  void start();
  void stop();

  std::shared_ptr<const Field> field() const;
  /// From any thread; `done` is called on the watch's thread. Error "store.backlog" at once when
  /// too much is queued, "store.disk_reserve" while the disk is nearly full.
  void ingest(std::vector<observation::Reading> readings, std::function<void(Ingested)> done);
  /// Registers, rules or dialects changed.
  void reload(WatchInput input);
  /// Runs `look` on the watch's thread.
  void post(std::function<void(reading_store::Store&)> look);
  /// All rows of the station board, given on the watch's thread.
  void rows(std::function<void(std::vector<BoardRow>)> done);
  void clock_off(std::string station, Duration off);
  WatchStats stats() const;
  const WatchSettings& settings() const { return settings_; }
  /// What open() found broken or missing.
  const reading_store::OpenReport& report() const { return report_; }

 private:
  struct Batch {
    std::vector<observation::Reading> readings;
    std::function<void(Ingested)> done;
    Duration queued{};
  };
  Watch(WatchSettings settings, Desk& desk, Hub& hub, const Clock& clock);

  Result<void> begin(const WatchInput& input);
  void run();
  void store(std::vector<Batch> batches);
  void judge(const std::vector<observation::Reading>& readings,
             const std::vector<reading_store::Fate>& fates);
  void tell(std::vector<rule::Finding> findings);
  void told(bool failed);
  void keep_cursor();
  void look_at_disk();
  std::optional<Instant> newest_arrival() const;
  void renew(const WatchInput& input);
  void replay(Instant now);
  void housekeep(Instant now);
  void seal(Instant now);
  void name_file(const observation::SealedFile& file);
  void expire(Instant now);
  void publish(Instant now, bool whole);

  WatchSettings settings_;
  Desk& desk_;
  Hub& hub_;
  const Clock& clock_;
  std::unique_ptr<reading_store::Store> store_;
  reading_store::OpenReport report_;
  std::unique_ptr<rule::Evaluator> rules_;
  WatchInput input_;
  StationBoard board_;
  std::vector<std::uint32_t> point_of_key_;  ///< index in stations, by store key

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Batch> queue_;
  std::size_t queued_readings_ = 0;
  std::vector<std::function<void()>> chores_;
  std::shared_ptr<const Field> field_;
  bool stopping_ = false, disk_low_ = false;
  WatchStats stats_;
  std::uint64_t counted_ = 0;
  Duration counted_at_{}, published_at_{}, ticked_at_{}, expired_at_{};
  std::thread thread_, sealer_;

  // The rules' cursor; on the watch's thread.
  std::size_t telling_ = 0;            ///< commands the node has not answered yet
  bool untold_ = false;                ///< the disk refused some: told again from what is stored
  std::optional<Instant> told_until_;  ///< all that arrived until then is judged and in the log
  std::vector<observation::SealedFile> told_later_;  ///< closed files the log could not name
  Duration told_again_at_{}, cursor_at_{};
};

}  // namespace tocsin::server
