// Each kind of file on its own: what is taken, and every way in which a row is refused.

#include "adapter/import/import.h"

#include <gtest/gtest.h>

#include "domain/access/access.h"
#include "domain/person/role.h"

namespace tocsin::importing {
namespace {

/// A county of two townships in one edition and, in a later one, with their codes exchanged.
class Import : public testing::Test {
 protected:
  Import() {
    divisions =
        place::Divisions::make(
            {row("331126", "2022", "庆元县", ""), row("331126001", "2022", "松源街道", "331126"),
             row("331126002", "2022", "濛洲街道", "331126"),
             row("331126001209", "2022", "会溪村", "331126001"),
             row("331126", "2025", "庆元县", ""), row("331126002", "2025", "松源街道", "331126"),
             row("331126001", "2025", "濛洲街道", "331126")})
            .value();
    standing.divisions = &divisions;
    reach = {{"p1", {.phone = true, .email = true}}, {"p2", {}}};
  }

  static place::Division row(std::string code, std::string edition, std::string name,
                             std::string parent) {
    const auto level = *level_of(code);
    return {{std::move(code), std::move(edition)}, std::move(name), level, std::move(parent)};
  }

  ImportResult read(std::string_view kind, std::string_view bytes, Request request = {}) {
    request.bytes = bytes;
    return find_kind(kind)->import(request, standing);
  }

  static std::vector<std::string> told(const std::vector<Finding>& findings) {
    std::vector<std::string> out;
    for (const Finding& f : findings)
      out.push_back(std::to_string(f.line) + " " + f.column + " " + f.code);
    return out;
  }

  using Told = std::vector<std::string>;

  place::Divisions divisions;
  person::ReachMap reach;
  Standing standing;
};

TEST_F(Import, columns_may_stand_in_any_order_and_in_chinese) {
  const auto result = read("places",
                           "样例,纬度,经度,坐标系,版本,区划代码,海拔\n"
                           "是,27.622,119.062,WGS84,2022,331126001000,350\n");
  ASSERT_TRUE(result.whole()) << result.problems[0].code;
  EXPECT_EQ(told(result.notes), Told{"1  csv.column_unknown"});
  EXPECT_EQ(result.notes[0].detail, "海拔");
  const auto places = place::Places::decode(result.package);
  ASSERT_TRUE(places);
  EXPECT_EQ(places->all()[0],
            (place::TownshipPlace{{"331126001", "2022"}, {119.062, 27.622}, true}));
}

TEST_F(Import, a_table_that_is_none_says_what_is_missing) {
  EXPECT_EQ(told(read("places", "").problems)[0], "0  csv.no_heading");
  EXPECT_EQ(told(read("places", "code,edition,lon\n").problems), Told{"1 lat csv.column_missing"});
  EXPECT_EQ(told(read("places", "code,Code,lon,lat\n").problems), Told{"1 Code csv.column_twice"});
  EXPECT_EQ(told(read("places", "code,lon,lat\n").problems), Told{"0  import.empty"});
  EXPECT_EQ(told(read("places", "code,lon,lat\n1,\"2").problems), Told{"2 2 csv.quote_open"});
  EXPECT_EQ(told(read("places",
                      "a\xFF"
                      "b")
                     .problems),
            Told{"0 byte 1 text.encoding"});
}

TEST_F(Import, every_bad_row_is_told_by_line_and_nothing_comes_in) {
  const auto result = read("places",
                           "code,edition,lon,lat,crs,sample\n"
                           "331126001,2022,119.1,27.6,WGS84,1\n"
                           "331126002,2022,119.1,27.6,,1\n"
                           "\n"
                           ",,,,,\n"
                           "3.31126E+08,2022,119.1,27.6,WGS84,\n"
                           "331126002,2022,east,27.6,WGS84,maybe\n"
                           "331126009,2022,119.1,27.6,WGS84,1\n"
                           "331126001,2022,119.1,27.6,WGS84,1\n"
                           "331126002,2022,27.6,119.1,WGS84,1\n"
                           "331126002,2022,119.1\n"
                           "331126002,2022,119.1,27.6,BD-09,1\n");
  EXPECT_EQ(told(result.problems),
            (Told{"3 crs geo.crs_missing", "6 code csv.excel_number", "7 lon csv.bad_number",
                  "7 sample csv.bad_flag", "8 code register.area_unknown", "9 code place.duplicate",
                  "10 lat geo.out_of_range", "11 3 csv.row_width", "12 crs geo.crs_unknown"}));
  EXPECT_FALSE(result.whole());
  EXPECT_EQ(result.package, "");
}

TEST_F(Import, the_stated_system_is_converted_and_told) {
  const auto result =
      read("places",
           "code,edition,lon,lat,crs\n331126001,2022,119.067053335,27.615948118,GCJ-02\n"
           "331126002,2022,119.1,27.6,CGCS2000\n");
  ASSERT_TRUE(result.whole());
  EXPECT_EQ(told(result.notes), Told{"0  geo.converted"});
  const auto places = place::Places::decode(result.package);
  EXPECT_NEAR(places->all()[0].position.lon, 119.0620, 1e-6);
  EXPECT_NEAR(places->all()[0].position.lat, 27.6190, 1e-6);
  EXPECT_EQ(places->all()[1].position, (LonLat{119.1, 27.6}));
  const auto stated = read("places", "code,edition,lon,lat\n331126001,2022,119.1,27.6\n",
                           {.bytes = {}, .crs = Crs::wgs84, .edition = {}, .under = {}});
  EXPECT_TRUE(stated.whole());
}

TEST_F(Import, a_code_of_another_edition_is_another_place) {
  const auto result = read("places", "code,edition,lon,lat,crs\n331126001,2019,119,27,WGS84\n");
  ASSERT_EQ(told(result.problems), Told{"2 code register.area_unknown"});
  EXPECT_EQ(result.problems[0].detail, "331126001@2019, known in 2022, 2025");
}

TEST_F(Import, codes_of_an_edition_that_is_not_in_use_are_told) {
  standing.people = &reach;
  const auto result = read("posts",
                           "post,title,role,area,edition,person\n"
                           "A,值班员,duty_officer,331126,2025,p1\n"
                           "B,值班员,duty_officer,331126,2022,p1\n");
  EXPECT_EQ(told(result.notes), Told{"0  division.other_edition"});
  EXPECT_EQ(result.notes[0].detail, "1 rows, in use is 2022");
}

TEST_F(Import, places_replace_only_the_editions_they_hold) {
  const auto first = read("places",
                          "code,edition,lon,lat,crs\n331126001,2022,119,27,WGS84\n"
                          "331126001,2025,119.5,27,WGS84\n");
  const auto places = place::Places::decode(first.package).value();
  EXPECT_EQ(first.changes, (Changes{.added = 2, .changed = 0, .removed = 0}));
  standing.places = &places;
  const auto second = read("places", "code,edition,lon,lat,crs\n331126002,2022,119,27,WGS84\n");
  EXPECT_EQ(second.changes, (Changes{.added = 1, .changed = 0, .removed = 1}));
  EXPECT_EQ(place::Places::decode(second.package)->all().size(), 2U);
  const auto third = read("places", "code,edition,lon,lat,crs\n331126001,2022,119,28,WGS84\n");
  EXPECT_EQ(third.changes, (Changes{.added = 0, .changed = 1, .removed = 0}));
}

TEST_F(Import, people_keep_their_numbers_out_of_every_finding) {
  const auto result = read("people",
                           "人员编号,姓名,手机号,邮箱\np1,吴澄,139 0000 0101,p1@b.cn\n"
                           "p2,沈一禾,,\np1,林见山,13900000103,\np4,顾千帆,1.39E+10,\n"
                           "p5,许望舒,phone me,\np6,江晚,13900000106,nowhere\n,x,,\n");
  EXPECT_EQ(told(result.problems),
            (Told{"4 人员编号 person.duplicate", "5 手机号 csv.excel_number",
                  "6 手机号 person.bad_phone", "7 邮箱 person.bad_email", "8 人员编号 csv.empty"}));
  for (const Finding& finding : result.problems) {
    EXPECT_EQ(finding.detail.find("139"), std::string::npos) << finding.detail;
    EXPECT_EQ(finding.detail.find("nowhere"), std::string::npos) << finding.detail;
  }
}

TEST_F(Import, people_become_a_directory_and_what_an_event_may_say) {
  const auto result = read("people",
                           "person,name,phone,email,note\np1,吴澄,139 0000 0101,,样例\n"
                           "p2,沈一禾,,p2@b.cn,\np3,林见山,,,\n");
  ASSERT_TRUE(result.whole());
  EXPECT_TRUE(result.personal());
  EXPECT_EQ(told(result.notes), Told{"0  person.unreachable"});
  const auto directory = person::Directory::decode(result.package);
  ASSERT_TRUE(directory);
  EXPECT_EQ(directory->find("p1")->phone, "13900000101");
  EXPECT_EQ(result.reach, directory->reach());
  EXPECT_EQ(json::print(to_json(result)).find("13900000101"), std::string::npos);
}

TEST_F(Import, changed_people_are_counted_where_the_directory_is_open) {
  const auto directory = person::Directory::make(
      {{"p1", "吴澄", "13900000101", "", ""}, {"p2", "沈一禾", "", "", ""}});
  standing.directory = &*directory;
  const auto file = "person,name,phone\np1,吴澄,13900000109\np3,林见山,\n";
  EXPECT_EQ(read("people", file).changes, (Changes{.added = 1, .changed = 1, .removed = 1}));
  standing.directory = nullptr;
  standing.people = &reach;
  EXPECT_EQ(read("people", file).changes, (Changes{.added = 1, .changed = 0, .removed = 1}));
}

TEST_F(Import, too_many_people_for_one_event_are_refused) {
  std::string file = "person,name,phone\n";
  for (int i = 0; i < 6000; ++i) file += "person" + std::to_string(i) + ",甲,\n";
  EXPECT_EQ(told(read("people", file).problems), Told{"0  person.too_many"});
}

constexpr std::string_view post_head = "post,title,role,area,edition,person,deputy,superior\n";

TEST_F(Import, posts_must_name_people_and_areas_that_are_there) {
  standing.people = &reach;
  const auto result = read("posts", std::string(post_head) +
                                        "A,值班员,duty_officer,331126,2022,p1,p2,B\n"
                                        "B,带班领导,带班领导,331126,2022,p9,,\n"
                                        "C,责任人,responsible,331126003,2022,,,A\n"
                                        "D,责任人,king,331126,2022,,,A\n"
                                        "E,责任人,responsible,331126,2022,p1,p9,F\n"
                                        "F,责任人,responsible,331126,2022,,,G\n"
                                        "G,责任人,responsible,331126,2022,,,F\n");
  EXPECT_EQ(told(result.problems),
            (Told{"3 person register.person_unknown", "4 area register.area_unknown",
                  "5 role post.bad_role", "6 deputy register.person_unknown",
                  "7 superior post.superior_cycle", "8 superior post.superior_cycle"}));
}

TEST_F(Import, posts_show_their_holes_before_they_are_adopted) {
  standing.people = &reach;
  const auto result = read("posts", std::string(post_head) +
                                        "A,值班员,duty_officer,331126001,2022,p1,,B\n"
                                        "B,带班领导,leader,331126002,2022,p2,,\n"
                                        "C,责任人,responsible,331126001,2022,,p1,A\n");
  ASSERT_TRUE(result.whole());
  EXPECT_EQ(told(result.notes),
            (Told{"0  post.no_holder", "0  post.superior_elsewhere", "0  post.unreachable"}));
  EXPECT_EQ(result.notes[0].detail, "C");
  EXPECT_EQ(result.notes[1].detail, "A");
  EXPECT_EQ(result.notes[2].detail, "B");
  EXPECT_EQ(person::Posts::decode(result.package)->find("B")->role, "leader");
}

TEST_F(Import, what_a_file_needs_must_be_there_first) {
  EXPECT_EQ(
      told(read("posts", std::string(post_head) + "A,x,leader,331126,2022,p1,p1x,\n").problems),
      Told{"0  register.people_not_loaded"});
  standing.divisions = nullptr;
  EXPECT_EQ(told(read("places", "code,edition,lon,lat,crs\n331126,2022,119,27,WGS84\n").problems),
            Told{"0  register.divisions_not_loaded"});
}

class ImportSites : public Import {
 protected:
  ImportSites() {
    posts =
        person::Posts::make({{"R1", "责任人", "responsible", {"331126001", "2022"}, "p1", "", ""}})
            .value();
    riskpoints = place::RiskPoints::make({{"F1",
                                           "山洪沟",
                                           "flash_flood",
                                           {"331126001", "2022"},
                                           {119.1, 27.6},
                                           12,
                                           {"R1"},
                                           false}})
                     .value();
    boundaries =
        place::Boundaries::make({{{"331126", "2025"},
                                  "庆元县",
                                  true,
                                  "",
                                  "",
                                  {{{{119, 27}, {120, 27}, {120, 28}, {119, 28}, {119, 27}}}}}})
            .value();
    standing.posts = &posts;
    standing.riskpoints = &riskpoints;
    standing.rules = &rules;
    standing.boundaries = &boundaries;
  }

  person::Posts posts;
  place::RiskPoints riskpoints;
  rulebook::Rulebook rules;
  place::Boundaries boundaries;
  std::vector<observation::Station> stations;
  std::vector<observation::Point> points;
};

constexpr std::string_view risk_head =
    "riskpoint,name,kind,area,edition,lon,lat,crs,people,responsible\n";

TEST_F(ImportSites, riskpoints_name_posts_that_are_there) {
  const auto result =
      read("riskpoints", std::string(risk_head) +
                             "F1,沟,山洪沟,331126001,2022,119.1,27.6,WGS84,12,R1\n"
                             "F2,坡,landslide,331126001,2022,119.1,27.6,WGS84,-3,R1\n"
                             "F3,坡,cliff,331126001,2022,119.1,27.6,WGS84,3,R1\n"
                             "F4,坡,landslide,331126001,2022,119.1,27.6,WGS84,3,R1；R2\n"
                             "F5,坡,landslide,331126001,2022,119.1,27.6,WGS84,many,R1\n");
  EXPECT_EQ(told(result.problems),
            (Told{"3 people csv.out_of_range", "4 kind riskpoint.bad_kind",
                  "5 responsible register.post_unknown", "6 people csv.bad_number"}));
}

TEST_F(ImportSites, risk_points_left_out_that_a_rule_names_are_told) {
  rulebook::Rule rule;
  rule.id = "stage-red";
  rule.riskpoints = {"F1", "F2"};
  rules.rules = {rule};
  const std::string rest =
      std::string(risk_head) + "F2,坡,landslide,331126001,2022,119.1,27.6,WGS84,3,R1\n";
  const auto result = read("riskpoints", rest);
  ASSERT_TRUE(result.whole()) << "a rule is changed after it";
  ASSERT_EQ(told(result.notes), Told{"0  riskpoint.still_in_rules"});
  EXPECT_EQ(result.notes[0].detail, "stage-red F1");
}

TEST_F(ImportSites, a_site_outside_its_countys_outline_is_told_not_refused) {
  const auto result =
      read("riskpoints", std::string(risk_head) +
                             "F1,沟,flash_flood,331126001,2022,119.1,27.6,WGS84,12,R1\n"
                             "F2,坡,landslide,331126001,2022,118.9,27.6,WGS84,3,\n");
  ASSERT_TRUE(result.whole());
  EXPECT_EQ(told(result.notes),
            (Told{"3 lon place.outside_boundary", "3 responsible riskpoint.nobody"}));
  EXPECT_EQ(result.notes[0].detail, "庆元县") << "the outline was drawn for another edition";
  EXPECT_EQ(result.changes, (Changes{.added = 1, .changed = 1, .removed = 0}));
}

constexpr std::string_view station_head =
    "station,name,kind,area,edition,lon,lat,crs,protocol,mn,st,interval_s,riskpoints\n";

TEST_F(ImportSites, stations_are_refused_row_by_row) {
  const auto result =
      read("stations", std::string(station_head) +
                           "a,站,rain,331126001,2022,119.1,27.6,WGS84,push,,,10,F1\n"
                           "b,站,雨量站,331126001,2022,119.1,27.6,WGS84,hj212,,32,10,F1\n"
                           "c,站,outfall,331126001,2022,119.1,27.6,WGS84,hj212,M1,32,10,F1;F9\n"
                           "d,站,outfall,331126001,2022,119.1,27.6,WGS84,hj212,M2,32,0,F1\n"
                           "e,站,outfall,331126001,2022,119.1,27.6,WGS84,hj212,M3,32,5,F1\n"
                           "f,站,outfall,331126001,2022,119.1,27.6,WGS84,hj212,M3,32,5,F1\n"
                           "g,站,outfall,331126001,2022,119.1,27.6,WGS84,hj212,5.34E+22,32,5,F1\n"
                           "h,站,outfall,331126001,2022,119.1,27.6,WGS84,telex,M4,32,5,\n");
  EXPECT_EQ(told(result.problems),
            (Told{"3 mn station.bad_mn", "4 riskpoints register.riskpoint_unknown",
                  "5 interval_s csv.out_of_range", "7 mn station.duplicate_mn",
                  "8 mn csv.excel_number", "9 protocol station.bad_protocol"}));
}

TEST_F(ImportSites, points_belong_to_stations_that_are_there) {
  const auto first = read("stations", std::string(station_head) +
                                          "a,站,rain,331126001,2022,119.1,27.6,WGS84,push,,,10,F1\n"
                                          "b,站,rain,331126001,2022,119.1,27.6,WGS84,push,,,10,\n");
  ASSERT_TRUE(first.whole());
  stations = observation::decode_stations(first.package).value();
  EXPECT_EQ(told(read("points", "point,station,code,stat,name,unit\na.r,a,r,Rtd,雨,mm\n").problems),
            Told{"0  register.stations_not_loaded"});
  standing.stations = &stations;
  const auto result = read("points",
                           "point,station,code,stat,name,unit,decimals\n"
                           "a.r,a,r,Rtd,雨,mm,1\na.q,a,r,Rtd,雨,mm,1\nc.r,c,r,Rtd,雨,mm,1\n"
                           "a.s,a,s!,Rtd,雨,mm,1\na.t,a,t,Rtd,雨,mm,x\n");
  EXPECT_EQ(told(result.problems),
            (Told{"3 code point.duplicate_code", "4 station register.station_unknown",
                  "5 code point.bad_code", "6 decimals csv.bad_number"}));
  const auto good = read("points", "point,station,code,stat,name,unit\na.r,a,r,Rtd,雨,mm\n");
  ASSERT_TRUE(good.whole());
  EXPECT_EQ(told(good.notes), Told{"0  station.no_point"});
  points = observation::decode_points(good.package).value();
  EXPECT_EQ(points[0].decimals, 2) << "where the file has no such column";
  standing.points = &points;
  const auto fewer = read("stations", std::string(station_head) +
                                          "b,站,rain,331126001,2022,119.1,27.6,WGS84,push,,,10,\n");
  EXPECT_EQ(told(fewer.notes), Told{"0  station.still_named"});
}

TEST_F(Import, hazards_are_laid_over_the_built_in_list) {
  const auto result = read("hazards", "编码,中文名称,英文名称\n11B03,强降雨,heavy rain\n");
  ASSERT_TRUE(result.whole());
  EXPECT_EQ(hazard::decode(result.package).value()[0].zh, "强降雨");
  EXPECT_EQ(told(read("hazards", "code,zh,en\n99,a,b\n11B03,,b\n").problems),
            (Told{"2 code hazard.bad_code", "3 zh csv.empty"}));
}

TEST_F(Import, the_roles_a_post_may_have_are_those_rights_are_given_to) {
  EXPECT_EQ(person::roles.size(), access::role_count);
  for (const person::Role& role : person::roles)
    EXPECT_TRUE(access::parse_role(role.name)) << role.name;
}

TEST_F(Import, every_kind_is_found_by_its_name) {
  for (const Kind& kind : kinds()) EXPECT_EQ(find_kind(kind.name), &kind);
  EXPECT_EQ(find_kind("treasure"), nullptr);
}

TEST_F(Import, an_answer_tells_how_much_it_leaves_out) {
  ImportResult result{.kind = "x"};
  for (std::size_t i = 0; i < findings_shown_max + 5; ++i) result.problem(i, "c", "x.y");
  const json::Object answer = to_json(result);
  EXPECT_EQ(answer.at("problems").as_array().size(), findings_shown_max);
  EXPECT_EQ(answer.at("problems_total").to_number<std::size_t>(), findings_shown_max + 5);
}

}  // namespace
}  // namespace tocsin::importing
