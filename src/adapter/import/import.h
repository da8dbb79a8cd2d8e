#pragma once
// 导入. One function reads a file of any kind against what stands now. Pure: it adopts nothing; the
// caller hands `package` (or, for people, a sealed part) and one event to the node.
//
// What a file replaces: divisions, the levels it holds of the editions it holds; places, the
// editions it holds; boundaries, the divisions it holds; everything else, the whole register.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/import/result.h"
#include "base/geo.h"
#include "domain/hazard/hazard.h"
#include "domain/observation/station.h"
#include "domain/person/person.h"
#include "domain/person/post.h"
#include "domain/place/boundary.h"
#include "domain/place/division.h"
#include "domain/place/map_layer.h"
#include "domain/place/risk_point.h"
#include "domain/place/township_place.h"
#include "domain/rulebook/rulebook.h"
#include "domain/warning/issuing.h"

namespace tocsin::importing {

/// The registers as they stand; a null pointer is "not loaded". They are only looked at.
struct Standing {
  const place::Divisions* divisions = nullptr;
  const place::Boundaries* boundaries = nullptr;
  const place::Places* places = nullptr;
  const place::RiskPoints* riskpoints = nullptr;
  const place::Streams* streams = nullptr;
  const place::Relief* relief = nullptr;
  const person::ReachMap* people = nullptr;      ///< what the event says of them
  const person::Directory* directory = nullptr;  ///< where its part could be opened
  const person::Posts* posts = nullptr;
  const std::vector<observation::Station>* stations = nullptr;
  const std::vector<observation::Point>* points = nullptr;
  const std::vector<hazard::Hazard>* hazards = nullptr;
  const warning::IssuingRights* issuing = nullptr;  ///< null: the national defaults
  const rulebook::Rulebook* rules = nullptr;
};

struct Request {
  std::string_view bytes;
  std::optional<Crs> crs;  ///< of the whole file, where it does not say so itself
  std::string edition;     ///< of divisions and outlines that do not say theirs
  std::string under;       ///< a division code: rows outside it are left out, and that is told
};

struct Kind {
  std::string_view name;          ///< "divisions", "relief.dark" …: also the kind of the package
  std::string_view content_type;  ///< "text/csv", "application/geo+json", …
  ImportResult (*import)(const Request&, const Standing&);
};

/// All kinds, in the order in which an empty county is filled. Rule books are not among them.
std::span<const Kind> kinds();
/// nullptr when there is no such kind.
const Kind* find_kind(std::string_view name);

}  // namespace tocsin::importing
