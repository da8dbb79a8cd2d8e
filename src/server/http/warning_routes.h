#pragma once
// Routes of warnings and proposals: issue, raise, lower, cancel, acknowledge, call again; lists,
// proof and CAP.

#include "adapter/http/router.h"
#include "server/desk/desk.h"

namespace tocsin::server {

void add_warning_routes(http::Router& router, Desk& desk, const Clock& clock);
void add_proposal_routes(http::Router& router, Desk& desk, const Clock& clock);
/// Lists, one warning, its proof per person.
void add_warning_reads(http::Router& router, Desk& desk, const Clock& clock);

}  // namespace tocsin::server
