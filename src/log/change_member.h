#pragma once
// The member "change" of an event that quotes a figure: {"per_ms", "level"?}. Absent where the
// figure is a value, as in every event written before there was such a member.

#include <optional>

#include "base/figure.h"
#include "log/json.h"

namespace tocsin::log {

/// Errors go to `in`, under "change.…".
std::optional<ChangeWithin> change_if(json::Fields& in);
void put_change(const std::optional<ChangeWithin>& change, json::Object& body);

}  // namespace tocsin::log
