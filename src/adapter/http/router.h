#pragma once
// One table of routes. Requests are dispatched from it and openapi.json is written from it, so that
// neither can know a route the other does not. Every route states its access class; a gate is asked
// before any body is read and before any handler runs.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/http/message.h"

namespace tocsin::http {

inline constexpr std::size_t body_max_default = 64 * 1024;
inline constexpr std::size_t body_max_import = 10 * 1024 * 1024;

using Handler = std::function<asio::awaitable<Response>(Request)>;

/// Division codes of the rows a request is about; the gate compares them with the post's area. An
/// error ends the request with its problem ("warning.not_found" …); one of status 403 is a refusal
/// of rights and goes through the gate to the audit lane. An empty list concerns no area.
using RowAreas = std::function<asio::awaitable<Result<std::vector<std::string>>>(const Request&)>;

/// A parameter of the query, or a header, as OpenAPI tells it.
struct Parameter {
  std::string name;
  std::string description;
  std::string schema = R"({"type":"string"})";  // JSON Schema
  bool required = false;
};

/// What a route says of itself. `body` and `answers` hold JSON Schema as text, or "#Name" for one
/// of Router::schema().
struct RouteInfo {
  access::Access access;
  std::string summary;
  std::string tag{};  // "warnings"; groups routes in the description
  std::vector<Parameter> query{};
  std::string body{};                          // schema of the request's body
  std::string body_type = "application/json";  // its media type; several: separated by ", "
  std::string answer{};                        // schema of the answer
  int status = 200;                            // of the good answer
  std::string answer_type = "application/json";
  bool command = false;  // wants Command-Id, answers 202 with a receipt
  std::size_t body_max = body_max_default;
  RowAreas areas{};  // rows checked by the gate before the handler
};

struct Route {
  Method method;
  std::string pattern;  // "/api/v1/warnings/{id}/level"
  RouteInfo info;
  Handler handler;
};

/// Decides before any handler. Implemented once, by the server (server/access/gate.h).
class Gate {
 public:
  virtual ~Gate() = default;
  /// Called with the head of the request, its body unread. Sets `principal` and `session`; or gives
  /// the refusing response, having told the audit lane.
  virtual asio::awaitable<std::optional<Response>> admit(const Route& route, Request& request) = 0;
  /// Called with the areas of the rows when the route names them.
  virtual asio::awaitable<std::optional<Response>> admit_rows(
      const Route& route, const Request& request, const std::vector<std::string>& areas) = 0;
  /// Called when the route itself found that the post may not; a gate with an audit lane tells it.
  virtual asio::awaitable<Response> refuse(const Route& route, const Request& request, Error why);
};

class Router {
 public:
  /// A gate that outlives the router.
  explicit Router(Gate& gate) : gate_(&gate) {}

  /// A pattern is literal segments and "{name}" segments, which may have a literal tail
  /// ("{id}.xml"); where two match, the literal one wins. The same method and shape registered
  /// twice is a broken invariant.
  void add(Method method, std::string pattern, RouteInfo info, Handler handler);
  void get(std::string pattern, RouteInfo info, Handler handler) {
    add(Method::get, std::move(pattern), std::move(info), std::move(handler));
  }
  void post(std::string pattern, RouteInfo info, Handler handler) {
    add(Method::post, std::move(pattern), std::move(info), std::move(handler));
  }
  void del(std::string pattern, RouteInfo info, Handler handler) {
    add(Method::del, std::move(pattern), std::move(info), std::move(handler));
  }
  /// For GETs no route matches: the files of the web desk. Open to anybody; not in openapi.json.
  void fallback(Handler handler) { fallback_ = std::move(handler); }

  /// A named schema of the description, used as "#Name" by routes.
  void schema(std::string name, std::string json_schema);

  struct Match {
    const Route* route;
    Pairs params;
  };
  /// `path` is still percent-encoded; errors "http.not_found", "http.method" (detail: "GET, POST").
  Result<Match> match(Method method, std::string_view path) const;

  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }
  const std::map<std::string, std::string>& schemas() const { return schemas_; }
  const Handler& fallback_handler() const { return fallback_; }
  Gate& gate() const { return *gate_; }

 private:
  struct Segment {
    std::string literal;  // the whole segment, or the tail behind a parameter
    std::string param;    // empty: literal
    bool operator==(const Segment&) const = default;
  };
  struct Pattern {
    std::string shape;  // parameters without their names, to find twins
    std::vector<Segment> segments;
    std::vector<const Route*> routes;  // one a method
  };
  static Pattern compile(std::string_view pattern);
  static bool fits(const Pattern& pattern, const std::vector<std::string_view>& path);
  static Result<Pairs> take(const Pattern& pattern, const std::vector<std::string_view>& path);

  Gate* gate_;
  std::map<std::size_t, std::vector<Pattern>> by_length_;  // number of segments; literal first
  std::vector<std::unique_ptr<Route>> routes_;
  std::map<std::string, std::string> schemas_;
  Handler fallback_;
};

/// The whole request without a socket: match, gate, rows, handler, as the server does it. Tests and
/// the server call the same. `request.path` is percent-encoded on entry.
asio::awaitable<Response> dispatch(const Router& router, Request request);

/// The first half, before the body is read: match and gate. Gives the route, or the refusal.
struct Admitted {
  const Route* route = nullptr;  // nullptr: the fallback
  std::optional<Response> refusal{};
};
asio::awaitable<Admitted> admit(const Router& router, Request& head);
/// The second half, body in hand: rows, handler (`route` nullptr: the fallback). A handler's
/// exception becomes a 500 "http.internal".
asio::awaitable<Response> handle(const Router& router, const Route* route, Request request);

}  // namespace tocsin::http
