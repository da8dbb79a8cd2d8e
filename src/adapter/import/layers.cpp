// What the offline map is drawn from: streams as GeoJSON lines (property "strahler" or "order"),
// the relief's frame as JSON, and its two pictures as PNG.

#include "adapter/import/checks.h"
#include "adapter/import/geojson.h"
#include "adapter/import/importers.h"
#include "adapter/import/png.h"
#include "adapter/import/text.h"

namespace tocsin::importing {
namespace {

constexpr int order_max = 20;

int order_of(const Feature& feature, ImportResult& result) {
  for (const std::string_view name : {"strahler", "order"})
    if (const json::Value* value = feature.properties.if_contains(name);
        value != nullptr && value->is_int64() && value->get_int64() >= 1 &&
        value->get_int64() <= order_max)
      return static_cast<int>(value->get_int64());
  result.problem(0, "features[" + std::to_string(feature.index) + "].properties.strahler",
                 "stream.no_order", "a whole number from 1 to 20 is wanted");
  return 1;
}

/// The same lines in the same order are the same layer; lines have no names to compare by.
Changes changes_of(const place::Streams* before, const place::Streams& after) {
  if (before == nullptr) return {.added = after.lines.size(), .changed = 0, .removed = 0};
  if (*before == after) return {};
  return {.added = after.lines.size(), .changed = 0, .removed = before->lines.size()};
}

ImportResult import_picture(std::string kind, const Request& request, const Standing& standing) {
  ImportResult result{.kind = std::move(kind)};
  if (request.bytes.size() > file_size_max)
    result.problem(0, "", "text.too_large", std::to_string(request.bytes.size()) + " bytes");
  if (!result.whole()) return result;
  const auto header = check_png(request.bytes);
  if (!header) {
    result.problem(0, header.error().field, header.error().code, header.error().detail);
    return result;
  }
  const std::string size = std::to_string(header->width) + " x " + std::to_string(header->height);
  result.rows = 1;
  if (standing.relief == nullptr)
    result.problem(0, "", "register.relief_not_loaded", "import the relief's frame first");
  else if (standing.relief->width != header->width || standing.relief->height != header->height)
    result.problem(0, "", "relief.other_size", size);
  result.note("relief.picture", size);
  if (!result.whole()) return result;
  result.changes.changed = 1;
  result.package = std::string(request.bytes);
  return result;
}

}  // namespace

ImportResult import_streams(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "streams"};
  const GeoJson file = read_geojson(request, Geometry::lines, result);
  place::Streams streams{.source = file.source, .lines = {}};
  for (const Feature& feature : file.features) {
    const int order = order_of(feature, result);
    for (const auto& line : feature.lines) streams.lines.push_back({order, line});
  }
  result.rows = file.features.size();
  if (streams.lines.empty() && result.whole()) result.problem(0, "features", "import.empty");
  result.changes = changes_of(standing.streams, streams);
  if (result.whole()) result.package = streams.encode();
  return result;
}

ImportResult import_relief(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "relief"};
  const auto text = read_text(request.bytes);
  if (!text) {
    result.problem(0, text.error().field, text.error().code, text.error().detail);
    return result;
  }
  const auto relief = place::Relief::decode(text->utf8);
  if (!relief) {
    result.problem(0, relief.error().field, relief.error().code, relief.error().detail);
    return result;
  }
  const auto document = json::parse(text->utf8, file_size_max);
  json::Fields fields(*document, "relief.bad_frame");
  const auto crs = parse_crs(fields.text_or("crs", ""));
  if (!crs)
    result.problem(0, "crs", crs.error().code, crs.error().detail);
  else if (*crs == Crs::gcj02)
    result.problem(0, "crs", "relief.crs", "a picture cannot be moved to WGS 84 here");
  if (fields.text_or("rows", "web-mercator") != "web-mercator")
    result.problem(0, "rows", "relief.rows", "rows evenly spaced in web-Mercator are wanted");
  result.rows = 1;
  const bool same = standing.relief != nullptr && *standing.relief == *relief;
  result.changes = {.added = standing.relief == nullptr ? 1U : 0U,
                    .changed = standing.relief != nullptr && !same ? 1U : 0U,
                    .removed = 0};
  if (result.whole()) result.package = relief->encode();
  return result;
}

ImportResult import_relief_dark(const Request& request, const Standing& standing) {
  return import_picture("relief.dark", request, standing);
}

ImportResult import_relief_light(const Request& request, const Standing& standing) {
  return import_picture("relief.light", request, standing);
}

}  // namespace tocsin::importing
