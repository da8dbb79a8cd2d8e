#pragma once
// For tests of this and the server's rooms: a router behind a real socket, and a client that writes
// bytes and reads bytes. Nothing of it is linked into the program.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <memory>
#include <thread>

#include "adapter/http/server.h"

namespace tocsin::http::test {

/// Lets everybody in; refuses rows of areas that begin with "9".
class OpenGate final : public Gate {
 public:
  asio::awaitable<std::optional<Response>> admit(const Route& route, Request& request) override {
    if (route.info.access != access::Access::open && request.header("authorization").empty())
      co_return problem(Error{"access.no_session", "", "log in first"});
    co_return std::nullopt;
  }
  asio::awaitable<std::optional<Response>> admit_rows(
      const Route&, const Request&, const std::vector<std::string>& areas) override {
    for (const std::string& area : areas)
      if (area.starts_with("9")) co_return problem(Error{"access.other_area", "", "not your area"});
    co_return std::nullopt;
  }
};

/// Runs an awaitable to its end on a fresh io_context.
template <class T>
T run(asio::awaitable<T> work) {
  asio::io_context context;
  auto future = asio::co_spawn(context, std::move(work), asio::use_future);
  context.run();
  return future.get();
}

/// An io_context on a thread of its own.
class Loop {
 public:
  Loop() : work_(context.get_executor()), thread_([this] { context.run(); }) {}
  ~Loop() { stop(); }
  void stop() {
    work_.reset();
    context.stop();
    if (thread_.joinable()) thread_.join();
  }
  template <class T>
  T run(asio::awaitable<T> work) {
    return asio::co_spawn(context, std::move(work), asio::use_future).get();
  }
  asio::io_context context;

 private:
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

/// A blocking client. Reads give up after ten seconds, so a broken server fails a test and does not
/// hang it.
class Client {
 public:
  explicit Client(std::uint16_t port)
      : context_(std::make_unique<asio::io_context>()), socket_(*context_) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  /// False when the other side has gone.
  bool send(std::string_view bytes) {
    boost::system::error_code error;
    asio::write(socket_, asio::buffer(bytes), error);
    return !error;
  }
  /// Reads until `mark` has come; everything read since the last call, or what came before the end.
  std::string until(std::string_view mark) {
    while (kept_.find(mark) == std::string::npos && more()) {
    }
    const std::size_t at = kept_.find(mark);
    const std::size_t size = at == std::string::npos ? kept_.size() : at + mark.size();
    std::string out = kept_.substr(0, size);
    kept_.erase(0, size);
    return out;
  }
  std::string exactly(std::size_t size) {
    while (kept_.size() < size && more()) {
    }
    std::string out = kept_.substr(0, size);
    kept_.erase(0, out.size());
    return out;
  }
  /// Everything until the server closes.
  std::string rest() {
    while (more()) {
    }
    return std::exchange(kept_, {});
  }
  /// One response with a Content-Length.
  struct Reply {
    int status = 0;
    std::string head, body;
  };
  Reply reply() {
    Reply out;
    out.head = until("\r\n\r\n");
    if (out.head.size() < 12) return out;
    out.status = std::stoi(out.head.substr(9, 3));
    const std::size_t at = out.head.find("Content-Length: ");
    if (at != std::string::npos) out.body = exactly(std::stoul(out.head.substr(at + 16)));
    return out;
  }
  Reply ask(std::string_view bytes) {
    send(bytes);
    return reply();
  }

 private:
  /// recv, not Asio's read: Asio polls before it reads and would not see the limit.
  bool more() {
    char chunk[4096];
    const ssize_t size = ::recv(socket_.native_handle(), chunk, sizeof chunk, 0);
    if (size <= 0) return false;
    kept_.append(chunk, static_cast<std::size_t>(size));
    return true;
  }
  std::unique_ptr<asio::io_context> context_;
  asio::ip::tcp::socket socket_;
  std::string kept_;
};

}  // namespace tocsin::http::test
