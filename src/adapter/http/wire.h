#pragma once
// One connection's bytes, plain or TLS, behind one type: Beast and Asio's composed operations are
// compiled once, for Stream, instead of once a kind of socket. Private to this room.

#include <array>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <span>
#include <string>

#include "adapter/http/server.h"

namespace tocsin::http {

using ErrorCode = boost::system::error_code;
using Done = asio::any_completion_handler<void(ErrorCode, std::size_t)>;

/// A socket of either kind.
class Wire {
 public:
  virtual ~Wire() = default;
  virtual asio::any_io_executor executor() = 0;
  virtual void read_some(std::span<const asio::mutable_buffer> buffers, Done done) = 0;
  virtual void write_some(std::span<const asio::const_buffer> buffers, Done done) = 0;
  /// TLS handshake; nothing for a plain socket.
  virtual asio::awaitable<ErrorCode> open() = 0;
  /// Says that no more will be written.
  virtual asio::awaitable<void> end() = 0;
  /// At once; operations under way end with an error.
  virtual void close() = 0;
};

/// What Asio and Beast see. Up to 16 buffers go down in one call: one at a time would cost four
/// fifths of the rate. It has no timeouts, the connection keeps its own.
class Stream {
 public:
  using executor_type = asio::any_io_executor;
  static constexpr std::size_t buffers_max = 16;

  explicit Stream(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
  executor_type get_executor() { return wire_->executor(); }
  Wire& wire() { return *wire_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [this](auto handler, const Buffers& many) {
          std::array<asio::mutable_buffer, buffers_max> list;
          wire_->read_some({list.data(), gather(many, list)}, Done(std::move(handler)));
        },
        token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [this](auto handler, const Buffers& many) {
          std::array<asio::const_buffer, buffers_max> list;
          wire_->write_some({list.data(), gather(many, list)}, Done(std::move(handler)));
        },
        token, buffers);
  }

 private:
  template <class Buffers, class List>
  static std::size_t gather(const Buffers& buffers, List& list) {
    std::size_t count = 0;
    for (auto it = asio::buffer_sequence_begin(buffers);
         it != asio::buffer_sequence_end(buffers) && count < list.size(); ++it)
      list[count++] = *it;
    return count;
  }

  std::unique_ptr<Wire> wire_;
};

}  // namespace tocsin::http
