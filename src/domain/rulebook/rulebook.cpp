#include "domain/rulebook/rulebook.h"

#include <algorithm>

#include "base/result.h"

namespace tocsin::rulebook {

const Rule* find(const Rulebook& book, std::string_view id) {
  const auto found = std::ranges::find(book.rules, id, &Rule::id);
  return found == book.rules.end() ? nullptr : &*found;
}

Diff diff(const Rulebook& before, const Rulebook& after) {
  Diff result;
  for (const Rule& rule : after.rules) {
    const Rule* const old = find(before, rule.id);
    if (old == nullptr)
      result.added.push_back(rule.id);
    else if (*old != rule)
      result.changed.push_back(rule.id);
  }
  for (const Rule& rule : before.rules)
    if (find(after, rule.id) == nullptr) result.removed.push_back(rule.id);
  return result;
}

std::string_view kind_of(const Condition& condition) {
  return std::visit(
      overloaded{[](const Limit&) { return "limit"; }, [](const Rate&) { return "rate"; },
                 [](const NOfM&) { return "n_of_m"; }, [](const Missing&) { return "missing"; }},
      condition);
}

}  // namespace tocsin::rulebook
