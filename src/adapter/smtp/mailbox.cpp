#include "adapter/smtp/mailbox.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "adapter/smtp/mailbox_shelf.h"
#include "adapter/smtp/message.h"

namespace tocsin::smtp {

using Tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t line_max = 2'000;
constexpr auto quiet_max = std::chrono::seconds(60);

/// "MAIL FROM:<a@b> BODY=8BITMIME" is "a@b".
std::string address_in(std::string_view line) {
  const std::size_t open = line.find('<'), close = line.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return std::string(line.substr(open + 1, close - open - 1));
}

/// One visitor: his side of the conversation, as RFC 5321 has it.
class Visit : public std::enable_shared_from_this<Visit> {
 public:
  Visit(Tcp::socket socket, std::shared_ptr<Shelf> shelf)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), shelf_(std::move(shelf)) {}

  asio::awaitable<void> run() {
    watch();
    bool more = co_await say("220 tocsin exercise mailbox");
    while (more) {
      std::string line;
      more = co_await read_line(line, line_max);
      if (more) more = co_await answer(line);
    }
    timer_.cancel();
  }

 private:
  /// Closes the connection when nothing has moved for a while.
  void watch() {
    timer_.expires_after(quiet_max);
    timer_.async_wait([weak = weak_from_this()](ErrorCode error) {
      const auto self = weak.lock();
      if (!error && self) self->socket_.close(error);
    });
  }

  asio::awaitable<bool> say(std::string line) {
    line += "\r\n";
    auto [error, size] = co_await asio::async_write(socket_, asio::buffer(line), awaited);
    co_return !error;
  }

  asio::awaitable<bool> read_line(std::string& line, std::size_t most) {
    for (;;) {
      const std::size_t end = kept_.find('\n');
      if (end != std::string::npos) {
        line = kept_.substr(0, end);
        kept_.erase(0, end + 1);
        if (line.ends_with('\r')) line.pop_back();
        co_return true;
      }
      if (kept_.size() > most) co_return false;
      std::string piece(4096, '\0');
      auto [error, size] = co_await socket_.async_read_some(asio::buffer(piece), awaited);
      if (error) co_return false;
      kept_.append(piece, 0, size);
      watch();
    }
  }

  asio::awaitable<bool> answer(const std::string& line) {
    std::string verb = line.substr(0, 4);
    for (char& c : verb)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (verb == "EHLO") co_return co_await say("250-tocsin\r\n250-8BITMIME\r\n250 SMTPUTF8");
    if (verb == "HELO" || verb == "NOOP") co_return co_await say("250 ok");
    if (verb == "QUIT") {
      co_await say("221 bye");
      co_return false;
    }
    if (verb == "RSET") {
      from_.clear();
      to_.clear();
      co_return co_await say("250 ok");
    }
    if (verb == "MAIL" || verb == "RCPT") {
      std::string& address = verb == "MAIL" ? from_ : to_;
      address = address_in(line);
      co_return co_await say(valid_address(address) ? "250 ok" : "501 no mail address");
    }
    if (verb == "DATA") co_return co_await take();
    co_return co_await say("500 not understood");
  }

  asio::awaitable<bool> take() {
    if (from_.empty() || to_.empty()) co_return co_await say("503 MAIL and RCPT first");
    const bool asked = co_await say("354 go on");
    if (!asked) co_return false;
    std::string message, line;
    bool too_large = false;
    for (;;) {
      const bool read = co_await read_line(line, shelf_->mail_bytes_max());
      if (!read) co_return false;
      if (line == ".") break;
      if (line.starts_with('.')) line.erase(0, 1);
      too_large = too_large || message.size() + line.size() > shelf_->mail_bytes_max();
      if (!too_large) message.append(line).append("\r\n");
    }
    if (too_large) co_return co_await say("552 too large");
    const Result<void> kept = shelf_->keep(from_, to_, message);
    from_.clear();
    to_.clear();
    co_return co_await say(kept ? "250 kept" : "452 " + kept.error().code);
  }

  Tcp::socket socket_;
  asio::steady_timer timer_;
  std::shared_ptr<Shelf> shelf_;
  std::string kept_, from_, to_;
};

asio::awaitable<void> visit(std::shared_ptr<Visit> one) { co_await one->run(); }

asio::awaitable<void> accept_all(std::shared_ptr<Tcp::acceptor> acceptor,
                                 asio::any_io_executor executor, std::shared_ptr<Shelf> shelf) {
  asio::steady_timer pause(acceptor->get_executor());
  for (;;) {
    auto [error, socket] = co_await acceptor->async_accept(asio::make_strand(executor), awaited);
    if (error == asio::error::operation_aborted || !acceptor->is_open()) co_return;
    if (error) {  // out of descriptors: do not spin
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(awaited);
      continue;
    }
    const asio::any_io_executor strand = socket.get_executor();
    asio::co_spawn(strand, visit(std::make_shared<Visit>(std::move(socket), shelf)),
                   asio::detached);
  }
}

}  // namespace

struct Mailbox::State {
  explicit State(asio::any_io_executor e) : executor(std::move(e)) {}
  asio::any_io_executor executor;
  std::shared_ptr<Tcp::acceptor> acceptor;
  std::shared_ptr<Shelf> shelf;
  std::uint16_t port = 0;
};

Mailbox::Mailbox(asio::any_io_executor executor)
    : state_(std::make_shared<State>(std::move(executor))) {}
Mailbox::~Mailbox() { stop(); }

Result<void> Mailbox::open(const MailboxSettings& settings) {
  auto shelf = Shelf::open(settings);
  if (!shelf) return std::unexpected(shelf.error());
  state_->shelf = std::move(*shelf);
  ErrorCode error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (error || !address.is_loopback())
    return fail("mailbox.port", settings.address, "a loopback address is wanted");
  auto acceptor = std::make_shared<Tcp::acceptor>(asio::make_strand(state_->executor));
  const Tcp::endpoint endpoint(address, settings.port);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(64, error);
  if (error) return fail("mailbox.port", std::to_string(settings.port), error.message());
  state_->port = acceptor->local_endpoint().port();
  state_->acceptor = acceptor;
  asio::co_spawn(acceptor->get_executor(), accept_all(acceptor, state_->executor, state_->shelf),
                 asio::detached);
  return {};
}

std::uint16_t Mailbox::port() const { return state_->port; }

std::vector<KeptMail> Mailbox::mails(std::size_t limit) const {
  return state_->shelf ? state_->shelf->mails(limit) : std::vector<KeptMail>();
}

void Mailbox::stop() {
  if (!state_->acceptor) return;
  asio::post(state_->acceptor->get_executor(), [acceptor = state_->acceptor] {
    ErrorCode ignored;
    acceptor->close(ignored);
  });
}

}  // namespace tocsin::smtp
