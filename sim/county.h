#pragma once
// The county all stories are set in: two townships with a village and a risk point each, and the
// people who answer for them. One post is vacant and one person has no mail, as in life.

#include <string>
#include <vector>

#include "node/node.h"

namespace tocsin::sim {

inline constexpr const char* county_area = "331126";
inline constexpr const char* town_area = "331126101";
inline constexpr const char* valley_area = "331126102";

/// What each office of the county adopts on its first day.
const std::vector<node::Command>& first_day();

/// What an office is told about itself. `rank` 1 is the county.
node::Setup setup_of(std::string name, int rank, std::string area);

/// Words for a warning at a township's risk point ("FXD-1" in the town, "FXD-2" in the valley).
warning::Issued words(Level level, const std::string& risk_point, Instant now, Duration valid);

}  // namespace tocsin::sim
