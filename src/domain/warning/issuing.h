#pragma once
// 发布权限. Which hazard may be warned of, to whom, and by which office. Data, not code: the rows
// below are the national defaults, a county's own rows come before them. A public weather warning
// is the weather service's (气象灾害防御条例 art. 30); ours may only call those responsible.

#include <span>
#include <string>
#include <string_view>

#include "domain/warning/events.h"

namespace tocsin::warning {

struct IssuingRule {
  std::string hazard_prefix;    ///< GB/T 35561; the longest matching row counts, "" matches all
  bool everyone = false;        ///< may it go to the public from here
  std::string whose;            ///< office whose right it is otherwise, for the refusal's words
  std::string_view instrument;  ///< article
};

/// National defaults.
std::span<const IssuingRule> issuing_rules();

/// The row that decides about a hazard.
const IssuingRule& issuing_rule(std::string_view hazard);

/// True when this office may issue this hazard to this audience.
bool may_issue(std::string_view hazard, Audience audience);

}  // namespace tocsin::warning
