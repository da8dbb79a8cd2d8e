#pragma once
// Units a station may send a factor in, and telling from its values that it uses another one than
// its point is set up with. A suggestion for a person; nothing is converted before it is approved.

#include <optional>
#include <string_view>

namespace tocsin::hj212 {

/// True for units of a family that can be converted: ng/m3 ug/m3 mg/m3, Pa hPa kPa (also μg/m³,
/// 毫克/立方米, 百帕 and the like).
bool known_unit(std::string_view unit);

/// `value` in unit `from` as a value in unit `to`; nullopt when they are of no common family.
std::optional<double> convert(double value, std::string_view from, std::string_view to);

/// The unit `value` must be in when it cannot be in `unit` ("hPa" for a pressure of 1013 "kPa");
/// empty when it can, when nothing is known of the factor, or when zero tells nothing. `code` is
/// the 2017 code, `st` the station's: ranges hold for outdoor air (a01006 and dust: any; gases:
/// 22).
struct UnitGuess {
  bool telling = false;    ///< the value says something: it fits `unit`, or another one
  std::string_view other;  ///< the unit it fits, when not `unit`
};
UnitGuess guess_unit(std::string_view st, std::string_view code, double value,
                     std::string_view unit);

}  // namespace tocsin::hj212
