#pragma once
// 门禁. The one place on the server that decides who gets in: before a request's body is read it
// asks class, session, CSRF and role; before the handler it asks whether the post covers the rows.
// Every no goes to the audit lane.

#include "adapter/http/router.h"
#include "server/access/ports.h"
#include "server/access/refusals.h"
#include "server/access/sessions.h"

namespace tocsin::server {

inline constexpr std::string_view session_cookie = "tocsin";
inline constexpr std::string_view device_cookie = "tocsin_device";

class AccessGate final : public http::Gate {
 public:
  AccessGate(Sessions& sessions, AccountBook& book, Refusals& refusals)
      : sessions_(sessions), book_(book), refusals_(refusals) {}

  asio::awaitable<std::optional<http::Response>> admit(const http::Route& route,
                                                       http::Request& request) override;
  asio::awaitable<std::optional<http::Response>> admit_rows(
      const http::Route& route, const http::Request& request,
      const std::vector<std::string>& areas) override;
  asio::awaitable<http::Response> refuse(const http::Route& route, const http::Request& request,
                                         Error why) override;

 private:
  asio::awaitable<Result<void>> check(const http::Route& route, http::Request& request);
  asio::awaitable<Result<void>> by_key(http::Request& request);
  Result<void> by_session(const http::Route& route, http::Request& request);

  Sessions& sessions_;
  AccountBook& book_;
  Refusals& refusals_;
};

/// True when a browser says that another site sent this request (Sec-Fetch-Site, Origin).
bool from_another_site(const http::Request& request);

}  // namespace tocsin::server
