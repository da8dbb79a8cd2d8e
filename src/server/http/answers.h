#pragma once
// What the route files share: who asks, in the log's words, and the answers commands get.

#include <string>

#include "adapter/http/message.h"
#include "adapter/http/router.h"
#include "server/desk/desk.h"

namespace tocsin::server {

/// "post/<id>" for somebody at a post, "account/<login>" otherwise.
std::string actor_of(const http::Request& request);

/// 202 with the receipt, the problem of the refusal, or 503 when the disk refused.
http::Response answer_of(const Submitted& result);

/// Submits a command with the request's Command-Id and answers it.
asio::awaitable<http::Response> submit(Desk& desk, const http::Request& request,
                                       node::Command command);

/// A route that is a command: body schema, access class, areas looked up before the handler.
http::RouteInfo command_info(access::Access access, std::string summary, std::string tag,
                             std::string body = R"({"type":"object"})");

/// Areas of the row named by "{id}", for the gate; "…not_found" when there is none.
http::RowAreas warning_areas(Desk& desk);
http::RowAreas call_areas(Desk& desk);

/// {"items","total","cursor","as_of"} out of rows, after `?cursor=` and `?limit=` (≤ 500), and the
/// members of `more` beside them.
http::Response page_of(const http::Request& request, std::vector<boost::json::object> rows,
                       Instant as_of, boost::json::object more = {});

}  // namespace tocsin::server
