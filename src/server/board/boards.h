#pragma once
// Keeps the boards of the event stream equal to the node's state, by difference: what changed is
// collected after each flush and rendered at most ten times a second, on the node's thread.

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "server/board/rows.h"
#include "server/stream/hub.h"

namespace tocsin::server {

/// What the rim knows of the node and the node does not: told by whoever owns it.
struct RimFacts {
  std::int64_t disk_free_mb = -1;
  bool disk_full = false;
  bool disk_low = false;  ///< readings are refused, all else is kept
  std::string trouble;    ///< code of the last refused commit, or empty
  double readings_per_s = 0;
  std::int64_t ingest_lag_ms = 0;
  bool streams_loaded = false, relief_loaded = false;
};

class Boards {
 public:
  Boards(Hub& hub, std::function<RimFacts()> rim);

  /// Declares the boards; call once before `whole`.
  void declare();
  /// Renders everything anew (start, reload, registers changed).
  void whole(const node::Node& node, Instant now);
  /// Takes note; called on the node's thread after each flush.
  void touched(const std::set<std::string>& entities);
  /// True when `render` has something to do.
  bool waiting() const;
  /// Publishes what was noted.
  void render(const node::Node& node, Instant now);
  /// The node's own row, every few seconds.
  void render_node(const node::Node& node, Instant now);

 private:
  struct Feed {
    std::string id;
    boost::json::object body;
    std::vector<std::string> areas;
    Instant at;
  };
  void feed(std::string_view kind, Instant at, const Text& text, int level,
            std::string_view warning, std::string_view station, std::vector<std::string> areas,
            std::vector<StreamRow>* out);
  void feed_of(const node::Node& node, const std::string& entity, Instant now,
               std::vector<StreamRow>& out);
  void first_feed(const node::Node& node);
  void publish(std::string_view board, std::vector<BoardRow> rows, Instant now);
  void put_or_drop(std::string_view board, const std::string& id,
                   const std::optional<BoardRow>& row, Instant now);
  void places(const node::Node& node, Instant now);

  Hub& hub_;
  std::function<RimFacts()> rim_;
  mutable std::mutex mutex_;
  std::set<std::string> waiting_;
  std::deque<Feed> feed_;
  std::map<std::string, std::string> said_;  // entity -> last feed text, so nothing is said twice
  std::map<std::string, std::string> last_rows_;  // "board id" -> json, so equal rows are not sent
  std::uint64_t feed_count_ = 0;
};

/// Whether a warning is still shown: in force, or over for less than a day.
bool shown(const warning::Warning& w, Instant now);

/// Ids of the warnings that boards and feeds show: those of which `shown` holds.
std::vector<std::string> shown_warnings(const node::Node& node, Instant now);

}  // namespace tocsin::server
