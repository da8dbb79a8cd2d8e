#include "node/books.h"

namespace tocsin::node {
namespace {

template <class Register>
Result<void> put(Register& slot, Result<Register> made) {
  if (!made) return std::unexpected(made.error());
  slot = std::move(*made);
  return {};
}

}  // namespace

Result<void> Books::take(std::string_view kind, std::string_view bytes) {
  if (kind == "divisions") {
    auto problem = put(divisions, place::Divisions::decode(bytes));
    if (problem) edition = divisions.in_use();
    return problem;
  }
  if (kind == "boundaries") return put(boundaries, place::Boundaries::decode(bytes));
  if (kind == "places") return put(places, place::Places::decode(bytes));
  if (kind == "riskpoints") return put(riskpoints, place::RiskPoints::decode(bytes));
  if (kind == "posts") return put(posts, person::Posts::decode(bytes));
  if (kind == "issuing") return put(issuing, warning::IssuingRights::decode(bytes));
  if (kind == "hazards") {
    auto problem = put(own_hazards, hazard::decode(bytes));
    if (problem) hazards = hazard::Hazards::with(own_hazards);
    return problem;
  }
  if (kind != "stations" && kind != "points") return {};
  auto problem = kind == "stations" ? put(station_rows, observation::decode_stations(bytes))
                                    : put(point_rows, observation::decode_points(bytes));
  if (!problem) return problem;
  return put(stations, observation::Stations::make(station_rows, point_rows));
}

std::string Books::person_name(std::string_view id) const {
  const person::Person* found = directory.find(id);
  return found == nullptr ? std::string(id) : found->name;
}

std::string Books::code_of(const AreaId& area) const {
  constexpr std::size_t county = 6;
  if (divisions.empty() || area.edition.empty() || area.edition == edition) return area.code;
  const auto way = divisions.path({std::string(short_area_code(area.code)), area.edition});
  for (auto step = way.rbegin(); step != way.rend(); ++step)
    if (const auto now = divisions.in_edition((*step)->id, edition)) return now->code;
  return area.code.substr(0, county);
}

std::string Books::area_name(std::string_view code) const {
  const AreaId current{std::string(short_area_code(code)), edition};
  if (divisions.find(current) != nullptr) return divisions.name_of(current);
  const auto id = divisions.latest(current.code);
  return id ? divisions.name_of(*id) : std::string(code);
}

}  // namespace tocsin::node
