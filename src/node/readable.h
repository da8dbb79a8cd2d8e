#pragma once
// Whether what is about to be written can be read again. Asked of a whole plan before its first
// event is appended: a log is only written on, so an event nobody can read would stand there for
// ever, and its receipt would promise what will never be done.

#include <optional>
#include <string_view>

#include "base/result.h"
#include "log/room.h"

namespace tocsin::node {

/// Why an event of `entity` must not be written; nothing when it may. Refusals "command.too_large"
/// (no record holds it), "command.not_readable" (its room does not read it again; field: of the
/// body).
std::optional<Refusal> refusal_to_keep(std::string_view entity, const log::Written& event);

}  // namespace tocsin::node
