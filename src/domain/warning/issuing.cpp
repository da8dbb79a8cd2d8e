#include "domain/warning/issuing.h"

#include <array>

namespace tocsin::warning {

std::span<const IssuingRule> issuing_rules() {
  static const std::array<IssuingRule, 5> rules{{
      {"", true, "", "突发事件应对法 art. 63"},
      {"11B", false, "气象主管机构所属的气象台站", "气象灾害防御条例 art. 30"},
      {"11D", false, "自然资源主管部门会同气象主管机构", "地质灾害防治条例 art. 17"},
      {"11C", false, "地震工作主管部门", "防震减灾法 art. 29"},
      {"12Q02", false, "设区的市或者省人民政府", "大气污染防治法 art. 95"},
  }};
  return rules;
}

const IssuingRule& issuing_rule(std::string_view hazard) {
  const IssuingRule* best = &issuing_rules().front();
  for (const IssuingRule& rule : issuing_rules())
    if (hazard.starts_with(rule.hazard_prefix) &&
        rule.hazard_prefix.size() >= best->hazard_prefix.size())
      best = &rule;
  return *best;
}

bool may_issue(std::string_view hazard, Audience audience) {
  return audience == Audience::responsible || issuing_rule(hazard).everyone;
}

}  // namespace tocsin::warning
