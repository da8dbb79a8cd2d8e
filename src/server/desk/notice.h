#pragma once
// A warning of ours as CAP 1.2 tells it: its last word (alert, update or cancel) with references to
// what went before.

#include <optional>
#include <string>

#include "adapter/cap/message.h"
#include "node/node.h"

namespace tocsin::server {

/// Nothing when there is no such warning. `everyone_only`: nothing either for one that may only
/// call those responsible.
std::optional<cap::Notice> notice_of(const node::Node& node, const std::string& id,
                                     bool everyone_only);

}  // namespace tocsin::server
