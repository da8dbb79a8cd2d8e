#pragma once
// The event stream of docs/formats/http.md: boards, multiplexed over one connection a browser.
//
// A board is published as differences. Each subscriber sees the rows that concern its post, resumes
// by position where the ring still holds it, and gets a fresh whole board instead of a long queue
// when it reads too slowly. Nothing here waits for a reader.

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/clock/clock.h"
#include "adapter/http/router.h"
#include "base/time.h"

namespace tocsin::server {

namespace asio = boost::asio;

/// One row of a board, as the desk gets it.
struct StreamRow {
  std::string id;
  std::string json;                // one JSON object on one line, holding "id"
  std::vector<std::string> areas;  // division codes; none: concerns every post
};

/// All of a board at one moment.
struct StreamBoard {
  std::vector<StreamRow> rows;
  Instant as_of{};
};

/// What changed. `put` replaces rows by id; `drop` names ids.
struct StreamPatch {
  std::vector<StreamRow> put;
  std::vector<std::string> drop;
  Instant as_of{};
};

/// Which rows a subscriber sees.
using RowFilter = std::function<bool(const StreamRow&)>;

struct StreamSettings {
  Duration beat{5'000};
  Duration pace{100};  // between two pieces to one reader; what comes meanwhile goes together
  std::size_t ring_max = 4096;            // changes kept for resuming and for slow readers
  std::size_t ring_bytes_max = 8u << 20;  // whoever is further behind gets whole boards
};

/// Thread-safe. Publish from the node's thread; readers run on the connections' strands.
class Hub {
 public:
  explicit Hub(const Clock& clock, StreamSettings settings = {});
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// Names a board; until its first `reset` it is "not_loaded" with `what` saying why. `visible`
  /// false for a principal: "no_right".
  void add_board(std::string board, std::string not_loaded_why = "starting",
                 std::function<bool(const access::Principal&)> visible = {});
  /// The board as a whole; subscribers get it whole.
  void reset(std::string_view board, StreamBoard rows);
  /// What changed. Ignored while the board is not loaded.
  void publish(std::string_view board, StreamPatch patch);
  /// The board as it is now; the difference to before is found and published. O(rows).
  void update(std::string_view board, StreamBoard rows);
  /// The board can no longer be served; `why` is told.
  void unload(std::string_view board, std::string why);
  /// The same rows stand as of a later instant (told by the next beat).
  void touch(Instant as_of, Duration lag);

  /// The response of `GET /api/v1/stream`. Error "stream.board_unknown" (field "boards"). A
  /// Last-Event-ID that is not ours, too old or of another post gives whole boards. `over` is asked
  /// at each beat: an empty string while the session lives, else the reason of the `bye`.
  Result<http::Response> open(const http::Request& request, RowFilter filter,
                              std::function<std::string()> over);
  /// Ends all streams with `bye` ("stopping").
  void stop();

  std::size_t subscribers() const;

 private:
  std::shared_ptr<class Boards> boards_;
};

/// Adds `GET /api/v1/stream` (class read): rows that concern the post's area. `session_over` says
/// why a session (by id) has ended, empty while it lives.
void add_stream_route(http::Router& router, Hub& hub,
                      std::function<std::string(const std::string&)> session_over);

}  // namespace tocsin::server
