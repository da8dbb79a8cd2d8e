#include "adapter/http/wire_sockets.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tocsin::http {
namespace {

using Tcp = asio::ip::tcp;
constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

/// A copyable buffer sequence of at most 16.
template <class Buffer>
struct Few {
  explicit Few(std::span<const Buffer> from) : size(std::min(from.size(), list.size())) {
    std::copy_n(from.begin(), size, list.begin());
  }
  const Buffer* begin() const { return list.data(); }
  const Buffer* end() const { return list.data() + size; }
  std::array<Buffer, Stream::buffers_max> list{};
  std::size_t size;
};

class PlainWire final : public Wire {
 public:
  explicit PlainWire(Tcp::socket socket) : socket_(std::move(socket)) {}
  asio::any_io_executor executor() override { return socket_.get_executor(); }
  void read_some(std::span<const asio::mutable_buffer> buffers, Done done) override {
    socket_.async_read_some(Few<asio::mutable_buffer>(buffers), std::move(done));
  }
  void write_some(std::span<const asio::const_buffer> buffers, Done done) override {
    socket_.async_write_some(Few<asio::const_buffer>(buffers), std::move(done));
  }
  asio::awaitable<ErrorCode> open() override { co_return ErrorCode(); }
  asio::awaitable<void> end() override {
    ErrorCode ignored;
    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
    co_return;
  }
  void close() override {
    ErrorCode ignored;
    socket_.close(ignored);
  }

 private:
  Tcp::socket socket_;
};

class TlsWire final : public Wire {
 public:
  TlsWire(Tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}
  asio::any_io_executor executor() override { return stream_.get_executor(); }
  void read_some(std::span<const asio::mutable_buffer> buffers, Done done) override {
    stream_.async_read_some(Few<asio::mutable_buffer>(buffers), std::move(done));
  }
  void write_some(std::span<const asio::const_buffer> buffers, Done done) override {
    stream_.async_write_some(Few<asio::const_buffer>(buffers), std::move(done));
  }
  asio::awaitable<ErrorCode> open() override {
    auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, awaited);
    co_return error;
  }
  asio::awaitable<void> end() override {
    auto [error] = co_await stream_.async_shutdown(awaited);
    if (!error) stream_.next_layer().shutdown(Tcp::socket::shutdown_send, error);
  }
  void close() override {
    ErrorCode ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<Tcp::socket> stream_;
};

}  // namespace

Result<std::shared_ptr<asio::ssl::context>> tls_context(const std::string& cert,
                                                        const std::string& key) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1);
  ErrorCode error;
  context->use_certificate_chain_file(cert, error);
  if (error) return fail("http.tls", cert, error.message());
  context->use_private_key_file(key, asio::ssl::context::pem, error);
  if (error) return fail("http.tls", key, error.message());
  return context;
}

std::unique_ptr<Wire> plain_wire(Tcp::socket socket) {
  return std::make_unique<PlainWire>(std::move(socket));
}
std::unique_ptr<Wire> tls_wire(Tcp::socket socket, std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<TlsWire>(std::move(socket), std::move(context));
}

}  // namespace tocsin::http
