#include "adapter/import/geojson.h"

#include <gtest/gtest.h>

namespace tocsin::importing {
namespace {

const std::string square = "[[119,27],[119.1,27],[119.1,27.1],[119,27.1],[119,27]]";

std::string collection(const std::string& geometry, const std::string& more = R"("crs":"WGS84",)",
                       const std::string& properties = R"({"code":"331126"})") {
  return R"({"type":"FeatureCollection",)" + more +
         R"("features":[{"type":"Feature","properties":)" + properties + R"(,"geometry":)" +
         geometry + "}]}";
}

std::string polygon(const std::string& rings) {
  return R"({"type":"Polygon","coordinates":[)" + rings + "]}";
}

struct Outcome {
  GeoJson file;
  ImportResult result;

  std::string code() const { return result.whole() ? "none" : result.problems[0].code; }
  std::string column() const { return result.whole() ? "" : result.problems[0].column; }
};

Outcome read(const std::string& text, std::optional<Crs> crs = {},
             Geometry wanted = Geometry::polygons) {
  Outcome out{{}, {.kind = "boundaries"}};
  const Request request{.bytes = text, .crs = crs, .edition = {}, .under = {}};
  out.file = read_geojson(request, wanted, out.result);
  return out;
}

TEST(GeoJson, a_polygon_is_read_with_its_properties) {
  const auto out = read(collection(polygon(square)));
  ASSERT_TRUE(out.result.whole()) << out.code() << out.column();
  ASSERT_EQ(out.file.features.size(), 1U);
  ASSERT_EQ(out.file.features[0].polygons.size(), 1U);
  EXPECT_EQ(out.file.features[0].polygons[0][0][2], (LonLat{119.1, 27.1}));
  EXPECT_EQ(property_text(out.file.features[0], "code"), "331126");
}

TEST(GeoJson, a_code_may_be_a_number_and_a_single_feature_a_file) {
  const auto out = read(R"({"type":"Feature","crs":"CGCS2000","properties":{"code":331126},)"
                        R"("geometry":{"type":"MultiPolygon","coordinates":[[)" +
                        square + "]]}}");
  ASSERT_TRUE(out.result.whole()) << out.code() << out.column();
  EXPECT_EQ(property_text(out.file.features[0], "code"), "331126");
  EXPECT_EQ(property_text(out.file.features[0], "name"), "");
}

TEST(GeoJson, without_a_stated_system_it_is_refused) {
  EXPECT_EQ(read(collection(polygon(square), "")).code(), "geo.crs_missing");
  EXPECT_EQ(read(collection(polygon(square), ""), Crs::wgs84).code(), "none");
  EXPECT_EQ(read(collection(polygon(square), R"("crs":"Beijing 54",)")).code(), "geo.crs_unknown");
}

TEST(GeoJson, the_system_may_be_stated_in_every_way_files_do_it) {
  const std::string old =
      R"("crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},)";
  EXPECT_EQ(read(collection(polygon(square), old)).code(), "none");
  const auto own = read(collection(polygon(square), "", R"({"crs":"GCJ-02"})"));
  ASSERT_EQ(own.code(), "none");
  EXPECT_EQ(own.result.notes[0].code, "geo.converted");
  EXPECT_NE(own.file.features[0].polygons[0][0][0], (LonLat{119, 27}));
}

TEST(GeoJson, two_statements_that_differ_refuse_the_file) {
  const auto out = read(collection(polygon(square), "", R"({"crs":"GCJ-02"})"), Crs::wgs84);
  EXPECT_EQ(out.code(), "geo.crs_conflict");
  EXPECT_EQ(out.column(), "features[0].properties.crs");
  EXPECT_EQ(read(collection(polygon(square)), Crs::gcj02).code(), "geo.crs_conflict");
  EXPECT_EQ(read(collection(polygon(square)), Crs::cgcs2000).code(), "none") << "centimetres";
  const auto words = read(collection(polygon(square), "", R"({"crs":"WGS84, converted"})"));
  EXPECT_EQ(words.code(), "geo.crs_missing") << "words of its own are no statement";
  EXPECT_EQ(words.result.notes[0].code, "geo.crs_unread");
}

TEST(GeoJson, every_bad_member_is_named) {
  struct Case {
    std::string text, code, column;
  };
  const std::string ring = "features[0].geometry.coordinates[0]";
  const Case cases[] = {
      {"{", "geojson.bad_json", "byte 1"},
      {"[]", "geojson.bad_type", ""},
      {R"({"type":"Topology"})", "geojson.bad_type", "type"},
      {R"({"type":"FeatureCollection","features":[3]})", "geojson.bad_type", "features[0]"},
      {collection("null"), "geojson.geometry", "features[0].geometry"},
      {collection(R"({"type":"Point","coordinates":[1,2]})"), "geojson.geometry",
       "features[0].geometry.type"},
      {collection(R"({"type":"Polygon"})"), "geojson.geometry", "features[0].geometry.coordinates"},
      {collection(polygon("[[1,2],[3,4],[1,2]]")), "geojson.ring_short", ring},
      {collection(polygon("[[1,2],[3,4],[5,7],[6,1]]")), "geojson.ring_open", ring},
      {collection(polygon("[[1,2],[3,4],[5,6],[1,2]]")), "geojson.no_area", ring},
      {collection(polygon("[[1,2],[3,\"4\"],[5,7],[1,2]]")), "geojson.position", ring + "[1]"},
      {collection(polygon("[[1,2],[3],[5,7],[1,2]]")), "geojson.position", ring + "[1]"},
      {collection(polygon("[[27.6,119.1],[3,4],[5,7],[27.6,119.1]]")), "geo.out_of_range",
       ring + "[0]"},
  };
  for (const Case& c : cases) {
    const auto out = read(c.text);
    EXPECT_EQ(out.code(), c.code) << c.text;
    EXPECT_EQ(out.column(), c.column) << c.text;
  }
}

TEST(GeoJson, rings_that_run_the_wrong_way_are_turned_and_told) {
  const std::string clockwise = "[[119,27],[119,27.1],[119.1,27.1],[119.1,27],[119,27]]";
  const std::string hole =
      "[[119.02,27.02],[119.04,27.02],[119.04,27.04],[119.02,27.04],[119.02,27.02]]";
  const auto out = read(collection(polygon(clockwise + "," + hole)));
  ASSERT_EQ(out.code(), "none");
  EXPECT_GT(place::signed_area(out.file.features[0].polygons[0][0]), 0);
  EXPECT_LT(place::signed_area(out.file.features[0].polygons[0][1]), 0);
  ASSERT_EQ(out.result.notes.size(), 1U);
  EXPECT_EQ(out.result.notes[0], (Finding{0, "", "geojson.ring_turned", "2 rings"}));
}

TEST(GeoJson, lines_are_lines_and_nothing_else) {
  const auto lines = [](const std::string& geometry) {
    return read(collection(geometry), {}, Geometry::lines);
  };
  EXPECT_EQ(lines(R"({"type":"LineString","coordinates":[[1,2],[3,4]]})")
                .file.features[0]
                .lines[0]
                .size(),
            2U);
  EXPECT_EQ(lines(R"({"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8,9]]]})")
                .file.features[0]
                .lines.size(),
            2U);
  EXPECT_EQ(lines(R"({"type":"LineString","coordinates":[[1,2]]})").code(), "geojson.line_short");
  EXPECT_EQ(lines(polygon(square)).code(), "geojson.geometry");
}

}  // namespace
}  // namespace tocsin::importing
