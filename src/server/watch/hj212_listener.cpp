#include "server/watch/hj212_listener.h"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <mutex>

namespace tocsin::server {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t notices_max = 500;
constexpr std::size_t unwritten_max = 1 << 20;  // answers nobody reads: the connection is closed

}  // namespace

struct Hj212Listener::State : std::enable_shared_from_this<Hj212Listener::State> {
  State(Watch& w, const Clock& c, Hj212Settings s)
      : watch(w), clock(c), settings(std::move(s)), acceptor(io) {}

  struct Connection;
  /// What waits to be said until readings are durable.
  struct Told {
    std::string station;
    std::optional<hj212::PacketMark> packet;
    std::string text;
  };

  Watch& watch;
  const Clock& clock;
  Hj212Settings settings;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::thread thread;
  hj212::Memory memory;  // owned by `thread`
  std::shared_ptr<const Field> field;
  hj212::Registry registry;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> connections = 0, accepted = 0, frames = 0, aside = 0, duplicates = 0,
                             answers = 0, noise = 0;
  mutable std::mutex mutex;
  std::map<std::string, IngestNotice> notices;
  std::vector<std::weak_ptr<Connection>> open;  // owned by `thread`, for stopping

  /// Makes room for one more: the connection longest without a word goes, one that never brought a
  /// frame of a known station before all others. False when every one is a station at work.
  bool make_room();

  void remember_open(const std::shared_ptr<Connection>& connection) {
    std::erase_if(open, [](const auto& weak) { return weak.expired(); });
    open.push_back(connection);
  }

  void renew_registry() {
    auto now_used = watch.field();
    if (now_used == field) return;
    field = std::move(now_used);
    registry = hj212::Registry::make(field->stations, field->dialects, settings.stations);
  }

  void note(IngestNotice notice) {
    const std::lock_guard lock(mutex);
    const auto [at, made] = notices.try_emplace(notice.id, notice);
    at->second.count += 1;
    at->second.last = notice.last;
    at->second.example = notice.example.empty() ? at->second.example : notice.example;
    at->second.factors = notice.factors;
    at->second.seen = notice.seen;
    if (notices.size() <= notices_max) return;
    auto oldest = notices.begin();
    for (auto i = notices.begin(); i != notices.end(); ++i)
      if (i->second.last < oldest->second.last) oldest = i;
    notices.erase(oldest);
  }

  void note_aside(const hj212::SetAside& what, const hj212::Taken& taken, const std::string& peer,
                  Instant now) {
    IngestNotice n;
    n.reason = std::string(hj212::code_of(what.reason));
    n.mn = what.mn;
    if (taken.station) n.station = registry.station(*taken.station).id;
    n.id = (what.mn.empty() ? peer : what.mn) + "|" + n.reason;
    n.example = what.example;
    n.factors = what.factors;
    n.first = n.last = now;
    note(std::move(n));
  }

  void note_dialect(const hj212::DialectSuggestion& what) {
    IngestNotice n;
    n.id = what.station + "|" + what.what;
    n.station = what.station;
    n.dialect = what.what;
    n.reason = "hj212.dialect";
    n.seen = what.seen;
    n.first = what.first;
    n.last = what.last;
    note(std::move(n));
  }
};

struct Hj212Listener::State::Connection : std::enable_shared_from_this<Connection> {
  Connection(std::shared_ptr<State> s, tcp::socket k)
      : state(std::move(s)),
        socket(std::move(k)),
        timer(state->io),
        intake(state->settings.intake) {
    boost::system::error_code ignored;
    peer = socket.remote_endpoint(ignored).address().to_string();
    socket.set_option(tcp::no_delay(true), ignored);
    ++state->connections;
    ++state->accepted;
  }
  ~Connection() { --state->connections; }

  std::shared_ptr<State> state;
  tcp::socket socket;
  asio::steady_timer timer;
  hj212::Intake intake;
  std::string peer, out;
  bool writing = false, closed = false;
  bool known = false;  ///< brought a frame of a station there is
  Duration heard = state->clock.steady();
  std::uint64_t noise_told = 0;

  asio::awaitable<void> read() {
    auto self = shared_from_this();
    std::array<char, 16384> buffer;
    while (!state->stopping) {
      arm();
      boost::system::error_code problem;
      auto token = asio::redirect_error(asio::use_awaitable, problem);
      const std::size_t n = co_await socket.async_read_some(asio::buffer(buffer), token);
      if (problem) break;
      heard = state->clock.steady();
      intake.feed(std::string_view(buffer.data(), n));
      take();
    }
    intake.flush();
    take();
    timer.cancel();
  }

  /// Half a frame is decided as it is after a while; a connection silent for long is closed.
  void arm() {
    const bool half = intake.pending() > 0;
    timer.expires_after(half ? state->settings.partial : state->settings.idle);
    timer.async_wait([weak = weak_from_this(), half](boost::system::error_code problem) {
      const auto self = weak.lock();
      if (problem || !self) return;
      if (!half) return self->close();
      self->intake.flush();
      self->take();
      self->arm();
    });
  }

  void close() {
    closed = true;
    boost::system::error_code ignored;
    socket.close(ignored);
    timer.cancel();
  }

  /// Decides every whole frame there is; hands readings over; what is to be said waits for them.
  void take() {
    state->renew_registry();
    const Instant now = state->clock.now();
    std::vector<observation::Reading> readings;
    std::vector<Told> told;
    hj212::Taken taken;
    while (intake.next(state->registry, state->memory, now, taken)) {
      ++state->frames;
      known = known || taken.station.has_value();
      if (taken.duplicate) ++state->duplicates;
      if (taken.aside || !taken.left_out.empty()) ++state->aside;
      if (taken.aside) state->note_aside(*taken.aside, taken, peer, now);
      for (const hj212::SetAside& part : taken.left_out) state->note_aside(part, taken, peer, now);
      for (const auto& suggestion : taken.suggestions) state->note_dialect(suggestion);
      if (taken.station && taken.clock_off)
        state->watch.clock_off(state->registry.station(*taken.station).id, *taken.clock_off);
      for (const hj212::Measurement& m : taken.readings)
        if (m.point < state->field->keys.size())
          readings.push_back({m.time, now, m.value, state->field->keys[m.point], m.flag});
      std::string text = std::move(taken.answer);
      for (const std::string& command : taken.send) text += command;
      if (text.empty() && !taken.packet) continue;
      told.push_back({taken.station ? state->registry.station(*taken.station).id : std::string(),
                      taken.packet, std::move(text)});
    }
    state->noise += intake.noise_bytes() - noise_told;
    noise_told = intake.noise_bytes();
    if (readings.empty()) return say(told);
    auto self = shared_from_this();
    auto shared = std::make_shared<std::vector<Told>>(std::move(told));
    state->watch.ingest(std::move(readings), [self, shared](Ingested result) {
      if (!result) return;  // not kept: no answer, the station sends again
      asio::post(self->state->io, [self, shared] { self->say(*shared); });
    });
  }

  void say(std::vector<Told>& told) {
    for (Told& one : told) {
      if (one.packet) state->memory.remember(one.station, *one.packet);
      if (!one.text.empty()) ++state->answers;
      out += one.text;
    }
    if (out.size() > unwritten_max) return close();
    if (!writing && !out.empty()) {
      writing = true;
      asio::co_spawn(state->io, write(shared_from_this()), asio::detached);
    }
  }

  static asio::awaitable<void> write(std::shared_ptr<Connection> self) {
    while (!self->out.empty()) {
      const std::string now = std::exchange(self->out, {});
      boost::system::error_code problem;
      auto token = asio::redirect_error(asio::use_awaitable, problem);
      co_await asio::async_write(self->socket, asio::buffer(now), token);
      if (problem) break;
    }
    self->writing = false;
  }
};

bool Hj212Listener::State::make_room() {
  const auto rank = [](const Connection& c) { return std::pair(c.known, c.heard); };
  std::shared_ptr<Connection> least;
  for (const auto& weak : open) {
    auto connection = weak.lock();
    if (!connection || connection->closed) continue;
    if (!least || rank(*connection) < rank(*least)) least = std::move(connection);
  }
  if (!least || (least->known && clock.steady() - least->heard < settings.at_work)) return false;
  least->close();
  return true;
}

namespace {

asio::awaitable<void> accept_all(std::shared_ptr<Hj212Listener::State> state);

}  // namespace

Hj212Listener::Hj212Listener(Watch& watch, const Clock& clock, Hj212Settings settings)
    : state_(std::make_shared<State>(watch, clock, std::move(settings))) {}

Hj212Listener::~Hj212Listener() { stop(); }

Result<void> Hj212Listener::start() {
  boost::system::error_code problem;
  const auto address = asio::ip::make_address(state_->settings.address, problem);
  if (problem) return fail("hj212.address", "address", state_->settings.address);
  const tcp::endpoint endpoint(address, state_->settings.port);
  state_->acceptor.open(endpoint.protocol(), problem);
  if (!problem) state_->acceptor.set_option(tcp::acceptor::reuse_address(true), problem);
  if (!problem) state_->acceptor.bind(endpoint, problem);
  if (!problem) state_->acceptor.listen(asio::socket_base::max_listen_connections, problem);
  if (problem)
    return fail("hj212.port_taken", std::to_string(state_->settings.port), problem.message());
  asio::co_spawn(state_->io, accept_all(state_), asio::detached);
  state_->thread = std::thread([state = state_] { state->io.run(); });
  return {};
}

namespace {

asio::awaitable<void> accept_all(std::shared_ptr<Hj212Listener::State> state) {
  using State = Hj212Listener::State;
  while (!state->stopping) {
    boost::system::error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    tcp::socket socket = co_await state->acceptor.async_accept(token);
    if (problem == asio::error::operation_aborted) co_return;
    if (problem) {
      // Out of descriptors, most likely: wait for some to come back instead of spinning.
      asio::steady_timer rest(state->io, std::chrono::milliseconds(200));
      co_await rest.async_wait(asio::use_awaitable);
      continue;
    }
    if (state->connections >= state->settings.connections_max && !state->make_room()) continue;
    auto connection = std::make_shared<State::Connection>(state, std::move(socket));
    state->remember_open(connection);
    auto run = [connection]() -> asio::awaitable<void> { co_await connection->read(); };
    asio::co_spawn(state->io, std::move(run), asio::detached);
  }
}

}  // namespace

void Hj212Listener::stop() {
  if (state_->stopping.exchange(true)) return;
  asio::post(state_->io, [state = state_] {
    boost::system::error_code ignored;
    state->acceptor.close(ignored);
    for (const auto& weak : state->open)
      if (const auto connection = weak.lock()) connection->close();
  });
  if (state_->thread.joinable()) state_->thread.join();
}

std::uint16_t Hj212Listener::port() const {
  boost::system::error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}

Hj212Stats Hj212Listener::stats() const {
  return {state_->connections, state_->accepted, state_->frames, state_->aside,
          state_->duplicates,  state_->answers,  state_->noise};
}

std::vector<IngestNotice> Hj212Listener::notices() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<IngestNotice> out;
  for (const auto& [id, notice] : state_->notices) out.push_back(notice);
  std::ranges::sort(out, std::greater{}, &IngestNotice::last);
  return out;
}

}  // namespace tocsin::server
