#pragma once
// Readings over HTTP: batches in, one point's course out; stations.

#include "adapter/http/router.h"
#include "server/desk/desk.h"
#include "server/watch/watch.h"

namespace tocsin::server {

void add_reading_routes(http::Router& router, Watch& watch, Desk& desk, const Clock& clock);

}  // namespace tocsin::server
