#pragma once
// Routes of the call board: answers taken by phone, attempts, the number shown (and logged).

#include "adapter/http/router.h"
#include "server/desk/desk.h"

namespace tocsin::server {

void add_call_routes(http::Router& router, Desk& desk);

}  // namespace tocsin::server
