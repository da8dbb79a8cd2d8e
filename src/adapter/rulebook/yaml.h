#pragma once
// The part of YAML a rulebook may use, read into a tree that knows its lines: block and flow maps,
// lists and scalars. Anchors, aliases, tags, several documents, more than 512 KiB, eight levels or
// 50,000 nodes are refused while reading, so that no file of any size can cost more than its bytes.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::rulebook_file {

inline constexpr std::size_t file_bytes_max = 512 * 1024;
inline constexpr int depth_max = 8;
inline constexpr int nodes_max = 50'000;

struct Node {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  int line = 0;  ///< from 1
  bool quoted = false;
  std::string text = {};
  std::vector<std::string> keys = {};  ///< of a map, beside `items`
  std::vector<int> key_lines = {};
  std::vector<Node> items = {};
};

/// Errors: "rulebook.too_large", "rulebook.too_deep", "rulebook.too_many", "rulebook.alias",
/// "rulebook.tag", "rulebook.duplicate_key", "rulebook.yaml" (what else is no YAML); field "line
/// N".
Result<Node> parse_yaml(std::string_view text);

}  // namespace tocsin::rulebook_file
