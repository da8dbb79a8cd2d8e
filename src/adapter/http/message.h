#pragma once
// Requests and responses as the routes see them: plain values, nothing of Beast in here.
//
// A request has been matched to a route, admitted by the gate and read whole (never above the
// route's `body_max`) before its handler sees it.

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/access/access.h"

namespace tocsin::http {

namespace asio = boost::asio;

enum class Method : std::uint8_t { get, post, put, del };
/// "GET", "POST", "PUT", "DELETE".
std::string_view name_of(Method method);

/// Name and value pairs in the order they came. Header names are lower case.
using Pairs = std::vector<std::pair<std::string, std::string>>;
/// The first value under a name; empty when there is none.
std::string_view find(const Pairs& pairs, std::string_view name);
bool has(const Pairs& pairs, std::string_view name);

/// Where a request came from.
struct Peer {
  std::string address;    // "192.0.2.7", "2001:db8::1"; of the client, not of a trusted proxy
  bool loopback = false;  // a direct connection from this machine
  bool tls = false;
};

struct Request {
  Method method = Method::get;
  std::string path;  // percent-decoded, begins with '/'
  Pairs params;      // "{id}" of the route's pattern, decoded
  Pairs query;       // decoded
  Pairs headers;     // at most 16 kB together
  std::string body;
  Peer peer;
  access::Principal principal;  // set by the gate; empty login on open routes
  std::string session;          // id of the session (never its token), empty without one

  const access::Principal& actor() const { return principal; }
  std::string_view header(std::string_view lower_case_name) const;
  std::string_view cookie(std::string_view name) const;
  /// A part of the path; a broken invariant when the pattern has no such name.
  const std::string& param(std::string_view name) const;
  std::string_view query_value(std::string_view name) const;
  /// Whole number out of the query; `otherwise` when absent. Error "http.bad_number" (field `name`)
  /// when malformed or outside [min, max].
  Result<std::int64_t> query_number(std::string_view name, std::int64_t otherwise, std::int64_t min,
                                    std::int64_t max) const;
  /// The `Command-Id` header: a UUID made by the caller. Errors "command.id_missing",
  /// "command.id_bad".
  Result<std::string> command_id() const;
  /// The body as JSON, an object; read it with json::Fields(value, "http.bad_body"). Errors:
  /// "http.content_type" (415), "json.bad" (field "byte N"), "json.not_object".
  Result<boost::json::value> json() const;
  /// The body as an HTML form (application/x-www-form-urlencoded). Errors "http.content_type",
  /// "form.bad" (field "byte N").
  Result<Pairs> form() const;
};

/// What a streaming response writes to. Each piece is on the wire when the call returns, so a slow
/// reader holds back its writer and nobody else.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Error "http.gone": the reader left, was too slow, or the server stops. Then return.
  virtual asio::awaitable<Result<void>> write(std::string piece) = 0;
};
using StreamBody = std::function<asio::awaitable<void>(Sink&)>;

struct Response {
  int status = 200;
  Pairs headers;  // Content-Type among them; length, date and security headers are the server's
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // instead of `body`: a file held in memory
  StreamBody stream;                               // instead of both
  bool compress = true;  // gzip where the client takes it and the type gains by it

  Response&& with(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
};

Response json_response(const boost::json::value& value, int status = 200);
Response text_response(std::string text, std::string content_type = "text/plain; charset=utf-8",
                       int status = 200);

/// RFC 9457 application/problem+json. The status follows from the code (status_of) unless given.
Response problem(const Error& error, int status = 0);
/// A decision that was refused: 409, or what status_of knows better.
Response problem(const Refusal& refusal, int status = 0);
/// HTTP status of a code of docs/codes.md: 400 unless the table says otherwise.
int status_of(std::string_view code);
/// The registered phrase: "Not Found".
std::string_view reason_phrase(int status);

}  // namespace tocsin::http
