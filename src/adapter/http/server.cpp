#include "adapter/http/server.h"

#include <sys/resource.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapter/http/connection.h"
#include "adapter/http/wire_sockets.h"

namespace tocsin::http {

using Tcp = asio::ip::tcp;

namespace {

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr Duration sweep_every{250};

/// A service with a thousand idle connections needs more than the usual 1,024 descriptors.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

Peer peer_at(const Tcp::endpoint& endpoint, bool tls) {
  asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return {.address = address.to_string(), .loopback = address.is_loopback(), .tls = tls};
}

/// One listening socket.
struct Listener {
  Listener(asio::any_io_executor executor, ListenSettings s)
      : acceptor(asio::make_strand(executor)),
        settings(std::make_shared<const ListenSettings>(std::move(s))) {}
  Tcp::acceptor acceptor;
  std::shared_ptr<const ListenSettings> settings;
  std::shared_ptr<asio::ssl::context> tls;
};

asio::awaitable<void> serve(std::shared_ptr<Shared> shared,
                            std::shared_ptr<Connection> connection) {
  co_await connection->run();
  shared->remove(connection);
}

void welcome(const std::shared_ptr<Shared>& shared, const Listener& listener, Tcp::socket socket) {
  ErrorCode error;
  const Tcp::endpoint remote = socket.remote_endpoint(error);
  if (error) return;
  socket.set_option(Tcp::no_delay(true), error);
  ++shared->accepted;
  if (shared->count() >= listener.settings->limits.connections_max && !shared->make_room()) {
    ++shared->refused;
    return;  // every connection is at work: this one is closed at once
  }
  const bool tls = listener.tls != nullptr;
  auto wire = tls ? tls_wire(std::move(socket), listener.tls) : plain_wire(std::move(socket));
  const asio::any_io_executor executor = wire->executor();
  auto connection = std::make_shared<Connection>(shared, std::move(wire), listener.settings,
                                                 peer_at(remote, tls));
  shared->add(connection);
  asio::co_spawn(executor, serve(shared, connection), asio::detached);
}

asio::awaitable<void> accept_all(std::shared_ptr<Shared> shared, std::shared_ptr<Listener> listener,
                                 asio::any_io_executor executor) {
  asio::steady_timer pause(listener->acceptor.get_executor());
  while (!shared->stopping) {
    auto [error, socket] =
        co_await listener->acceptor.async_accept(asio::make_strand(executor), awaited);
    if (!error) {
      welcome(shared, *listener, std::move(socket));
      continue;
    }
    if (error == asio::error::operation_aborted) co_return;
    shared->make_room();  // out of descriptors: make room, and do not spin
    pause.expires_after(std::chrono::milliseconds(50));
    co_await pause.async_wait(awaited);
  }
}

asio::awaitable<void> sweep_all(std::weak_ptr<Shared> weak,
                                std::shared_ptr<asio::steady_timer> timer) {
  for (;;) {
    timer->expires_after(sweep_every);
    auto [error] = co_await timer->async_wait(awaited);
    const auto shared = weak.lock();
    if (error || !shared) co_return;
    shared->sweep();
  }
}

}  // namespace

struct Server::State {
  State(asio::any_io_executor e, const Router& router)
      : executor(std::move(e)),
        shared(std::make_shared<Shared>(router)),
        sweeper(std::make_shared<asio::steady_timer>(asio::make_strand(executor))) {}
  asio::any_io_executor executor;
  std::shared_ptr<Shared> shared;
  std::shared_ptr<asio::steady_timer> sweeper;
  std::vector<std::shared_ptr<Listener>> listeners;
  std::uint16_t port = 0;

  void close_listeners() {
    for (const auto& listener : listeners)
      asio::post(listener->acceptor.get_executor(), [listener] {
        ErrorCode ignored;
        listener->acceptor.close(ignored);
      });
  }
};

Server::Server(asio::any_io_executor executor, const Router& router)
    : state_(std::make_shared<State>(std::move(executor), router)) {
  raise_descriptor_limit();
  asio::co_spawn(state_->sweeper->get_executor(), sweep_all(state_->shared, state_->sweeper),
                 asio::detached);
}

Server::~Server() {
  state_->shared->stopping = true;
  state_->close_listeners();
  state_->shared->close_all();
  asio::post(state_->sweeper->get_executor(), [timer = state_->sweeper] { timer->cancel(); });
}

Result<void> Server::listen(const ListenSettings& settings) {
  ErrorCode error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) return fail("http.address", settings.address, "no IP address");
  auto listener = std::make_shared<Listener>(state_->executor, settings);
  if (!settings.tls_cert.empty() || !settings.tls_key.empty()) {
    auto context = tls_context(settings.tls_cert, settings.tls_key);
    if (!context) return std::unexpected(context.error());
    listener->tls = std::move(*context);
  }
  const Tcp::endpoint endpoint(address, settings.port);
  Tcp::acceptor& acceptor = listener->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(1024, error);
  if (error)
    return fail("http.port_taken", settings.address + ":" + std::to_string(settings.port),
                error.message());
  state_->port = acceptor.local_endpoint().port();
  state_->listeners.push_back(listener);
  asio::co_spawn(acceptor.get_executor(), accept_all(state_->shared, listener, state_->executor),
                 asio::detached);
  return {};
}

std::uint16_t Server::port() const { return state_->port; }

ServerStats Server::stats() const {
  const Shared& shared = *state_->shared;
  return {.connections = shared.count(),
          .accepted = shared.accepted,
          .requests = shared.requests,
          .timeouts = shared.timeouts,
          .refused = shared.refused};
}

asio::awaitable<void> Server::stop(Duration grace) {
  const auto state = state_;
  state->shared->stopping = true;
  state->close_listeners();
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const std::int64_t until = steady_ms() + grace.count();
  while (state->shared->count() > 0) {
    if (steady_ms() < until)
      state->shared->close_idle();
    else
      state->shared->close_all();
    if (steady_ms() > until + 2'000) co_return;
    timer.expires_after(std::chrono::milliseconds(20));
    co_await timer.async_wait(awaited);
  }
}

}  // namespace tocsin::http
