// A server with two routes behind an open gate, to be measured with wrk:
//   build/bench/http_server 8700 2 & wrk -t1 -c64 -d10s http://127.0.0.1:8700/row

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "adapter/http/server.h"

using namespace tocsin;
using http::Request;
using http::Response;

namespace {

class OpenGate final : public http::Gate {
 public:
  http::asio::awaitable<std::optional<Response>> admit(const http::Route&, Request&) override {
    co_return std::nullopt;
  }
  http::asio::awaitable<std::optional<Response>> admit_rows(
      const http::Route&, const Request&, const std::vector<std::string>&) override {
    co_return std::nullopt;
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 8700;
  const int threads = argc > 2 ? std::atoi(argv[2]) : 2;
  OpenGate gate;
  http::Router router(gate);
  const std::string row(300, 'r');
  const std::string list(100'000, 'l');
  router.get("/row", {.access = access::Access::open, .summary = "300 bytes"},
             [&](Request) -> http::asio::awaitable<Response> {
               co_return http::text_response(row, "application/json");
             });
  router.get("/list/{id}", {.access = access::Access::open, .summary = "100 kB"},
             [&](Request) -> http::asio::awaitable<Response> {
               co_return http::text_response(list, "application/json");
             });
  boost::asio::io_context context(threads);
  http::Server server(context.get_executor(), router);
  http::ListenSettings settings;
  settings.port = static_cast<std::uint16_t>(port);
  const auto listening = server.listen(settings);
  if (!listening) {
    std::fprintf(stderr, "%s\n", listening.error().detail.c_str());
    return 1;
  }
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](auto, int) { context.stop(); });
  std::vector<std::thread> pool;
  for (int i = 1; i < threads; ++i) pool.emplace_back([&] { context.run(); });
  context.run();
  for (std::thread& thread : pool) thread.join();
}
