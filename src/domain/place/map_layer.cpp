#include "domain/place/map_layer.h"

#include "log/rows.h"

namespace tocsin::place {
namespace {

constexpr std::string_view bad_package = "place.bad_package";
constexpr int pixels_max = 16384;

json::Array array_of(const std::vector<LonLat>& line) {
  json::Array out;
  out.reserve(line.size());
  for (const LonLat& p : line) out.push_back(json::Array{on_grid(p).lon, on_grid(p).lat});
  return out;
}

bool read_line(const json::Value* value, std::vector<LonLat>& line) {
  const auto* list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr || list->size() < 2) return false;
  for (const json::Value& item : *list) {
    const auto* pair = item.if_array();
    if (pair == nullptr || pair->size() != 2) return false;
    if (!(*pair)[0].is_number() || !(*pair)[1].is_number()) return false;
    line.push_back(on_grid({(*pair)[0].to_number<double>(), (*pair)[1].to_number<double>()}));
  }
  return true;
}

Result<Box> read_box(const json::Value* value) {
  const auto* list = value == nullptr ? nullptr : value->if_array();
  const auto bad = [] { return fail(std::string(bad_package), "bounds", "[w, s, e, n]"); };
  if (list == nullptr || list->size() != 4) return bad();
  for (const json::Value& item : *list)
    if (!item.is_number()) return bad();
  const auto at = [&](std::size_t i) { return (*list)[i].to_number<double>(); };
  const Box box{on_grid({at(0), at(1)}), on_grid({at(2), at(3)})};
  if (!to_wgs84(box.southwest, Crs::wgs84) || !to_wgs84(box.northeast, Crs::wgs84)) return bad();
  if (!(box.southwest.lon < box.northeast.lon && box.southwest.lat < box.northeast.lat))
    return bad();
  return box;
}

}  // namespace

std::string Streams::encode() const {
  json::Array rows;
  for (const Stream& stream : lines)
    rows.push_back(json::Object{{"order", stream.order}, {"line", array_of(stream.line)}});
  return json::print(json::Object{{"source", source}, {"streams", std::move(rows)}});
}

Result<Streams> Streams::decode(std::string_view bytes) {
  const auto document = json::parse(bytes, register_size_max);
  if (!document) return std::unexpected(document.error());
  json::Fields fields(*document, bad_package);
  Streams streams{.source = fields.text_or("source", ""), .lines = {}};
  if (!fields.ok()) return std::unexpected(fields.error());
  auto rows = json::read_rows<Stream>(bytes, "streams", bad_package, [](json::Fields& row) {
    Stream stream{.order = static_cast<int>(row.integer("order", 1, 20)), .line = {}};
    if (!read_line(row.any("line"), stream.line))
      row.refuse("line", "a list of [lon, lat] is wanted");
    return stream;
  });
  if (!rows) return std::unexpected(rows.error());
  streams.lines = std::move(*rows);
  return streams;
}

json::Object streams_geojson(const Streams& streams) {
  json::Array features;
  for (const Stream& stream : streams.lines)
    features.push_back(json::Object{
        {"type", "Feature"},
        {"properties", json::Object{{"order", stream.order}}},
        {"geometry",
         json::Object{{"type", "LineString"}, {"coordinates", array_of(stream.line)}}}});
  json::Object out{{"type", "FeatureCollection"}, {"features", std::move(features)}};
  if (!streams.source.empty()) out["source"] = streams.source;
  return out;
}

std::string Relief::encode() const { return json::print(relief_json(*this)); }

Result<Relief> Relief::decode(std::string_view bytes) {
  const auto document = json::parse(bytes, register_size_max);
  if (!document) return std::unexpected(document.error());
  json::Fields fields(*document, bad_package);
  Relief relief{.bounds = {},
                .width = static_cast<int>(fields.integer("width", 1, pixels_max)),
                .height = static_cast<int>(fields.integer("height", 1, pixels_max)),
                .source = fields.text_or("source", ""),
                .note_zh = {},
                .note_en = {}};
  if (!fields.ok()) return std::unexpected(fields.error());
  if (const json::Value* value = fields.any("note"); value != nullptr) {
    json::Fields note(*value, bad_package);
    relief.note_zh = note.text_or("zh", "");
    relief.note_en = note.text_or("en", "");
    if (!note.ok()) return std::unexpected(note.error());
  }
  const auto box = read_box(fields.any("bounds"));
  if (!box) return std::unexpected(box.error());
  relief.bounds = *box;
  return relief;
}

json::Object relief_json(const Relief& relief) {
  const LonLat sw = relief.bounds.southwest, ne = relief.bounds.northeast;
  return {{"bounds", json::Array{sw.lon, sw.lat, ne.lon, ne.lat}},
          {"width", relief.width},
          {"height", relief.height},
          {"source", relief.source},
          {"note", json::Object{{"zh", relief.note_zh}, {"en", relief.note_en}}}};
}

}  // namespace tocsin::place
