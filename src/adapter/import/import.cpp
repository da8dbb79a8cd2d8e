#include "adapter/import/import.h"

#include <algorithm>
#include <array>

#include "adapter/import/importers.h"

namespace tocsin::importing {
namespace {

constexpr std::string_view csv = "text/csv", geojson = "application/geo+json",
                           json_type = "application/json", png = "image/png";

constexpr std::array<Kind, 14> all_kinds{{
    {"divisions", csv, import_divisions},
    {"boundaries", geojson, import_boundaries},
    {"places", csv, import_places},
    {"hazards", csv, import_hazards},
    {"people", csv, import_people},
    {"posts", csv, import_posts},
    {"riskpoints", csv, import_riskpoints},
    {"stations", csv, import_stations},
    {"points", csv, import_points},
    {"issuing", csv, import_issuing},
    {"streams", geojson, import_streams},
    {"relief", json_type, import_relief},
    {"relief.dark", png, import_relief_dark},
    {"relief.light", png, import_relief_light},
}};

}  // namespace

std::span<const Kind> kinds() { return all_kinds; }

const Kind* find_kind(std::string_view name) {
  const auto found = std::ranges::find(all_kinds, name, &Kind::name);
  return found == all_kinds.end() ? nullptr : &*found;
}

}  // namespace tocsin::importing
