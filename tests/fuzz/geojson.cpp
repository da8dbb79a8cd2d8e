// Any bytes as GeoJSON, as a relief's frame and as a picture. A file is whole or has a problem,
// never both; and what is whole reads back, is valid, and can be simplified to any budget.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "adapter/import/import.h"
#include "base/encode.h"

namespace {

using namespace tocsin;
using namespace tocsin::importing;

const place::Divisions& divisions() {
  static const auto made =
      place::Divisions::make({{{"331126", "2022"}, "庆元县", AreaLevel::county, ""}}).value();
  return made;
}

void check_boundaries(const std::string& package) {
  const auto boundaries = place::Boundaries::decode(package);
  TOCSIN_CHECK(boundaries);
  TOCSIN_CHECK(boundaries->encode() == package);
  for (const place::Boundary& boundary : boundaries->all())
    for (const std::size_t budget : {0U, 5U, 50U}) {
      const auto coarse = place::simplified(boundary, budget);
      TOCSIN_CHECK(place::vertex_count(coarse) <= place::vertex_count(boundary));
      TOCSIN_CHECK(coarse.polygons.size() == boundary.polygons.size());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const place::Relief relief{.bounds = {{118, 27}, {120, 28}},
                             .width = 1,
                             .height = 1,
                             .source = "",
                             .note_zh = "",
                             .note_en = ""};
  Standing standing;
  standing.divisions = &divisions();
  standing.relief = &relief;
  const Request request{.bytes = as_text({data, size}), .crs = {}, .edition = {}, .under = {}};
  for (const Kind& kind : kinds()) {
    if (kind.content_type == "text/csv") continue;
    const ImportResult result = kind.import(request, standing);
    TOCSIN_CHECK(result.whole() == !result.package.empty());
    if (result.whole() && kind.name == "boundaries") check_boundaries(result.package);
    if (result.whole() && kind.name == "streams")
      TOCSIN_CHECK(place::Streams::decode(result.package));
    if (result.whole() && kind.name == "relief")
      TOCSIN_CHECK(place::Relief::decode(result.package));
  }
  return 0;
}
