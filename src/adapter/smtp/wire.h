#pragma once
// The client's side of one SMTP connection: lines in, bytes out, each step with a limit. Private.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <vector>

#include "adapter/smtp/client.h"
#include "base/result.h"

namespace tocsin::smtp {

/// A server's reply: "250-8BITMIME" CR LF "250 HELP" is {250, {"8BITMIME", "HELP"}}.
struct Reply {
  int code = 0;
  std::vector<std::string> lines;
  std::string words() const;  // in one line, printable, at most 500 bytes
};

class Wire : public std::enable_shared_from_this<Wire> {
 public:
  Wire(asio::any_io_executor executor, const Account& account);

  /// Errors "smtp.unreachable", "smtp.timeout".
  asio::awaitable<Result<void>> connect();
  /// TLS from here on; `check` the certificate against the host's name. Error "smtp.tls".
  asio::awaitable<Result<void>> start_tls(bool check);
  bool tls() const { return tls_; }
  bool loopback() const { return loopback_; }

  /// Errors "smtp.timeout", "smtp.gone".
  asio::awaitable<Result<void>> write(std::string bytes);
  /// At most 100 lines of 1,000 bytes. Errors "smtp.timeout", "smtp.gone", "smtp.nonsense".
  asio::awaitable<Result<Reply>> reply();
  /// Sends a line and awaits the answer.
  asio::awaitable<Result<Reply>> say(std::string line);
  void close();

 private:
  class Limit;  // closes the socket when a step takes too long
  asio::awaitable<Result<std::string>> line();
  Error gone(const Limit& limit, const boost::system::error_code& error) const;
  Duration step() const;

  const Account& account_;
  asio::ssl::context context_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  asio::ip::tcp::resolver resolver_;
  asio::steady_timer timer_;
  asio::steady_timer::time_point end_;
  bool tls_ = false, loopback_ = false;
  std::string kept_;
};

}  // namespace tocsin::smtp
