#include "adapter/import/geojson.h"

#include <algorithm>

#include "adapter/import/text.h"

namespace tocsin::importing {
namespace {

constexpr std::size_t features_max = 20'000;

std::string at(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

std::string_view text_of(const json::Value* value) {
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

/// "crs": "WGS84", or the older {"type":"name","properties":{"name":"urn:…"}}.
std::string_view crs_name(const json::Object& object) {
  const json::Value* crs = object.if_contains("crs");
  if (crs == nullptr || !crs->is_object()) return text_of(crs);
  const json::Value* properties = crs->get_object().if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return {};
  return text_of(properties->get_object().if_contains("name"));
}

class Reader {
 public:
  Reader(const Request& request, Geometry wanted, ImportResult& result)
      : request_(request), wanted_(wanted), result_(result) {}

  GeoJson read() {
    const auto text = read_text(request_.bytes);
    if (!text) return refuse(text.error().field, text.error().code, text.error().detail);
    if (text->from_gb18030) result_.note("text.gb18030", "the file was GB18030 and was converted");
    const auto document = json::parse(text->utf8, file_size_max * 2);
    if (!document)
      return refuse(document.error().field, "geojson.bad_json", document.error().detail);
    const auto* root = document->if_object();
    if (root == nullptr) return refuse("", "geojson.bad_type", "an object is wanted");
    if (!list_features(*root) || !find_crs(*root)) return {};
    GeoJson out{.features = {}, .source = std::string(text_of(root->if_contains("source")))};
    for (std::size_t i = 0; i < members_.size(); ++i) out.features.push_back(feature(i));
    add_notes();
    return out;
  }

 private:
  GeoJson refuse(std::string column, std::string code, std::string detail = {}) {
    result_.problem(0, std::move(column), std::move(code), std::move(detail));
    return {};
  }

  bool list_features(const json::Object& root) {
    const std::string_view type = text_of(root.if_contains("type"));
    if (type == "Feature") {
      members_.push_back(&root);
      return true;
    }
    const json::Value* list = root.if_contains("features");
    if (type != "FeatureCollection" || list == nullptr || !list->is_array()) {
      refuse("type", "geojson.bad_type", "a FeatureCollection or a Feature is wanted");
      return false;
    }
    if (list->get_array().size() > features_max) {
      refuse("features", "geojson.too_many", std::to_string(list->get_array().size()));
      return false;
    }
    for (const json::Value& value : list->get_array()) {
      members_.push_back(value.if_object());
      if (members_.back() == nullptr)
        refuse(at("features", members_.size() - 1), "geojson.bad_type", "an object is wanted");
    }
    return result_.whole();
  }

  /// One coordinate system for the file, and nobody who says otherwise.
  bool find_crs(const json::Object& root) {
    std::optional<Crs> found = request_.crs;
    if (const auto name = crs_name(root); !name.empty() && !agree("crs", name, found, true))
      return false;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const json::Value* properties = members_[i]->if_contains("properties");
      if (properties == nullptr || !properties->is_object()) continue;
      const auto name = text_of(properties->get_object().if_contains("crs"));
      if (!name.empty() && !agree(at("features", i) + ".properties.crs", name, found, false))
        return false;
    }
    if (!found) refuse("crs", "geo.crs_missing", "WGS84, CGCS2000 or GCJ-02");
    crs_ = found.value_or(Crs::wgs84);
    return found.has_value();
  }

  /// `strict`: a name that cannot be read refuses the file; else it is only told.
  bool agree(std::string member, std::string_view name, std::optional<Crs>& found, bool strict) {
    const auto parsed = parse_crs(name);
    if (!parsed && !strict) {
      result_.note("geo.crs_unread", std::string(name.substr(0, 100)), 0, std::move(member));
      return true;
    }
    if (!parsed) {
      refuse(std::move(member), parsed.error().code, parsed.error().detail);
      return false;
    }
    if (found && (*found == Crs::gcj02) != (*parsed == Crs::gcj02)) {
      refuse(std::move(member), "geo.crs_conflict", std::string(name));
      return false;
    }
    if (!found) found = *parsed;
    return true;
  }

  Feature feature(std::size_t index) {
    Feature out{.index = index};
    const json::Object& member = *members_[index];
    if (const json::Value* p = member.if_contains("properties"); p != nullptr && p->is_object())
      out.properties = p->get_object();
    const std::string path = at("features", index) + ".geometry";
    const json::Value* geometry = member.if_contains("geometry");
    if (geometry == nullptr || !geometry->is_object()) {
      refuse(path, "geojson.geometry", "none");
      return out;
    }
    const auto type = text_of(geometry->get_object().if_contains("type"));
    const json::Value* coordinates = geometry->get_object().if_contains("coordinates");
    static const json::Value nothing;
    read_shape(type, coordinates == nullptr ? nothing : *coordinates, path, out);
    return out;
  }

  void read_shape(std::string_view type, const json::Value& coordinates, const std::string& path,
                  Feature& out) {
    const std::string inside = path + ".coordinates";
    if (wanted_ == Geometry::polygons && type == "Polygon") {
      polygon(coordinates, inside, out);
    } else if (wanted_ == Geometry::polygons && type == "MultiPolygon") {
      each(coordinates, inside, [&](const auto& v, const auto& p) { polygon(v, p, out); });
    } else if (wanted_ == Geometry::lines && type == "LineString") {
      line(coordinates, inside, out);
    } else if (wanted_ == Geometry::lines && type == "MultiLineString") {
      each(coordinates, inside, [&](const auto& v, const auto& p) { line(v, p, out); });
    } else {
      refuse(path + ".type", "geojson.geometry", std::string(type));
    }
  }

  template <class Visit>
  void each(const json::Value& list, const std::string& path, Visit visit) {
    if (!list.is_array() || list.get_array().empty()) {
      refuse(path, "geojson.geometry", "a list that is not empty is wanted");
      return;
    }
    for (std::size_t i = 0; i < list.get_array().size(); ++i)
      visit(list.get_array()[i], at(path, i));
  }

  void polygon(const json::Value& value, const std::string& path, Feature& out) {
    place::Polygon& rings = out.polygons.emplace_back();
    each(value, path, [&](const json::Value& ring, const std::string& where) {
      place::Ring positions = read_positions(ring, where);
      check_ring(positions, where, rings.empty());
      rings.push_back(std::move(positions));
    });
  }

  /// RFC 7946 turns the outer ring against the clock and holes with it; a ring that runs the other
  /// way is turned, for many programs do not care.
  void check_ring(place::Ring& ring, const std::string& where, bool outer) {
    if (flawed_) return;
    if (ring.size() < 4) return void(refuse(where, "geojson.ring_short"));
    if (ring.front() != ring.back()) return void(refuse(where, "geojson.ring_open"));
    const double area = place::signed_area(ring);
    if (area == 0) return void(refuse(where, "geojson.no_area"));
    if ((area > 0) == outer) return;
    std::ranges::reverse(ring);
    ++turned_;
  }

  void line(const json::Value& value, const std::string& path, Feature& out) {
    out.lines.push_back(read_positions(value, path));
    if (!flawed_ && out.lines.back().size() < 2) refuse(path, "geojson.line_short");
  }

  /// Stops at the first bad position; `flawed_` then keeps its list from being judged further.
  std::vector<LonLat> read_positions(const json::Value& value, const std::string& path) {
    std::vector<LonLat> positions;
    flawed_ = false;
    each(value, path, [&](const json::Value& item, const std::string& where) {
      if (flawed_) return;
      const auto* pair = item.if_array();
      flawed_ =
          pair == nullptr || pair->size() < 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number();
      if (flawed_) return void(refuse(where, "geojson.position", "[lon, lat] is wanted"));
      const auto converted =
          to_wgs84({(*pair)[0].to_number<double>(), (*pair)[1].to_number<double>()}, crs_);
      flawed_ = !converted;
      if (flawed_) return void(refuse(where, converted.error().code, converted.error().field));
      positions.push_back(on_grid(*converted));
      ++positions_;
    });
    if (positions.empty()) flawed_ = true;
    return positions;
  }

  void add_notes() {
    if (crs_ == Crs::gcj02 && positions_ > 0)
      result_.note("geo.converted",
                   std::to_string(positions_) + " positions from GCJ-02 to WGS 84");
    if (turned_ > 0) result_.note("geojson.ring_turned", std::to_string(turned_) + " rings");
  }

  const Request& request_;
  Geometry wanted_;
  ImportResult& result_;
  std::vector<const json::Object*> members_;
  Crs crs_ = Crs::wgs84;
  std::size_t positions_ = 0, turned_ = 0;
  bool flawed_ = false;
};

}  // namespace

GeoJson read_geojson(const Request& request, Geometry wanted, ImportResult& result) {
  return Reader(request, wanted, result).read();
}

std::string property_text(const Feature& feature, std::string_view name) {
  const json::Value* value = feature.properties.if_contains(name);
  if (value == nullptr) return {};
  if (value->is_int64()) return std::to_string(value->get_int64());
  return std::string(text_of(value));
}

}  // namespace tocsin::importing
