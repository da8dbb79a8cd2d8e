#include "server/board/rows.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "node/office_for_tests.h"

namespace tocsin::server {
namespace {

using node::TestOffice;

std::string at(const BoardRow& row, std::string_view pointer) {
  const boost::json::value body = row.body;
  const boost::json::value& found = body.at_pointer(pointer);
  return found.is_string() ? std::string(found.as_string()) : boost::json::serialize(found);
}

TEST(rows, a_silent_station_is_told_in_its_own_words_and_not_as_the_flood_nobody_saw) {
  TestOffice office;
  alarm::Raised silent = office.raised("silent-gauge", 4);
  silent.missing = true;
  silent.family = "silence";
  ASSERT_TRUE(office.submit(node::RaiseAlarm{{"a-1"}, silent}));
  const WarningId id = office.node().alarms().state("a-1").warning;
  const auto row = warning_row(office.node(), id.text);
  ASSERT_TRUE(row);
  EXPECT_EQ(at(*row, "/hazard_name/zh"), "测站静默");
  EXPECT_EQ(at(*row, "/hazard_name/en"), "Station silence");
  EXPECT_EQ(at(*row, "/source/value"), "null");
  EXPECT_EQ(at(*row, "/description"), "huixi，到 2026-07-18 10:00:00 没有数据");
  office.alarm("a-2", 3);
  const WarningId flood = office.node().alarms().state("a-2").warning;
  EXPECT_NE(at(*warning_row(office.node(), flood.text), "/hazard_name/zh"), "测站静默");
}

TEST(rows, what_a_rule_did_was_done_by_nobody) {
  TestOffice office;
  office.alarm("a-1", 3);
  const WarningId id = office.node().alarms().state("a-1").warning;
  ASSERT_TRUE(office.submit(node::ChangeLevel{id, warning::Level::red, "上游险情"}));
  const auto row = warning_row(office.node(), id.text);
  EXPECT_EQ(at(*row, "/levels/1/by"), "县值班 吴澄");
}

TEST(rows, who_was_asked_a_second_before_the_end_was_released_and_not_silent) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  office.run(std::chrono::minutes(11));  // the holder was silent, the deputy is being asked
  ASSERT_TRUE(office.submit(node::CancelWarning{id, "水退了"}));
  const auto row = call_row(office.node(), call.text);
  ASSERT_TRUE(row);
  EXPECT_EQ(at(*row, "/state"), "closed");
  EXPECT_EQ(at(*row, "/rungs/0/state"), "silent");
  std::size_t released = 0;
  for (const auto& rung : row->body.at("rungs").as_array())
    released += rung.at("state").as_string() == "released";
  EXPECT_EQ(released, 1u);
}

}  // namespace
}  // namespace tocsin::server
