// The sample county's own files, from readings to findings: within two minutes somebody new must
// see a station go over its limit, and what the storm night is made to show must be found.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "adapter/rulebook/rulebook_file.h"
#include "engine/rule/evaluator.h"
#include "log/json.h"

namespace tocsin {
namespace {

using rule::Change;
using rule::Finding;

const std::string folder = TOCSIN_SOURCE_DIR "/sample/qingyuan/";
constexpr Instant start = instant_ms(1795312800000);

std::vector<std::vector<std::string>> table(const std::string& name) {
  std::ifstream file(folder + name);
  std::vector<std::vector<std::string>> rows;
  std::string line, cell;
  std::getline(file, line);  // column names
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    rows.emplace_back();
    while (std::getline(cells, cell, ',')) rows.back().push_back(cell);
  }
  return rows;
}

/// The register as stations.csv and points.csv have it, and the points by station and wire code.
struct County {
  std::vector<rule::Point> points;
  std::map<std::string, observation::PointKey> by_code;

  County() {
    std::map<std::string, Duration> interval;
    for (const auto& s : table("stations.csv"))
      interval[s.at(0)] = std::chrono::seconds(std::stoi(s.at(11)));
    for (const auto& p : table("points.csv")) {
      const observation::PointKey key{static_cast<std::uint32_t>(points.size())};
      by_code[p.at(1) + "/" + p.at(2) + "-" + p.at(3)] = key;
      points.push_back({.key = key,
                        .id = p.at(0),
                        .station = p.at(1),
                        .interval = interval.at(p.at(1)),
                        .watched_since = start});
    }
  }
};

std::vector<Finding> storm_night(const County& county, const rulebook::Rulebook& book) {
  rule::Evaluator evaluator(book, county.points);
  EXPECT_TRUE(evaluator.unknown_points().empty());
  std::vector<Finding> found;
  const auto keep = [&](std::vector<Finding> some) {
    found.insert(found.end(), some.begin(), some.end());
  };
  std::ifstream file(folder + "replay/storm-night.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto row = json::parse(line).value();
    const auto after =
        Duration(static_cast<std::int64_t>(row.at("after_s").to_number<double>() * 1000));
    const std::string station(row.at("station").as_string());
    std::vector<observation::Reading> batch;
    for (const auto& [code, value] : row.at("values").as_object()) {
      const auto point = county.by_code.find(station + "/" + std::string(code));
      if (point == county.by_code.end() || !value.is_number()) continue;
      batch.push_back({.time = start + after,
                       .arrival = start + after,
                       .value = value.to_number<double>(),
                       .point = point->second,
                       .flag = observation::Flag::normal});
    }
    keep(evaluator.tick(start + after));
    keep(evaluator.on_readings(batch));
  }
  return found;
}

class StormNight : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::ifstream(folder + "replay/storm-night.jsonl")) GTEST_SKIP() << "no sample here";
    std::ifstream file(folder + "rules.yml");
    std::stringstream text;
    text << file.rdbuf();
    const auto read = rulebook_file::read(text.str());
    ASSERT_TRUE(read) << text_of(read.error().front());
    book = *read;
    found = storm_night(County(), book);
  }

  /// The first finding of a rule, or nullptr.
  const Finding* first(std::string_view rule, Change change = Change::opened) const {
    const auto at = std::ranges::find_if(
        found, [&](const Finding& f) { return f.episode.rule == rule && f.change == change; });
    return at == found.end() ? nullptr : &*at;
  }

  rulebook::Rulebook book;
  std::vector<Finding> found;
};

TEST_F(StormNight, WithinTwoMinutesTheRiverIsOverItsLimitAndThenRed) {
  const Finding* const orange = first("stage-huixi-orange");
  const Finding* const red = first("stage-huixi-red");
  ASSERT_TRUE(orange && red);
  EXPECT_LT(orange->episode.instant, red->episode.instant);
  EXPECT_LE(red->episode.instant, start + std::chrono::minutes(2));
  EXPECT_GE(orange->episode.instant - orange->episode.onset,
            rulebook::find(book, "stage-huixi-orange")->hold_for);
  EXPECT_FALSE(orange->episode.found_late);
}

TEST_F(StormNight, AStationFallsSilentAndIsHeardAgain) {
  const Finding* const silent = first("silent-gauge");
  const Finding* const heard = first("silent-gauge", Change::cleared);
  ASSERT_TRUE(silent && heard);
  EXPECT_EQ(silent->episode.silence, rule::Silence::no_arrival);
  EXPECT_EQ(heard->episode.id, silent->episode.id);
}

TEST_F(StormNight, EveryKindOfRuleHasItsMoment) {
  std::map<std::string_view, int> kinds;
  for (const Finding& f : found)
    if (f.change == Change::opened)
      ++kinds[kind_of(rulebook::find(book, f.episode.rule)->condition)];
  EXPECT_EQ(kinds.size(), 4u);
}

TEST_F(StormNight, ReadingsInOrderTakeNothingBackAndInTheEndAllIsOver) {
  std::map<std::string, Change> last;
  for (const Finding& f : found) {
    EXPECT_TRUE(f.change == Change::opened || f.change == Change::cleared) << f.episode.id;
    last[f.episode.id] = f.change;
  }
  for (const auto& [id, change] : last) EXPECT_EQ(change, Change::cleared) << id;
}

}  // namespace
}  // namespace tocsin
