#pragma once
// 数值. What was measured, as a person reads it: a value, or how much it changed within a time.

#include <optional>
#include <string_view>

#include "base/text.h"
#include "base/time.h"

namespace tocsin {

/// 变幅. Says of a figure that it is a difference (above 0 a rise, below 0 a fall) and no value.
struct ChangeWithin {
  Duration per{};               ///< the time looked back over
  std::optional<double> level;  ///< what was measured at its end, where known
  bool operator==(const ChangeWithin&) const = default;
};

/// "2.84 m"; with `change` "1 小时涨 0.5 m，到 2.08 m", "rose 0.5 m within 1 h, to 2.08 m". Six
/// digits at most; `unit` as the register has it (base/unit.h).
Text figure_text(double value, std::string_view unit,
                 const std::optional<ChangeWithin>& change = {});

}  // namespace tocsin
