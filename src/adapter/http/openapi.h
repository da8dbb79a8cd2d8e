#pragma once
// openapi.json, written from the router's own table.

#include <boost/json/object.hpp>

#include "adapter/http/router.h"

namespace tocsin::http {

/// OpenAPI 3.1 description of every route, with its access class in `x-access`. Schemas that are no
/// JSON are a broken invariant (a unit test calls this for the whole server). `links`: the router
/// of the link listener, described beside, its routes marked `x-listener: link`.
boost::json::object openapi(const Router& router, std::string_view title, std::string_view version,
                            const Router* links = nullptr);

/// Adds `GET /api/v1/openapi.json`; call it last but before serving (it describes itself too).
void add_openapi_route(Router& router, std::string title, std::string version,
                       const Router* links = nullptr);

}  // namespace tocsin::http
