#pragma once
// Reads a rulebook (docs/formats/rules.md) and says everything that is wrong with it, by line.

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/rulebook/rulebook.h"

namespace tocsin::rulebook_file {

/// 问题. One thing a person has to mend. `rule` and `key` are empty where the file as a whole is
/// meant, `line` (from 1) is 0 where no line is to blame.
struct Problem {
  int line = 0;
  std::string rule;  ///< its id, or "rules[3]" when it has none
  std::string key;
  std::string code;
  std::string detail;
  bool operator==(const Problem&) const = default;
};

/// "line 14, stage-huixi-orange, above: rulebook.bad_number (2,50)".
std::string text_of(const Problem& problem);

/// What a county has, for a rule to name: whether such a one is registered. One that is not set
/// lets everything pass.
struct Known {
  std::function<bool(const std::string&)> point, riskpoint, hazard;
};

/// All or nothing. Codes beside those of parse_yaml(): "rulebook.unknown_key",
/// "rulebook.missing_key", "rulebook.wrong_kind" (a list where a word belongs …),
/// "rulebook.bad_number", "rulebook.bad_duration", "rulebook.bad_value", "rulebook.bad_id",
/// "rulebook.duplicate_id", "rulebook.too_many"; and, with `known`, "rulebook.unknown_point",
/// "rulebook.unknown_riskpoint", "rulebook.unknown_hazard".
std::expected<rulebook::Rulebook, std::vector<Problem>> read(std::string_view text,
                                                             const Known& known = {});

/// "90s", "10m", "6h", "2d": a whole number and its unit, at least 1. nullopt otherwise or beyond
/// 3,650 days.
std::optional<Duration> parse_duration(std::string_view text);

}  // namespace tocsin::rulebook_file
