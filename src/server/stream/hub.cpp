#include "server/stream/hub.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "log/hash.h"
#include "server/stream/boards.h"

namespace tocsin::server {
namespace {

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

/// One open stream: sleeps until there is news or a beat is due.
class Sleeper final : public Waker, public std::enable_shared_from_this<Sleeper> {
 public:
  Sleeper(asio::any_io_executor executor, std::shared_ptr<Boards> boards)
      : timer_(executor), pause_(executor), boards_(std::move(boards)) {}
  void begin() { boards_->add_waker(this); }
  void end() { boards_->remove_waker(this); }

  /// From any thread. The cancelling runs where the stream runs, so no news falls in between.
  void wake() override {
    if (news_.exchange(true)) return;
    asio::post(timer_.get_executor(), [self = shared_from_this()] { self->timer_.cancel(); });
  }
  asio::awaitable<void> until_news(Duration most) {
    if (!news_) {
      timer_.expires_after(most);
      co_await timer_.async_wait(awaited);
    }
  }
  asio::awaitable<void> rest(Duration time) {
    pause_.expires_after(time);
    co_await pause_.async_wait(awaited);
  }
  void seen() { news_ = false; }

 private:
  asio::steady_timer timer_, pause_;  // woken by news; not woken
  std::atomic<bool> news_ = false;
  std::shared_ptr<Boards> boards_;
};

/// Takes the sleeper off the list however the stream ends.
struct Awake {
  explicit Awake(Sleeper& s) : sleeper(s) { sleeper.begin(); }
  ~Awake() { sleeper.end(); }
  Awake(const Awake&) = delete;
  Awake& operator=(const Awake&) = delete;
  Sleeper& sleeper;
};

std::string bye(std::string_view reason) {
  return "event: bye\ndata: " + boost::json::serialize(boost::json::object{{"reason", reason}}) +
         "\n\n";
}

struct Stream {
  std::shared_ptr<Boards> boards;
  Reader reader;
  std::string tag;
  std::function<std::string()> over;
};

/// Why the stream must end now; empty: it goes on.
std::string ending(const Stream& stream) {
  if (stream.boards->stopping()) return "stopping";
  return stream.over ? stream.over() : std::string();
}

asio::awaitable<void> feed(std::shared_ptr<Stream> stream, http::Sink& sink) {
  const StreamSettings& settings = stream->boards->settings();
  const auto sleeper =
      std::make_shared<Sleeper>(co_await asio::this_coro::executor, stream->boards);
  const Awake awake(*sleeper);
  std::string piece = "retry: 2000\n\n" + stream->boards->beat();
  auto beat_at = std::chrono::steady_clock::now() + settings.beat;
  for (;;) {
    sleeper->seen();
    const std::string reason = ending(*stream);
    if (!reason.empty()) {
      co_await sink.write(piece + bye(reason));
      co_return;
    }
    piece += stream->boards->take(stream->reader, stream->tag);
    if (std::chrono::steady_clock::now() >= beat_at) {
      piece += stream->boards->beat();
      beat_at = std::chrono::steady_clock::now() + settings.beat;
    }
    if (!piece.empty()) {
      const auto written = co_await sink.write(std::exchange(piece, {}));
      if (!written) co_return;
      co_await sleeper->rest(settings.pace);
    }
    const auto left = beat_at - std::chrono::steady_clock::now();
    co_await sleeper->until_news(std::max(Duration(1), std::chrono::duration_cast<Duration>(left)));
  }
}

}  // namespace

Hub::Hub(const Clock& clock, StreamSettings settings)
    : boards_(std::make_shared<Boards>(clock, settings)) {}
Hub::~Hub() { boards_->stop(); }

void Hub::add_board(std::string board, std::string why,
                    std::function<bool(const access::Principal&)> visible) {
  boards_->add(std::move(board), std::move(why), std::move(visible));
}
void Hub::reset(std::string_view board, StreamBoard rows) {
  boards_->reset(board, std::move(rows));
}
void Hub::publish(std::string_view board, StreamPatch patch) {
  boards_->publish(board, std::move(patch));
}
void Hub::update(std::string_view board, StreamBoard rows) {
  boards_->update(board, std::move(rows));
}
void Hub::unload(std::string_view board, std::string why) {
  boards_->unload(board, std::move(why));
}
void Hub::touch(Instant as_of, Duration lag) { boards_->touch(as_of, lag); }
void Hub::stop() { boards_->stop(); }
std::size_t Hub::subscribers() const { return boards_->wakers(); }

Result<http::Response> Hub::open(const http::Request& request, RowFilter filter,
                                 std::function<std::string()> over) {
  auto stream = std::make_shared<Stream>();
  std::string_view names = request.query_value("boards");
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    if (!boards_->knows(name)) return fail("stream.board_unknown", "boards", std::string(name));
    Reader::OfBoard of;
    of.name = name;
    of.no_right = !boards_->may_see(name, request.principal);
    const auto twin = std::ranges::find(stream->reader.boards, of.name, &Reader::OfBoard::name);
    if (twin == stream->reader.boards.end()) stream->reader.boards.push_back(std::move(of));
  }
  if (stream->reader.boards.empty()) return fail("stream.board_unknown", "boards", "none named");
  stream->boards = boards_;
  stream->reader.filter = std::move(filter);
  stream->over = std::move(over);
  // A position is good for the same boards seen from the same post only.
  const access::Principal& who = request.principal;
  stream->tag =
      log::text_of(log::sha256({who.post, "\n", who.area, "\n", request.query_value("boards")}))
          .substr(0, 6);
  std::ranges::replace(stream->tag, '-', '.');
  boards_->resume(stream->reader, request.header("last-event-id"), stream->tag);
  http::Response response = http::text_response({}, "text/event-stream");
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.stream = [stream](http::Sink& sink) { return feed(stream, sink); };
  return response;
}

void add_stream_route(http::Router& router, Hub& hub,
                      std::function<std::string(const std::string&)> session_over) {
  http::RouteInfo info{
      .access = access::Access::read, .summary = "Boards as server-sent events", .tag = "stream"};
  info.query = {{"boards", "names, separated by commas", R"({"type":"string"})", true}};
  info.answer = R"({"type":"string","description":"events patch, state, beat, bye"})";
  info.answer_type = "text/event-stream";
  router.get("/api/v1/stream", std::move(info),
             [&hub, session_over](http::Request request) -> asio::awaitable<http::Response> {
               const std::string area = request.principal.area, session = request.session;
               auto opened = hub.open(
                   request,
                   [area](const StreamRow& row) { return access::concerns(area, row.areas); },
                   [session_over, session] { return session_over(session); });
               if (!opened) co_return http::problem(opened.error());
               co_return std::move(*opened);
             });
}

}  // namespace tocsin::server
