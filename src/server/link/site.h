#pragma once
// The link listener's own router: `GET /l/{token}` and `POST /l/{token}`, and nothing else.

#include <functional>

#include "adapter/http/router.h"
#include "server/link/page.h"
#include "server/link/rate.h"

namespace tocsin::server {

/// Lets in what has class `link`; the token itself is looked at by the site.
class LinkGate final : public http::Gate {
 public:
  asio::awaitable<std::optional<http::Response>> admit(const http::Route& route,
                                                       http::Request& request) override;
  asio::awaitable<std::optional<http::Response>> admit_rows(
      const http::Route&, const http::Request&, const std::vector<std::string>&) override;
};

/// Told of links nobody signed: code ("link.forged" …) and source address. For the audit lane.
using LinkRefused = std::function<asio::awaitable<void>(std::string code, std::string source)>;

class LinkSite {
 public:
  struct Parts {
    const Clock& clock;
    LinkDesk& desk;
    LinkKey key;
    LinkPlace place;
    LinkRefused refused;
  };
  explicit LinkSite(Parts parts);

  /// Adds the two routes and the page for every other address. The site outlives the router.
  void add_routes(http::Router& router);

 private:
  asio::awaitable<http::Response> open(http::Request request);
  asio::awaitable<http::Response> answer(http::Request request);
  /// The claims of a good token, or the page that says no.
  asio::awaitable<std::expected<LinkClaims, http::Response>> enter(const http::Request& request,
                                                                   RateLimit& uses);

  Parts parts_;
  RateLimit looks_, answers_;  ///< of one token
  RateLimit per_source_;
};

/// Reads the form of the page: fields a, n, why. Errors "link.kind" (field "a"), "link.number"
/// (field "n"), "link.too_long" (field "why").
Result<LinkAnswer> read_answer(const http::Pairs& form);

}  // namespace tocsin::server
