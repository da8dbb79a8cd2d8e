#include "adapter/hj212/units.h"

#include <algorithm>

namespace tocsin::hj212 {
namespace {

enum class Family { concentration, pressure };

/// `scale`: how many of the family's base (mg/m3, kPa) one is.
struct Unit {
  std::string_view name;
  Family family;
  double scale;
  bool canonical;
};
constexpr Unit units[] = {
    {"mg/m3", Family::concentration, 1, true},
    {"ug/m3", Family::concentration, 1e-3, true},
    {"ng/m3", Family::concentration, 1e-6, true},
    {"kPa", Family::pressure, 1, true},
    {"hPa", Family::pressure, 0.1, true},
    {"Pa", Family::pressure, 1e-3, true},
    {"mg/m³", Family::concentration, 1, false},
    {"ug/m³", Family::concentration, 1e-3, false},
    {"μg/m3", Family::concentration, 1e-3, false},
    {"μg/m³", Family::concentration, 1e-3, false},
    {"µg/m3", Family::concentration, 1e-3, false},
    {"µg/m³", Family::concentration, 1e-3, false},
    {"ng/m³", Family::concentration, 1e-6, false},
    {"毫克/立方米", Family::concentration, 1, false},
    {"微克/立方米", Family::concentration, 1e-3, false},
    {"纳克/立方米", Family::concentration, 1e-6, false},
    {"千帕", Family::pressure, 1, false},
    {"百帕", Family::pressure, 0.1, false},
    {"帕", Family::pressure, 1e-3, false},
    {"mbar", Family::pressure, 0.1, false},
};

/// What outdoor air can hold, in the base unit. The bounds of neighbouring units must not meet.
struct Range {
  std::string_view code, st;  ///< st "" = any
  double from, to;
};
constexpr Range ranges[] = {
    {"a01006", "", 50, 110},       // air pressure; 50 kPa is 5,500 m above the sea
    {"a34001", "", 0.001, 5},      // TSP
    {"a34002", "", 0.001, 5},      // PM10
    {"a34004", "", 0.001, 5},      // PM2.5
    {"a21026", "22", 0.001, 0.9},  // SO2
    {"a21004", "22", 0.001, 0.9},  // NO2
    {"a05024", "22", 0.001, 0.9},  // O3
};

const Unit* find(std::string_view name) {
  const auto found = std::ranges::find(units, name, &Unit::name);
  return found == std::end(units) ? nullptr : found;
}

bool within(const Range& range, double base) { return base >= range.from && base <= range.to; }

}  // namespace

bool known_unit(std::string_view unit) { return find(unit) != nullptr; }

std::optional<double> convert(double value, std::string_view from, std::string_view to) {
  const Unit* a = find(from);
  const Unit* b = find(to);
  if (a == nullptr || b == nullptr || a->family != b->family) return std::nullopt;
  return value * (a->scale / b->scale);
}

UnitGuess guess_unit(std::string_view st, std::string_view code, double value,
                     std::string_view unit) {
  const auto range = std::ranges::find_if(
      ranges, [&](const Range& r) { return r.code == code && (r.st.empty() || r.st == st); });
  const Unit* set = find(unit);
  if (range == std::end(ranges) || set == nullptr || value <= 0) return {};
  if (within(*range, value * set->scale)) return {.telling = true, .other = {}};
  for (const Unit& other : units)
    if (other.canonical && other.family == set->family && within(*range, value * other.scale))
      return {.telling = true, .other = other.name};
  return {};
}

}  // namespace tocsin::hj212
