#pragma once
// What an import says: how many rows, every problem by line, what is worth knowing, what would
// change, and, when there is no problem at all, the bytes to adopt. Reading a file changes nothing;
// the node adopts the bytes with one event, so a file comes in whole or not at all.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "domain/person/person.h"
#include "log/json.h"

namespace tocsin::importing {

/// One thing found. `line` counts from 1 in the file as sent, the header included; 0 when it is not
/// about one line (a missing column, a member of a GeoJSON file). `column` is the column's heading
/// as the file writes it, or the member ("features[3].geometry"). `detail` is for a person.
struct Finding {
  std::size_t line = 0;
  std::string column;
  std::string code;
  std::string detail;

  bool operator==(const Finding&) const = default;
};

/// Rows of the register after the import against before. People's `changed` is counted only where
/// the directory could be opened.
struct Changes {
  std::size_t added = 0, changed = 0, removed = 0;

  bool operator==(const Changes&) const = default;
};

struct ImportResult {
  std::string kind;  ///< of the package: "divisions", "relief.dark" …
  std::size_t rows = 0;
  std::vector<Finding> problems{};  ///< by line; one is enough to refuse the file
  std::vector<Finding> notes{};
  Changes changes{};
  std::string package{};     ///< what to adopt; empty when there is a problem
  person::ReachMap reach{};  ///< of people only: what the event may say

  /// The file can be adopted. The bytes of people are personal data: to be sealed, never stored as
  /// a package.
  bool whole() const { return problems.empty(); }
  bool personal() const { return kind == "people"; }

  void problem(std::size_t line, std::string column, std::string code, std::string detail = {});
  void note(std::string code, std::string detail, std::size_t line = 0, std::string column = {});
};

/// How many problems and notes an answer lists; how many there are in all is told beside.
inline constexpr std::size_t findings_shown_max = 1000;

/// {"kind","rows","problems":[{"line","column","code","text":{"zh","en"},"detail"}],
/// "problems_total","notes":[…],"notes_total","changes":{"added","changed","removed"}}. The bytes
/// are not in it.
json::Object to_json(const ImportResult& result);

/// One finding in words: "第 12 行，区划代码：该版本里没有这个区划（331126009@2022）", or in
/// English "line 12, area: No such division in that edition (331126009@2022)".
std::string to_text(const Finding& finding, bool chinese);

/// Counts what differs between two registers, each a map from a row's key to the row.
template <class Key, class Row>
Changes changes_between(const std::map<Key, Row>& before, const std::map<Key, Row>& after) {
  Changes changes{};
  for (const auto& [key, row] : after) {
    const auto old = before.find(key);
    if (old == before.end())
      ++changes.added;
    else if (!(old->second == row))
      ++changes.changed;
  }
  for (const auto& [key, row] : before)
    if (!after.contains(key)) ++changes.removed;
  return changes;
}

}  // namespace tocsin::importing
