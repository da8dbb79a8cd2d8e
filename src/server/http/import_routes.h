#pragma once
// Routes of the operator: imports with dry run, accounts, dialects, release after a restore.

#include "adapter/clock/clock.h"
#include "adapter/http/router.h"
#include "server/access/hasher.h"
#include "server/access/sessions.h"
#include "server/desk/desk.h"

namespace tocsin::server {

void add_import_routes(http::Router& router, Desk& desk);
void add_user_routes(http::Router& router, Desk& desk, Hasher& hasher, Sessions& sessions,
                     const Clock& clock);
void add_office_routes(http::Router& router, Desk& desk);

}  // namespace tocsin::server
