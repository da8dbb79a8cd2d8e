// Any bytes as a table: parsed without harm, and read by every importer of tables. A file is whole
// or has a problem, never both; and what is whole reads back.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "adapter/import/csv.h"
#include "adapter/import/import.h"
#include "adapter/import/text.h"
#include "base/encode.h"

namespace {

using namespace tocsin;
using namespace tocsin::importing;

const place::Divisions& divisions() {
  static const auto made =
      place::Divisions::make({{{"331126", "2022"}, "庆元县", AreaLevel::county, ""},
                              {{"331126001", "2022"}, "松源街道", AreaLevel::township, "331126"}})
          .value();
  return made;
}

/// Fields written again as CSV are the same fields.
void check_round_trip(std::string_view utf8) {
  const auto records = parse_csv(utf8);
  if (!records) return;
  std::string again;
  for (const CsvRecord& record : *records) {
    for (std::size_t i = 0; i < record.fields.size(); ++i)
      again += (i == 0 ? "" : ",") + csv_field(record.fields[i]);
    again += "\r\n";
  }
  const auto twice = parse_csv(again);
  TOCSIN_CHECK(twice && twice->size() == records->size());
  for (std::size_t i = 0; i < records->size(); ++i)
    TOCSIN_CHECK((*twice)[i].fields == (*records)[i].fields);
}

void check_import(const Kind& kind, std::string_view bytes) {
  Standing standing;
  standing.divisions = &divisions();
  const Request request{.bytes = bytes, .crs = {}, .edition = {}, .under = {}};
  const ImportResult result = kind.import(request, standing);
  TOCSIN_CHECK(result.whole() == !result.package.empty());
  if (!result.whole()) return;
  if (kind.name == "divisions") TOCSIN_CHECK(place::Divisions::decode(result.package));
  if (kind.name == "places") TOCSIN_CHECK(place::Places::decode(result.package));
  if (kind.name == "people") TOCSIN_CHECK(person::Directory::decode(result.package));
  if (kind.name == "posts") TOCSIN_CHECK(person::Posts::decode(result.package));
  if (kind.name == "stations") TOCSIN_CHECK(observation::decode_stations(result.package));
  if (kind.name == "issuing") TOCSIN_CHECK(warning::IssuingRights::decode(result.package));
  if (kind.name == "hazards") TOCSIN_CHECK(hazard::decode(result.package));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = as_text({data, size});
  if (const auto text = read_text(bytes)) check_round_trip(text->utf8);
  for (const Kind& kind : kinds())
    if (kind.content_type == "text/csv") check_import(kind, bytes);
  return 0;
}
