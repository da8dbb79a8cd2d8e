#include "server/http/answers.h"

#include <boost/json/array.hpp>

#include "server/board/rows.h"

namespace tocsin::server {

namespace bj = boost::json;

std::string actor_of(const http::Request& request) {
  const access::Principal& who = request.actor();
  return who.post.empty() ? "account/" + who.login : "post/" + who.post;
}

http::Response answer_of(const Submitted& result) {
  if (result.failed) return http::problem(*result.failed, 503);
  if (!result.decided) return http::problem(result.decided.error());
  const node::Receipt& r = *result.decided;
  return http::json_response(
      bj::object{{"receipt",
                  {{"command", r.command}, {"log", r.log}, {"seq", r.seq}, {"at", iso_utc(r.at)}}},
                 {"id", r.id}},
      202);
}

asio::awaitable<http::Response> submit(Desk& desk, const http::Request& request,
                                       node::Command command) {
  auto id = request.command_id();
  if (!id) co_return http::problem(id.error());
  node::Request asked{actor_of(request), std::move(*id), std::move(command)};
  const Submitted result = co_await desk.submit(std::move(asked));
  co_return answer_of(result);
}

http::RouteInfo command_info(access::Access access, std::string summary, std::string tag,
                             std::string body) {
  http::RouteInfo info{access, std::move(summary), std::move(tag)};
  info.body = std::move(body);
  info.answer = "#Receipt";
  info.status = 202;
  info.command = true;
  return info;
}

namespace {

/// Looks the row up on the node's thread and gives its areas.
template <class Row>
http::RowAreas areas_by(Desk& desk, std::string code, Row row) {
  return [&desk, code,
          row](const http::Request& request) -> asio::awaitable<Result<std::vector<std::string>>> {
    const std::string id = request.param("id");
    auto look = [row, id](const node::Node& node) { return row(node, id); };
    const auto found = co_await desk.ask(std::move(look));
    if (!found) co_return fail(code, "id", id);
    co_return found->areas;
  };
}

}  // namespace

http::RowAreas warning_areas(Desk& desk) {
  return areas_by(desk, "warning.not_found", warning_row);
}

http::RowAreas call_areas(Desk& desk) { return areas_by(desk, "call.not_found", call_row); }

http::Response page_of(const http::Request& request, std::vector<bj::object> rows, Instant as_of,
                       bj::object more) {
  const auto limit = request.query_number("limit", 100, 1, 500);
  if (!limit) return http::problem(limit.error());
  const auto from = request.query_number("cursor", 0, 0, 1'000'000'000);
  if (!from) return http::problem(from.error());
  const auto total = static_cast<std::int64_t>(rows.size());
  bj::array items;
  for (std::int64_t i = *from; i < total && i < *from + *limit; ++i)
    items.push_back(std::move(rows[static_cast<std::size_t>(i)]));
  const std::int64_t next = *from + *limit;
  more["items"] = std::move(items);
  more["total"] = total;
  more["cursor"] = next < total ? bj::value(std::to_string(next)) : bj::value(nullptr);
  more["as_of"] = iso_utc(as_of);
  return http::json_response(more);
}

}  // namespace tocsin::server
