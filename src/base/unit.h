#pragma once
// 单位. As people write them: registers and devices keep to ASCII.

#include <string>
#include <string_view>

namespace tocsin {

/// "ug/m3" is "µg/m³", "m3/s" is "m³/s"; anything else stays as it is. The desk's pages do the same
/// (web/src/station/unit.ts).
std::string unit_text(std::string_view unit);

}  // namespace tocsin
