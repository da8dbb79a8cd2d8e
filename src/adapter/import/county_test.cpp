// Whole counties from files alone: the sample in this repository, and, where the shared data are at
// hand, a second county nobody wrote a line of code for.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapter/import/import.h"

namespace tocsin::importing {
namespace {

std::filesystem::path shared() {
  if (const char* set = std::getenv("TOCSIN_SHARED")) return set;
  return std::filesystem::path(TOCSIN_SOURCE_DIR) / "../shared";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// Takes files in, one after the other, as the node does when it adopts a package.
struct County {
  place::Divisions divisions;
  place::Boundaries boundaries;
  place::Places places;
  place::RiskPoints riskpoints;
  place::Streams streams;
  place::Relief relief;
  person::ReachMap reach;
  person::Directory directory;
  person::Posts posts;
  std::vector<observation::Station> stations;
  std::vector<observation::Point> points;
  Standing standing;

  template <class T>
  void keep(T& slot, const T*& standing_slot, Result<T> made) {
    ASSERT_TRUE(made) << made.error().code << " " << made.error().field;
    slot = std::move(*made);
    standing_slot = &slot;
  }

  ImportResult take(std::string_view kind, const std::string& bytes, Request request = {}) {
    request.bytes = bytes;
    auto result = find_kind(kind)->import(request, standing);
    for (const Finding& f : result.problems)
      ADD_FAILURE() << kind << " line " << f.line << ", " << f.column << ": " << f.code << " "
                    << f.detail;
    if (result.whole()) adopt(kind, result);
    return result;
  }

  void adopt(std::string_view kind, const ImportResult& result) {
    const std::string& bytes = result.package;
    if (kind == "divisions") keep(divisions, standing.divisions, place::Divisions::decode(bytes));
    if (kind == "boundaries")
      keep(boundaries, standing.boundaries, place::Boundaries::decode(bytes));
    if (kind == "places") keep(places, standing.places, place::Places::decode(bytes));
    if (kind == "posts") keep(posts, standing.posts, person::Posts::decode(bytes));
    if (kind == "riskpoints")
      keep(riskpoints, standing.riskpoints, place::RiskPoints::decode(bytes));
    if (kind == "stations") keep(stations, standing.stations, observation::decode_stations(bytes));
    if (kind == "points") keep(points, standing.points, observation::decode_points(bytes));
    if (kind == "streams") keep(streams, standing.streams, place::Streams::decode(bytes));
    if (kind == "relief") keep(relief, standing.relief, place::Relief::decode(bytes));
    if (kind == "people") {
      keep(directory, standing.directory, person::Directory::decode(bytes));
      reach = result.reach;
      standing.people = &reach;
    }
  }
};

Request of_edition(std::string edition, std::string under = {}, std::optional<Crs> crs = {}) {
  return {.bytes = {}, .crs = crs, .edition = std::move(edition), .under = std::move(under)};
}

std::size_t count(const ImportResult& result, std::string_view code) {
  std::size_t n = 0;
  for (const Finding& note : result.notes) n += note.code == code ? 1 : 0;
  return n;
}

TEST(SampleCounty, comes_in_whole_from_its_files) {
  const auto folder = std::filesystem::path(TOCSIN_SOURCE_DIR) / "sample/qingyuan";
  County county;
  EXPECT_EQ(county.take("divisions", read_file(folder / "divisions.csv")).changes.added, 223U);
  EXPECT_EQ(county.take("divisions", read_file(folder / "divisions-2025.csv")).changes.removed, 0U)
      << "another edition stands beside the first";
  county.take("boundaries", read_file(folder / "outline.geojson"));
  county.take("places", read_file(folder / "places.csv"));
  const auto people = county.take("people", read_file(folder / "people.csv"));
  EXPECT_EQ(people.rows, people.reach.size());
  county.take("posts", read_file(folder / "posts.csv"));
  const auto risks = county.take("riskpoints", read_file(folder / "riskpoints.csv"));
  EXPECT_EQ(count(risks, "place.outside_boundary"), 0U);
  const auto sites = county.take("stations", read_file(folder / "stations.csv"));
  EXPECT_EQ(count(sites, "place.outside_boundary"), 0U);
  EXPECT_EQ(count(county.take("points", read_file(folder / "points.csv")), "station.no_point"), 0U);
  county.take("streams", read_file(folder / "streams.geojson"));
  county.take("relief", read_file(folder / "relief.json"));
  county.take("relief.dark", read_file(folder / "relief-dark.png"));
  county.take("relief.light", read_file(folder / "relief-light.png"));

  EXPECT_TRUE(county.boundaries.all()[0].sample) << "drawn by hand, and says so";
  EXPECT_TRUE(observation::Stations::make(county.stations, county.points)->orphans().empty());
  const auto again = county.take("stations", read_file(folder / "stations.csv"));
  EXPECT_EQ(again.changes, Changes{});
}

class SecondCounty : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared() / "data/divisions/lishui-and-neighbours-villages.csv"))
      GTEST_SKIP() << "the shared data are not at hand";
  }

  /// Made-up people and posts: one officer at the county, one at each township.
  static std::string people_of(const place::Divisions& divisions) {
    std::string out = "人员编号,姓名,手机号\nofficer,甲,13900000000\n";
    for (const auto* township : divisions.children({"330329", "2022"}))
      out += "t" + township->id.code + ",乙," + "139" + township->id.code.substr(1) + "\n";
    return out;
  }

  static std::string posts_of(const place::Divisions& divisions) {
    std::string out =
        "岗位编号,岗位名称,角色,区划代码,人员编号,上级岗位\n"
        "DUTY,县值班员,值班员,330329,officer,\n";
    for (const auto* township : divisions.children({"330329", "2022"}))
      out += "T" + township->id.code + "," + township->name + "值班员,乡镇值班员," +
             township->id.code + ",t" + township->id.code + ",DUTY\n";
    return out;
  }
};

TEST_F(SecondCounty, is_set_up_from_files_alone) {
  County taishun;
  const auto data = shared() / "data";
  const auto request = of_edition("2022", "330329");
  const auto townships = taishun.take(
      "divisions", read_file(data / "divisions/lishui-and-neighbours-townships.csv"), request);
  EXPECT_EQ(count(townships, "import.left_out"), 1U);
  EXPECT_EQ(townships.changes.added, 21U) << "20 townships and the county named beside them";
  taishun.take("divisions", read_file(data / "divisions/lishui-and-neighbours-villages.csv"),
               request);
  const auto boundaries =
      taishun.take("boundaries", read_file(data / "boundaries/lishui-and-neighbours-wgs84.geojson"),
                   of_edition("2022", "330329", Crs::wgs84));
  EXPECT_EQ(boundaries.changes.added, 1U);
  taishun.take("people", people_of(taishun.divisions));
  taishun.take("posts", posts_of(taishun.divisions), of_edition("2022"));

  EXPECT_EQ(taishun.divisions.name_of({"330329", "2022"}), "泰顺县");
  EXPECT_EQ(taishun.divisions.path_name({"330329100005", "2022"}), "泰顺县 · 罗阳镇 · 新北社区");
  EXPECT_TRUE(taishun.divisions.covers({"330329", "2022"}, {"330329100005", "2022"}));
  EXPECT_TRUE(taishun.posts.holes(taishun.reach).empty());
  EXPECT_NE(taishun.boundaries.at({119.717, 27.557}), nullptr) << "the county seat";
  EXPECT_EQ(taishun.boundaries.at({119.062, 27.619}), nullptr) << "another county's seat";
}

TEST_F(SecondCounty, a_townships_list_does_not_throw_out_its_villages) {
  County taishun;
  const auto data = shared() / "data/divisions";
  const auto request = of_edition("2022", "330329");
  const auto list = read_file(data / "lishui-and-neighbours-townships.csv");
  taishun.take("divisions", list, request);
  taishun.take("divisions", read_file(data / "lishui-and-neighbours-villages.csv"), request);
  EXPECT_EQ(taishun.take("divisions", list, request).changes, Changes{});
}

TEST_F(SecondCounty, gcj02_becomes_the_same_outline_as_the_wgs84_file) {
  County gcj, wgs;
  const auto data = shared() / "data";
  for (County* county : {&gcj, &wgs})
    county->take("divisions", "code,edition,name\n331126,2022,庆元县\n");
  const auto told =
      gcj.take("boundaries", read_file(data / "boundaries/qingyuan-county-gcj02.geojson"));
  EXPECT_EQ(count(told, "geo.converted"), 1U);
  wgs.take("boundaries", read_file(data / "boundaries/qingyuan-county-wgs84.geojson"),
           of_edition("", "", Crs::wgs84));
  const auto& a = gcj.boundaries.all().at(0).polygons.at(0).at(0);
  const auto& b = wgs.boundaries.all().at(0).polygons.at(0).at(0);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(a[i].lon, b[i].lon, 1e-6) << "vertex " << i;
    ASSERT_NEAR(a[i].lat, b[i].lat, 1e-6) << "vertex " << i;
  }
  EXPECT_NEAR(place::area_km2(gcj.boundaries.all()[0]), 1895.5, 10);
}

TEST_F(SecondCounty, an_outline_without_a_stated_system_is_refused) {
  County county;
  county.take("divisions", "code,edition,name\n331126,2022,庆元县\n");
  const auto bytes = read_file(shared() / "data/boundaries/lishui-and-neighbours-wgs84.geojson");
  Request request;
  request.bytes = bytes;
  const auto result = find_kind("boundaries")->import(request, county.standing);
  ASSERT_FALSE(result.whole());
  EXPECT_EQ(result.problems[0].code, "geo.crs_missing");
}

}  // namespace
}  // namespace tocsin::importing
