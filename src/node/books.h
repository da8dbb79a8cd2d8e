#pragma once
// 在用台账. The registers in force, opened: what the packages and the staff directory's part say.
// Made anew when a register is adopted; everything else only looks things up.

#include <string>
#include <string_view>
#include <vector>

#include "domain/hazard/hazard.h"
#include "domain/observation/station.h"
#include "domain/person/person.h"
#include "domain/person/post.h"
#include "domain/place/boundary.h"
#include "domain/place/division.h"
#include "domain/place/risk_point.h"
#include "domain/place/township_place.h"
#include "domain/warning/issuing.h"

namespace tocsin::node {

struct Books {
  place::Divisions divisions;
  std::string edition;  ///< of the divisions in use
  place::Boundaries boundaries;
  place::Places places;
  place::RiskPoints riskpoints;
  person::Posts posts;
  person::ReachMap reach;  ///< from the event: known even where the directory cannot be opened
  person::Directory directory;
  bool directory_open = false;
  std::vector<observation::Station> station_rows;
  std::vector<observation::Point> point_rows;
  observation::Stations stations;
  std::vector<hazard::Hazard> own_hazards;
  hazard::Hazards hazards = hazard::Hazards::built_in();  ///< with the county's own laid over
  warning::IssuingRights issuing;  ///< the national defaults until a county's own list is adopted

  /// Puts one register's bytes in place of the one before. Unknown kinds are kept as packages only
  /// and change nothing here. Error: the register's own.
  Result<void> take(std::string_view kind, std::string_view bytes);

  /// Name of a person, or the id where the directory cannot be opened ("unreadable" is a state).
  std::string person_name(std::string_view id) const;
  /// 现行代码. The code of a place in the edition in use, which is the one meant wherever a code
  /// stands alone: rights, rows, calls. A code means nothing without its edition. Of a place that
  /// edition does not have: the nearest above it that it has; of one nobody knows: its county.
  std::string code_of(const AreaId& area) const;
  /// Name of a division by code, in the edition in use, else in the latest that has the code.
  std::string area_name(std::string_view code) const;
};

}  // namespace tocsin::node
