#pragma once
// 监测因子编码. The codes of HJ 212-2017 annex B (tables B.1, B.2, B.3, B.5, B.7, B.10), with the
// 2005 code where there is one. Units are those printed there: a hint for whoever sets up a point,
// never applied to a value (PM2.5 is printed in ng/m3; stations send ug/m3 or mg/m3).

#include <span>
#include <string_view>

namespace tocsin::hj212 {

struct Factor {
  std::string_view table;      ///< "B.1" water, "B.2" air, "B.3" noise, "B.5" "B.7" process, "B.10"
  std::string_view code;       ///< 2017 code; "e101xx": xx is the number of the device, 01-99
  std::string_view code_2005;  ///< empty when there is none
  std::string_view unit;       ///< as printed, in Chinese
  std::string_view format;     ///< "N5.2": 5 digits before, 2 behind the point; empty for text
  std::string_view name;       ///< Chinese
};

/// All rows in the order printed. e701xx and g119xx appear twice, as they do in the standard.
std::span<const Factor> factors();

/// By 2017 code, device number filled in or not (e10103 finds e101xx). nullptr when unknown.
const Factor* find_factor(std::string_view code);

/// By 2005 code. nullptr when unknown.
const Factor* find_factor_2005(std::string_view code);

/// The 2017 code a device's code stands for: itself when it is one, else by the 2005 column; empty
/// when it is in no table. Codes repeat across media, so the station's ST decides what is meant.
std::string_view standard_code(std::string_view code);

}  // namespace tocsin::hj212
