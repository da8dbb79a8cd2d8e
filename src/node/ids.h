#pragma once
// Ids that are derived, so that the same cause gives the same id after a replay or a retry.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/encode.h"
#include "base/id.h"
#include "log/hash.h"

namespace tocsin::node {

/// "w-3f9a…": the prefix and 20 hex digits of the hash of the cause.
inline std::string derived_id(std::string_view prefix, std::string_view cause) {
  const log::Hash hash = log::sha256({prefix, "|", cause});
  return std::string(prefix) + "-" + to_hex(std::span(hash.bytes).first(10));
}

/// Short names for the table of commands done, kept in memory only. Ids are random; who makes one
/// that falls on another's is told that his own was done already, and no other is harmed.
inline std::uint64_t short_hash(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}
/// Which kind of command an event answers, so that an id used for another kind can be told. Only
/// the first event a command writes is looked at. The kinds are ours, so that FNV-1a will do.
inline std::uint32_t short_kind(std::string_view type) {
  std::uint32_t out = 2166136261u;
  for (const char c : type) out = (out ^ static_cast<unsigned char>(c)) * 16777619u;
  return out;
}

/// 案卷. What is said about a warning is sealed with the key of this case.
inline std::string case_of(const WarningId& warning) { return "case/warning/" + warning.text; }
/// The warning a case is about; nothing for the standing directory.
inline std::optional<WarningId> warning_of_case(std::string_view case_id) {
  constexpr std::string_view head = "case/warning/";
  if (!case_id.starts_with(head)) return std::nullopt;
  return WarningId{std::string(case_id.substr(head.size()))};
}

/// "warning/w-1" -> "warning", "w-1".
inline std::pair<std::string_view, std::string_view> split_entity(std::string_view entity) {
  const std::size_t slash = entity.find('/');
  if (slash == std::string_view::npos) return {entity, {}};
  return {entity.substr(0, slash), entity.substr(slash + 1)};
}

}  // namespace tocsin::node
