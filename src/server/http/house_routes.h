#pragma once
// What is read beside warnings and readings: the map, words and posts for forms, the timeline, the
// audit lane, the exercise's mailbox, the public feed, health.

#include <functional>

#include "adapter/http/router.h"
#include "adapter/smtp/mailbox.h"
#include "server/desk/desk.h"

namespace tocsin::server {

void add_map_routes(http::Router& router, Desk& desk);
void add_list_routes(http::Router& router, Desk& desk, const Clock& clock, const log::Store& store);
/// `mailbox` may be null: only an exercise has one.
void add_mailbox_route(http::Router& router, const smtp::Mailbox* mailbox, const Clock& clock);
void add_public_routes(http::Router& router, Desk& desk, const Clock& clock, std::string base_url);
/// `metrics`: text in the exposition format; `trouble`: empty while all is well.
void add_health_routes(http::Router& router, std::function<std::string()> metrics,
                       std::function<std::string()> trouble);

}  // namespace tocsin::server
