#pragma once
// Ids that are derived, so that the same cause gives the same id after a replay or a retry.

#include <string>
#include <string_view>

#include "base/encode.h"
#include "log/hash.h"

namespace tocsin::node {

/// "w-3f9a…": the prefix and 20 hex digits of the hash of the cause.
inline std::string derived_id(std::string_view prefix, std::string_view cause) {
  const log::Hash hash = log::sha256({prefix, "|", cause});
  return std::string(prefix) + "-" + to_hex(std::span(hash.bytes).first(10));
}

}  // namespace tocsin::node
