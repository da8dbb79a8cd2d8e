#pragma once
// The event stream of docs/formats/http.md: boards, multiplexed over one connection a browser.
//
// A board is published as differences. Each subscriber sees the rows that concern its post, resumes
// by position where the ring still holds it, and gets a fresh whole board instead of a long queue
// when it reads too slowly. Nothing here waits for a reader.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/clock/clock.h"
#include "adapter/http/message.h"
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
  std::size_t ring_max = 4096;  // patches kept for resuming
  std::size_t ring_bytes_max = 8u << 20;
  std::size_t queue_max = 256;  // patches a slow reader may be behind before it gets whole boards
};

/// Thread-safe. Publish from the node's thread; readers run on the connections' strands.
class Hub {
 public:
  Hub(asio::any_io_executor executor, const Clock& clock, StreamSettings settings = {});
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// Names a board; until its first `reset` it is "not_loaded" with `what` saying why. `visible`
  /// false for a principal: "no_right".
  void add_board(std::string board, std::string not_loaded_why = "starting",
                 std::function<bool(const access::Principal&)> visible = {});
  /// The board as a whole; subscribers get it whole.
  void reset(std::string_view board, StreamBoard rows);
  void publish(std::string_view board, StreamPatch patch);
  /// The board can no longer be served; `why` is told.
  void unload(std::string_view board, std::string why);
  /// The same rows stand as of a later instant (told by the next beat).
  void touch(Instant as_of, Duration lag);

  /// The response of `GET /api/v1/stream`. Errors "stream.board_unknown" (field "boards"),
  /// "stream.position_bad" (header Last-Event-ID). `alive` is asked at each beat: an empty string
  /// while the session lives, else the reason of the `bye` ("expired", "logged_out").
  Result<http::Response> open(const http::Request& request, RowFilter filter,
                              std::function<std::string()> alive);
  /// Ends all streams with `bye` ("stopping").
  void stop();

  std::size_t subscribers() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tocsin::server
