#pragma once
// One function a kind; import.h lists them.

#include "adapter/import/import.h"

namespace tocsin::importing {

ImportResult import_divisions(const Request& request, const Standing& standing);
ImportResult import_boundaries(const Request& request, const Standing& standing);
ImportResult import_places(const Request& request, const Standing& standing);
ImportResult import_people(const Request& request, const Standing& standing);
ImportResult import_posts(const Request& request, const Standing& standing);
ImportResult import_riskpoints(const Request& request, const Standing& standing);
ImportResult import_stations(const Request& request, const Standing& standing);
ImportResult import_points(const Request& request, const Standing& standing);
ImportResult import_hazards(const Request& request, const Standing& standing);
ImportResult import_issuing(const Request& request, const Standing& standing);
ImportResult import_streams(const Request& request, const Standing& standing);
ImportResult import_relief(const Request& request, const Standing& standing);
ImportResult import_relief_dark(const Request& request, const Standing& standing);
ImportResult import_relief_light(const Request& request, const Standing& standing);

}  // namespace tocsin::importing
