#pragma once
// The boards as they stand and the ring of their latest changes; what one reader has not seen yet
// is computed from both. No socket, no waiting in here. Private to this room.

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "server/stream/hub.h"

namespace tocsin::server {

using RowRef = std::shared_ptr<const StreamRow>;

/// Something to wake when there is news. Called under the boards' lock: it must only leave a note.
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void wake() = 0;
};

/// Where one reader stands.
struct Reader {
  struct OfBoard {
    std::string name;
    bool whole = true;      // gets it whole next
    bool counted = false;   // `total` is right as of `seen`
    bool no_right = false;  // told once, then never again
    bool told_state = false;
    std::size_t total = 0;  // rows he sees
  };
  std::vector<OfBoard> boards;
  std::uint64_t seen = 0;  // position up to which he knows everything
  RowFilter filter;
};

class Boards {
 public:
  Boards(const Clock& clock, StreamSettings settings);

  void add(std::string name, std::string why,
           std::function<bool(const access::Principal&)> visible);
  bool knows(std::string_view name) const;
  bool may_see(std::string_view name, const access::Principal& who) const;
  void reset(std::string_view name, StreamBoard rows);
  void publish(std::string_view name, StreamPatch patch);
  void update(std::string_view name, StreamBoard rows);
  void unload(std::string_view name, std::string why);
  void touch(Instant as_of, Duration lag);
  void stop();
  bool stopping() const;

  /// Sets the reader behind `position` ("epoch-seq-tag") when the ring still holds what followed.
  void resume(Reader& reader, std::string_view position, std::string_view tag) const;
  /// The events the reader lacks, his position moved on; empty when he lacks nothing.
  std::string take(Reader& reader, std::string_view tag);
  std::string beat() const;

  void add_waker(Waker* waker);
  void remove_waker(Waker* waker);
  std::size_t wakers() const;
  const StreamSettings& settings() const { return settings_; }

 private:
  struct Change {
    std::string id;
    RowRef before, after;
  };
  struct Step {
    std::uint64_t position = 0;
    std::string board;
    bool whole = false;  // reset or unloaded: who sees it takes the board as a whole
    std::vector<Change> changes;
    std::size_t bytes = 0;
  };
  struct Board {
    bool loaded = false;
    std::string why;
    std::function<bool(const access::Principal&)> visible;
    std::map<std::string, RowRef, std::less<>> rows;
    Instant as_of{};
  };
  void push(Step step);
  void wake_all();
  Board& at(std::string_view name);
  void apply(Board& board, std::string_view name, StreamPatch patch);
  StreamPatch difference(const Board& board, StreamBoard now) const;
  std::deque<Step>::const_iterator after(std::uint64_t position) const;
  std::string whole_event(Reader::OfBoard& of, const Board& board, const RowFilter& filter) const;
  std::string patch_event(Reader::OfBoard& of, const Board& board, const Reader& reader) const;
  std::string position_text(std::uint64_t position, std::string_view tag) const;

  StreamSettings settings_;
  mutable std::mutex mutex_;
  std::map<std::string, Board, std::less<>> boards_;
  std::deque<Step> ring_;
  std::size_t ring_bytes_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t epoch_;
  Instant as_of_{};
  Duration lag_{0};
  bool stopping_ = false;
  std::set<Waker*> wakers_;
};

}  // namespace tocsin::server
