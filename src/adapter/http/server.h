#pragma once
// The HTTP/1.1 server: listeners, connections, limits. One connection is one coroutine on a strand.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapter/http/router.h"
#include "base/time.h"

namespace tocsin::http {

struct Limits {
  std::size_t header_max = 16 * 1024;
  std::size_t connections_max = 4096;  // above it the one idle or slow longest is closed
  Duration idle{75'000};               // between requests
  Duration header{10'000};             // from a request's first byte to the end of its head
  Duration body{30'000};               // plus one second for each 64 kB announced
  Duration write{30'000};              // for each piece written
};

struct ListenSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8600;                   // 0: any, see Server::port
  std::string tls_cert{}, tls_key{};           // PEM files; both or neither
  std::vector<std::string> trusted_proxies{};  // addresses whose X-Forwarded-For is believed
  Limits limits{};
};

/// Counters for /metrics.
struct ServerStats {
  std::uint64_t connections = 0, accepted = 0, requests = 0, timeouts = 0, refused = 0;
};

class Server {
 public:
  /// The router must outlive the server and is not changed any more.
  Server(asio::any_io_executor executor, const Router& router);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Opens a listener. Errors "http.address", "http.port_taken", "http.tls".
  Result<void> listen(const ListenSettings& settings);
  /// The port of the last listener opened.
  std::uint16_t port() const;
  ServerStats stats() const;

  /// Takes no new connections, closes idle ones, tells streams to end, waits for requests under way
  /// at most `grace`, then closes what is left.
  asio::awaitable<void> stop(Duration grace);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tocsin::http
