#include "adapter/http/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <optional>

#include "adapter/http/gzip.h"
#include "adapter/http/head.h"
#include "adapter/http/sink.h"
#include "adapter/http/target.h"

namespace tocsin::http {
namespace {

namespace beast = boost::beast;
constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr std::int64_t never = INT64_MAX;
constexpr std::size_t gzip_worth = 1024;
constexpr std::size_t drain_max = 1024 * 1024;

/// Fine enough that of two connections one has waited longer.
std::int64_t steady_ns() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

using Parser = beast::http::request_parser<beast::http::string_body>;

std::optional<Method> method_of(beast::http::verb verb) {
  using beast::http::verb;
  switch (verb) {
    case verb::get:
    case verb::head:
      return Method::get;
    case verb::post:
      return Method::post;
    case verb::put:
      return Method::put;
    case verb::delete_:
      return Method::del;
    default:
      return std::nullopt;
  }
}

/// The client wrote no HTTP, as opposed to having gone or been cut off.
bool is_nonsense(const ErrorCode& error) {
  using enum beast::http::error;
  const ErrorCode gone = beast::http::make_error_code(end_of_stream);
  return error && error.category() == gone.category() && error != gone &&
         error != beast::http::make_error_code(partial_message);
}

Error parse_error(const ErrorCode& error) {
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow)
    return {"http.header_too_large", "", "the request's head is longer than 16 kB"};
  return {"http.bad_request", "", error.message()};
}

/// What leaves it open where the request ends or whom it is for; two programs that answer this
/// differently can be played against each other (RFC 9112, 3.2 and 6.1).
Result<void> check_framing(const Parser::value_type& message) {
  using beast::http::field;
  const auto encodings = message.equal_range(field::transfer_encoding);
  if (encodings.first != encodings.second && (std::next(encodings.first) != encodings.second ||
                                              !beast::iequals(encodings.first->value(), "chunked")))
    return fail("http.transfer_encoding", "Transfer-Encoding", "chunked or none is wanted");
  const auto hosts = message.count(field::host);
  if (hosts > 1 || (hosts == 0 && message.version() >= 11))
    return fail("http.host", "Host", "exactly one is wanted");
  return {};
}

}  // namespace

std::int64_t steady_ms() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Connection::Input {
  beast::flat_buffer buffer;
};

/// One request and what is known of its connection.
struct Connection::Exchange {
  Parser parser;
  Request request;
  bool head_only = false, http10 = false, keep_alive = true, body_read = false, begun = false;
  bool gzip = false;
  std::string if_none_match;  // outlives the request, which goes to the handler
};

Connection::Connection(std::shared_ptr<Shared> shared, std::unique_ptr<Wire> wire,
                       std::shared_ptr<const ListenSettings> settings, Peer peer)
    : deadline(steady_ms() + settings->limits.header.count()),
      idle_since(0),
      owing_since(steady_ns()),
      shared_(std::move(shared)),
      stream_(std::move(wire)),
      settings_(std::move(settings)),
      peer_(std::move(peer)),
      input_(std::make_unique<Input>()) {}

Connection::~Connection() = default;

void Connection::allow(Duration time) { deadline = steady_ms() + time.count(); }

void Connection::close_soon() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->stream_.wire().close(); });
}

asio::awaitable<void> Connection::run() {
  const ErrorCode error = co_await stream_.wire().open();
  if (error) co_return;
  try {
    bool more = true;
    while (more && !shared_->stopping) more = co_await next_request();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "tocsin: a connection failed: %s\n", failure.what());
  }
  allow(settings_->limits.write);
  co_await stream_.wire().end();
  stream_.wire().close();
}

asio::awaitable<bool> Connection::await_first_byte() {
  if (input_->buffer.size() > 0) co_return true;
  input_->buffer.shrink_to_fit();  // an idle connection holds next to nothing
  allow(settings_->limits.idle);
  idle_since = steady_ms();
  auto [error, size] = co_await stream_.async_read_some(input_->buffer.prepare(2048), awaited);
  idle_since = 0;
  input_->buffer.commit(size);
  co_return !error;
}

asio::awaitable<bool> Connection::next_request() {
  owing_since = steady_ns();
  const bool begun = co_await await_first_byte();
  if (!begun) co_return false;
  allow(settings_->limits.header);
  Exchange exchange;
  exchange.parser.header_limit(static_cast<std::uint32_t>(settings_->limits.header_max));
  exchange.parser.body_limit(boost::none);  // set once the route is known
  auto [error, size] =
      co_await beast::http::async_read_header(stream_, input_->buffer, exchange.parser, awaited);
  if (error) {
    if (!is_nonsense(error)) co_return false;
    co_return co_await refuse(exchange, problem(parse_error(error)));
  }
  deadline = never;
  ++shared_->requests;
  co_return co_await answer(exchange);
}

asio::awaitable<bool> Connection::answer(Exchange& exchange) {
  const auto& message = exchange.parser.get();
  exchange.head_only = message.method() == beast::http::verb::head;
  exchange.http10 = message.version() < 11;
  exchange.keep_alive = message.keep_alive() && !shared_->stopping;
  if (const auto framed = check_framing(message); !framed) {
    exchange.keep_alive = false;  // what follows may be this one's body
    co_return co_await refuse(exchange, problem(framed.error()));
  }
  const auto method = method_of(message.method());
  if (!method)
    co_return co_await refuse(exchange,
                              problem(Error{"http.method", "", "GET, POST, PUT or DELETE"}));
  Request& request = exchange.request;
  request.method = *method;
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    request.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  exchange.gzip = takes_gzip(request.header("accept-encoding"));
  exchange.if_none_match = request.header("if-none-match");
  request.peer = peer_of(peer_, request.headers, settings_->trusted_proxies);
  const auto target = split_target({message.target().data(), message.target().size()});
  if (!target) co_return co_await refuse(exchange, problem(target.error()));
  auto query = parse_pairs(target->query, "http.bad_target", target->path.size() + 1);
  if (!query) co_return co_await refuse(exchange, problem(query.error()));
  request.path = target->path;
  request.query = std::move(*query);

  Admitted admitted = co_await admit(shared_->router, request);
  if (admitted.refusal) co_return co_await refuse(exchange, std::move(*admitted.refusal));
  const std::size_t most = admitted.route ? admitted.route->info.body_max : body_max_default;
  Response refusal;
  const bool whole = co_await read_body(exchange, most, refusal);
  if (!whole) {
    if (refusal.headers.empty()) co_return false;
    co_return co_await refuse(exchange, std::move(refusal));
  }
  deadline = never;
  owing_since = 0;
  Response response = co_await handle(shared_->router, admitted.route, std::move(request));
  co_return co_await respond(exchange, std::move(response));
}

asio::awaitable<bool> Connection::read_body(Exchange& exchange, std::size_t most,
                                            Response& refusal) {
  const auto announced = exchange.parser.content_length();
  const auto too_large = [&] {
    refusal = problem(Error{"http.too_large", "", "at most " + std::to_string(most) + " bytes"});
  };
  if (announced && *announced > most) {
    too_large();
    co_return false;
  }
  exchange.parser.body_limit(most);
  const std::uint64_t size = announced ? *announced : most;
  allow(settings_->limits.body + std::chrono::seconds(size / (64 * 1024)));
  if (!exchange.parser.is_done() && exchange.request.header("expect").starts_with("100-")) {
    auto [error, n] = co_await asio::async_write(
        stream_, asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), awaited);
    if (error) co_return false;
  }
  auto [error, n] =
      co_await beast::http::async_read(stream_, input_->buffer, exchange.parser, awaited);
  if (error == beast::http::error::body_limit)
    too_large();
  else if (is_nonsense(error))
    refusal = problem(Error{"http.bad_request", "body", error.message()});
  if (error) co_return false;
  exchange.request.body = std::move(exchange.parser.get().body());
  exchange.body_read = true;
  co_return true;
}

/// Answers a request whose body was not read. What is still coming is read away for a moment, or
/// the answer would be lost in a reset.
asio::awaitable<bool> Connection::refuse(Exchange& exchange, Response response) {
  ++shared_->refused;
  exchange.keep_alive = exchange.keep_alive && exchange.parser.is_done();
  const bool going_on = co_await respond(exchange, std::move(response));
  if (exchange.keep_alive) co_return going_on;
  co_await drain();
  co_return false;
}

asio::awaitable<void> Connection::drain() {
  allow(std::min(settings_->limits.write, Duration(2'000)));
  co_await stream_.wire().end();
  input_->buffer.clear();
  for (std::size_t total = 0; total < drain_max;) {
    auto [error, size] = co_await stream_.async_read_some(input_->buffer.prepare(16384), awaited);
    if (error) co_return;
    total += size;
  }
}

asio::awaitable<bool> Connection::write(std::string head, std::string_view body) {
  allow(settings_->limits.write + std::chrono::seconds(body.size() / (64 * 1024)));
  const std::array<asio::const_buffer, 2> both{asio::buffer(head),
                                               asio::buffer(body.data(), body.size())};
  auto [error, size] = co_await asio::async_write(stream_, both, awaited);
  deadline = never;
  co_return !error;
}

asio::awaitable<bool> Connection::respond(Exchange& exchange, Response response) {
  const std::string_view tag = find(response.headers, "ETag");
  if (response.status == 200 && !tag.empty() && etag_matches(exchange.if_none_match, tag)) {
    response.status = 304;
    response.body.clear();
    response.shared_body.reset();
  }
  const std::string_view type = find(response.headers, "Content-Type");
  const bool may_gzip = response.compress && gains_by_gzip(type);
  if (may_gzip) response.headers.emplace_back("Vary", "Accept-Encoding");
  exchange.gzip = exchange.gzip && may_gzip;
  if (response.stream) co_return co_await respond_stream(exchange, response);

  std::string_view body = response.shared_body ? *response.shared_body : response.body;
  std::string packed;
  if (exchange.gzip && body.size() >= gzip_worth) {
    packed = gzip(body);
    body = packed;
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  const HeadFacts facts{
      .keep_alive = exchange.keep_alive, .tls = peer_.tls, .length = body.size(), .chunked = false};
  std::string head = response_head(response, facts);
  const bool written =
      co_await write(std::move(head), exchange.head_only ? std::string_view() : body);
  co_return written&& exchange.keep_alive;
}

asio::awaitable<bool> Connection::respond_stream(Exchange& exchange, const Response& given) {
  Response head_of{given.status, given.headers, {}, {}, {}, given.compress};
  if (exchange.gzip) head_of.headers.emplace_back("Content-Encoding", "gzip");
  exchange.keep_alive = exchange.keep_alive && !exchange.http10;
  const HeadFacts facts{.keep_alive = exchange.keep_alive,
                        .tls = peer_.tls,
                        .length = std::nullopt,
                        .chunked = !exchange.http10};
  std::string head = response_head(head_of, facts);
  const bool begun = co_await write(std::move(head), {});
  if (!begun || exchange.head_only) co_return begun&& exchange.keep_alive;
  const auto put = [this](std::string framed) { return write(std::move(framed), {}); };
  ChunkSink sink(put, !exchange.http10, exchange.gzip, shared_->stopping);
  co_await given.stream(sink);
  const bool ended = co_await sink.end();
  co_return ended&& exchange.keep_alive;
}

}  // namespace tocsin::http
