#pragma once
// 突发事件分类. Event codes of GB/T 35561: five characters, a tree by prefix ("11" natural hazards,
// "12" accidents, "13" public health, "14" social security; one letter for the family; two digits,
// "00" the family itself). Codes come from data: a short table is built in, a county's own list
// replaces and adds to it, and a code nobody listed is accepted and shown under its nearest family.
//
// A package of kind "hazards" is {"hazards":[{"code","zh","en"}]}, sorted by code.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/row_problem.h"

namespace tocsin::hazard {

/// 事件类别.
struct Hazard {
  std::string code;
  std::string zh, en;

  bool operator==(const Hazard&) const = default;
};

/// Five characters: "11" to "14", then A-Z or 0-9 (GB/T 35561). A family or class is written in
/// full
/// ("11B00", "11000").
bool is_hazard_code(std::string_view code);

/// 上级类. True when `family` is the code itself, its family ("11B00" for "11B03") or its class
/// ("11000"); a bare prefix ("11B", "11") may be given too, and "" covers all.
bool covers(std::string_view family, std::string_view code);

/// "11B00" → "11B", "11000" → "11"; an event's code, or a bare prefix, stays.
std::string_view prefix_of(std::string_view family);

/// CAP 1.2 <category> of a code, by its prefix: "Met", "Geo", "Fire", "Env", "CBRNE", "Transport",
/// "Infra", "Health", "Security", "Safety"; "Other" for what is no code.
std::string_view cap_category(std::string_view code);

class Hazards {
 public:
  /// The built-in table with `own` laid over it.
  static Hazards with(const std::vector<Hazard>& own);
  static Hazards built_in() { return with({}); }

  /// Problems: "hazard.bad_code", "hazard.duplicate", "hazard.no_name".
  static std::vector<RowProblem> check(const std::vector<Hazard>& rows);

  /// nullptr when nobody listed it.
  const Hazard* find(std::string_view code) const;
  /// The listed entry, else the nearest listed family's names with the code behind; for a text that
  /// is no code, the text itself. Never empty.
  Hazard describe(std::string_view code) const;
  /// By code.
  const std::map<std::string, Hazard, std::less<>>& all() const { return entries_; }

 private:
  std::map<std::string, Hazard, std::less<>> entries_;
};

std::string encode(std::vector<Hazard> own);
/// Errors "hazard.bad_package" (field the member), or the first problem of `check`.
Result<std::vector<Hazard>> decode(std::string_view bytes);

}  // namespace tocsin::hazard
