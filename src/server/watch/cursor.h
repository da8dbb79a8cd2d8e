#pragma once
// 判读进度. Up to which arrival everything the rules found is in the log: one small file beside the
// readings, replaced whole. When the log takes nothing for hours while readings are still stored,
// it stands still, and after a kill the rules look back as far as that.

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace tocsin::server {

/// Nothing where there is no such file (first start, restored) or it says nothing sensible.
std::optional<Instant> read_cursor(const std::string& path);
/// Durable on return. Errors "store.disk_full", "store.read_only", "store.io".
Result<void> write_cursor(const std::string& path, Instant told_until);

/// How far behind the log may be: what the rules must assume was stored and not told. At least an
/// hour; at most as long as the log's alarms are shown to them.
Duration lag_to_cover(std::optional<Instant> told_until, std::optional<Instant> newest_arrival);

}  // namespace tocsin::server
