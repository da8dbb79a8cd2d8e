#pragma once
// Two stations, their points and one connection, for the tests of the intake.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapter/hj212/encode.h"
#include "adapter/hj212/intake.h"

namespace tocsin::hj212::test {

inline const Instant now = *device_time("20240801120010");
inline const std::string qn = "20240801120009000";

inline observation::Station outfall(std::string id, std::string mn) {
  return {.id = std::move(id),
          .name = "竹口排口",
          .kind = "outfall",
          .area = {"331126102205", "2022"},
          .position = {118.9, 27.7},
          .protocol = "hj212",
          .mn = std::move(mn),
          .st = "",
          .interval_s = 60,
          .riskpoints = {},
          .sample = true};
}

inline observation::Point point(std::string station, std::string code, std::string stat,
                                std::string unit = "mg/L") {
  return {station + "." + code + "." + stat, station, code, stat, "COD", std::move(unit), 2};
}

struct World {
  std::vector<std::pair<std::string, std::string>> approved;
  std::vector<StationSettings> settings;
  Registry registry;
  Memory memory;
  Intake intake;
  Taken taken;

  explicit World(std::vector<std::pair<std::string, std::string>> words = {},
                 std::vector<StationSettings> set = {})
      : approved(std::move(words)), settings(std::move(set)) {
    auto stations = observation::Stations::make(
        {outfall("a", "MNA"), outfall("b", "MNB")},
        {point("a", "w01018", "Rtd"), point("a", "w01018", "Avg"), point("a", "w21003", "Rtd"),
         point("a", "a01006", "Rtd", "kPa"), point("b", "w01018", "Rtd")});
    TOCSIN_CHECK(stations.has_value());
    registry = Registry::make(std::make_shared<const observation::Stations>(std::move(*stations)),
                              approved, settings);
  }

  /// Feeds bytes that hold one frame and says what came of it.
  const Taken& take(const std::string& bytes, Instant at = now) {
    intake.feed(bytes);
    intake.flush();
    EXPECT_TRUE(intake.next(registry, memory, at, taken)) << bytes.substr(0, 200);
    return taken;
  }
  void keep() {
    if (taken.packet) memory.remember(registry.station(*taken.station).id, *taken.packet);
  }
};

inline std::string segment(std::string_view cp, std::string_view cn = "2011",
                           std::string_view flag = "5", std::string_view qn_text = qn) {
  return "QN=" + std::string(qn_text) + ";ST=32;CN=" + std::string(cn) +
         ";PW=123456;MN=MNA;Flag=" + std::string(flag) + ";CP=&&" + std::string(cp) + "&&";
}
inline const std::string usual = "DataTime=20240801120000;w01018-Rtd=35.5,w01018-Flag=N";

inline std::optional<Aside> aside_of(const Taken& taken) {
  return taken.aside ? std::optional(taken.aside->reason) : std::nullopt;
}

}  // namespace tocsin::hj212::test
