#include "adapter/smtp/wire.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

namespace tocsin::smtp {

using Tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t line_max = 1'000;
constexpr std::size_t lines_max = 100;
constexpr std::size_t words_max = 500;

}  // namespace

std::string Reply::words() const {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : " ") + line;
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  out.resize(std::min(out.size(), words_max));
  return out;
}

/// Runs from its making to its end. All of a Wire runs on one strand, so nothing here races.
class Wire::Limit {
 public:
  explicit Limit(Wire& wire) : wire_(wire), fired_(std::make_shared<bool>(false)) {
    wire.timer_.expires_after(wire.step());
    wire.timer_.async_wait([weak = wire.weak_from_this(), fired = fired_](ErrorCode error) {
      const auto self = weak.lock();
      if (error || !self || *fired) return;
      *fired = true;
      self->close();
    });
  }
  ~Limit() { stop(); }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;
  bool fired() const { return *fired_; }

 private:
  void stop() {
    *fired_ = true;  // one already queued does nothing
    wire_.timer_.cancel();
  }
  Wire& wire_;
  std::shared_ptr<bool> fired_;
};

Wire::Wire(asio::any_io_executor executor, const Account& account)
    : account_(account),
      context_(asio::ssl::context::tls_client),
      stream_(executor, context_),
      resolver_(executor),
      timer_(executor),
      end_(std::chrono::steady_clock::now() + account.whole_max) {}

Duration Wire::step() const {
  const auto left = std::chrono::duration_cast<Duration>(end_ - std::chrono::steady_clock::now());
  return std::max(Duration(0), std::min(account_.step_max, left));
}

void Wire::close() {
  ErrorCode ignored;
  resolver_.cancel();
  stream_.next_layer().close(ignored);
}

Error Wire::gone(const Limit& limit, const ErrorCode& error) const {
  if (limit.fired()) return {"smtp.timeout", "", "no answer in time"};
  return {"smtp.gone", "", error.message()};
}

asio::awaitable<Result<void>> Wire::connect() {
  const Limit limit(*this);
  Tcp::endpoint reached;
  ErrorCode error;
  const auto literal = asio::ip::make_address(account_.host, error);
  if (!error) {
    reached = Tcp::endpoint(literal, account_.port);
    std::tie(error) = co_await stream_.next_layer().async_connect(reached, awaited);
  } else {
    auto [failed, found] =
        co_await resolver_.async_resolve(account_.host, std::to_string(account_.port), awaited);
    error = failed;
    if (!error)
      std::tie(error, reached) = co_await asio::async_connect(stream_.next_layer(), found, awaited);
  }
  if (limit.fired()) co_return fail("smtp.timeout", "connect", "no answer in time");
  if (error) co_return fail("smtp.unreachable", "connect", error.message());
  loopback_ = reached.address().is_loopback();
  co_return Result<void>();
}

asio::awaitable<Result<void>> Wire::start_tls(bool check) {
  const Limit limit(*this);
  if (check) {
    // Only here: reading the machine's certificates takes longer than a whole mail without TLS.
    ErrorCode ignored;
    context_.set_default_verify_paths(ignored);
    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification(account_.host));
  }
  SSL_set_tlsext_host_name(stream_.native_handle(), account_.host.c_str());
  auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, awaited);
  if (limit.fired()) co_return fail("smtp.timeout", "TLS", "no answer in time");
  if (error) co_return fail("smtp.tls", "TLS", error.message());
  tls_ = true;
  kept_.clear();  // what was said before TLS is not to be believed
  co_return Result<void>();
}

asio::awaitable<Result<void>> Wire::write(std::string bytes) {
  // A long mail may take longer than one step as long as it moves.
  for (std::size_t at = 0; at < bytes.size();) {
    const Limit limit(*this);
    const auto rest =
        asio::buffer(bytes.data() + at, std::min<std::size_t>(bytes.size() - at, 16384));
    ErrorCode error;
    std::size_t size = 0;
    if (tls_)
      std::tie(error, size) = co_await asio::async_write(stream_, rest, awaited);
    else
      std::tie(error, size) = co_await asio::async_write(stream_.next_layer(), rest, awaited);
    if (error) co_return std::unexpected(gone(limit, error));
    at += size;
  }
  co_return Result<void>();
}

asio::awaitable<Result<std::string>> Wire::line() {
  for (;;) {
    const std::size_t end = kept_.find('\n');
    if (end != std::string::npos) {
      std::string out = kept_.substr(0, end);
      kept_.erase(0, end + 1);
      if (out.ends_with('\r')) out.pop_back();
      co_return out;
    }
    if (kept_.size() > line_max) co_return fail("smtp.nonsense", "", "a line without an end");
    std::string piece(1024, '\0');
    ErrorCode error;
    std::size_t size = 0;
    const Limit limit(*this);
    if (tls_)
      std::tie(error, size) = co_await stream_.async_read_some(asio::buffer(piece), awaited);
    else
      std::tie(error, size) =
          co_await stream_.next_layer().async_read_some(asio::buffer(piece), awaited);
    if (error) co_return std::unexpected(gone(limit, error));
    kept_.append(piece, 0, size);
  }
}

asio::awaitable<Result<Reply>> Wire::reply() {
  Reply out;
  while (out.lines.size() < lines_max) {
    auto text = co_await line();
    if (!text) co_return std::unexpected(text.error());
    int code = 0;
    const char* begin = text->data();
    const auto [end, error] =
        std::from_chars(begin, begin + std::min<std::size_t>(3, text->size()), code);
    const bool formed = error == std::errc() && end == begin + 3 && code >= 200 && code < 600 &&
                        (text->size() == 3 || (*text)[3] == ' ' || (*text)[3] == '-') &&
                        (out.code == 0 || out.code == code);
    if (!formed) {
      Reply odd{0, {*text}};
      co_return fail("smtp.nonsense", "", odd.words());
    }
    out.code = code;
    out.lines.push_back(text->size() > 4 ? text->substr(4) : std::string());
    if (text->size() == 3 || (*text)[3] == ' ') co_return out;
  }
  co_return fail("smtp.nonsense", "", "a reply without an end");
}

asio::awaitable<Result<Reply>> Wire::say(std::string line) {
  const auto sent = co_await write(std::move(line) + "\r\n");
  if (!sent) co_return std::unexpected(sent.error());
  co_return co_await reply();
}

}  // namespace tocsin::smtp
