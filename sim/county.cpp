#include "sim/county.h"

namespace tocsin::sim {
namespace {

template <class Register>
node::AdoptRegister adoption(const std::string& kind, const Result<Register>& rows) {
  TOCSIN_CHECK(rows);
  const std::string bytes = rows->encode();
  node::AdoptRegister command;
  command.package = {log::sha256(bytes), kind, bytes};
  command.what.kind = kind;
  command.what.package = command.package.hash;
  return command;
}

std::vector<node::Command> make_first_day() {
  const AreaId village{"331126101201", "2022"}, hamlet{"331126102201", "2022"};
  const AreaId town{town_area, "2022"}, valley{valley_area, "2022"}, county{county_area, "2022"};
  std::vector<node::Command> out;
  out.emplace_back(adoption(
      "riskpoints",
      place::RiskPoints::make(
          {{"FXD-1", "西溪沟", "flash_flood", village, {119.1, 27.6}, 96, {"holder"}, true},
           {"FXD-2", "岙底沟", "flash_flood", hamlet, {119.2, 27.7}, 40, {"warden"}, true}})));
  out.emplace_back(adoption(
      "posts",
      person::Posts::make({{"holder", "网格责任人", "responsible", village, "p1", "p2", "head"},
                           {"head", "村主任", "village_head", village, "", "", "town"},
                           {"town", "乡值班", "township_officer", town, "p3", "", "duty"},
                           {"warden", "网格责任人", "responsible", hamlet, "p5", "", "valley"},
                           {"valley", "乡值班", "township_officer", valley, "p6", "", "duty"},
                           {"duty", "县值班", "duty_officer", county, "p4", "", ""}})));
  const auto people =
      person::Directory::make({{"p1", "周若川", "13900000107", "p1@sample.invalid", ""},
                               {"p2", "徐望", "13900000108", "", ""},
                               {"p3", "叶知行", "13900000109", "p3@sample.invalid", ""},
                               {"p4", "吴澄", "13900000110", "p4@sample.invalid", ""},
                               {"p5", "季青", "13900000111", "p5@sample.invalid", ""},
                               {"p6", "林远", "13900000112", "", ""}});
  TOCSIN_CHECK(people);
  node::AdoptPeople adopt{people->encode(), {}};
  for (const auto& [id, reach] : people->reach())
    adopt.people.push_back({{id}, reach.phone, reach.email});
  out.emplace_back(std::move(adopt));
  return out;
}

}  // namespace

const std::vector<node::Command>& first_day() {
  static const std::vector<node::Command> made = make_first_day();
  return made;
}

node::Setup setup_of(std::string name, int rank, std::string area) {
  node::Setup setup;
  setup.name = std::move(name);
  setup.rank = rank;
  setup.area = std::move(area);
  setup.sender = "庆元县防汛抗旱指挥部";
  setup.identifier_head = "33112600000000";
  setup.duty_post = "duty";
  setup.case_keep = std::chrono::hours(8);  // within one night
  return setup;
}

warning::Issued words(Level level, const std::string& risk_point, Instant now, Duration valid) {
  warning::Issued w;
  w.hazard = "11A51";
  w.level = level;
  w.areas = {risk_point == "FXD-1" ? "331126101201" : "331126102201"};
  w.riskpoints = {{risk_point}};
  w.onset = now;
  w.expires = now + valid;
  w.headline = "沟里水涨了";
  w.description = "两小时内可能来山洪";
  w.instruction = "马上叫沟两边的人去村小学";
  return w;
}

}  // namespace tocsin::sim
