#include "adapter/hj212/command.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin::hj212 {
namespace {

struct Case {
  int cn;
  const char* cp;
  Direction direction;
  int ack;  ///< what is answered when A is set; 0: nothing
};

const Case cases[] = {
    {2011, "DataTime=20240801000000;w01018-Rtd=1", Direction::up, 9014},
    {2011, "", Direction::down, 9011},
    {2012, "", Direction::down, 9013},
    {2022, "", Direction::down, 9013},
    {2051, "BeginTime=20240801000000;EndTime=20240801000000", Direction::down, 9011},
    {2051, "DataTime=20240801000000;w01018-Avg=1", Direction::up, 9014},
    {2021, "SB1-RS=1", Direction::up, 9014},
    {2071, "BeginTime=20240801000000,EndTime=20240801000000", Direction::down, 9011},
    {2072, "AlarmTime=20240801000000;101-Ala=1.1,AlarmType=1", Direction::up, 9013},
    {2081, "DataTime=20240801000000;RestartTime=20240801000000", Direction::up, 9014},
    {1011, "PolId=w01018", Direction::down, 9011},
    {1011, "SystemTime=20240801000000", Direction::up, 9014},
    {1012, "SystemTime=20240801000000", Direction::down, 9011},
    {1013, "PolId=w01018", Direction::up, 9013},
    {1014, "SKCreateTime=1,NewSK=2", Direction::down, 9011},
    {1014, "SKCreateTime=1", Direction::up, 9013},
    {1001, "WarnTime=5", Direction::down, 9011},
    {1001, "i23005-Info=1;i23006-Info=2", Direction::up, 9014},
    {1061, "", Direction::down, 9011},
    {1061, "RtdInterval=30", Direction::up, 9014},
    {1062, "RtdInterval=30", Direction::down, 9011},
    {1063, "MinInterval=10", Direction::up, 9014},
    {3016, "PolId=w01018;CstartTime=000000;CTime=2", Direction::down, 9011},
    {3017, "PolId=w01018", Direction::down, 9011},
    {3017, "PolId=w01018;CstartTime=000000;CTime=2", Direction::up, 9014},
    {3019, "PolId=w01018;w01018-SN=1", Direction::up, 9014},
    {3020, "PolId=w01018;InfoId=i11001;BeginTime=1,EndTime=2", Direction::down, 9011},
    {3020, "DataTime=20240801000000;PolId=w01018;i13004-Info=1", Direction::up, 9014},
    {3021, "PolId=w01018;InfoId=i13004;i13004-Info=1", Direction::down, 9011},
    {9015, "", Direction::up, 9014},
    {9021, "", Direction::up, 9014},
    {9011, "QnRtn=1", Direction::reply, 0},
    {9014, "", Direction::reply, 0},
};

TEST(Command, DirectionAndAnswerFollowFromCnAndContent) {
  for (const Case& c : cases) {
    const std::string segment = "QN=1;ST=32;CN=" + std::to_string(c.cn) + ";Flag=5;CP=&&&&";
    const Head head = parse_segment(segment).head;
    const Direction direction = direction_of(head, c.cp);
    EXPECT_EQ(direction, c.direction) << c.cn << " " << c.cp;
    const auto ack = acknowledgement(head, direction);
    EXPECT_EQ(ack ? ack->cn : 0, c.ack) << c.cn << " " << c.cp;
    if (ack) EXPECT_EQ(ack->by_host, direction == Direction::up) << c.cn;
  }
}

TEST(Command, NoAnswerIsDueUnlessAskedFor) {
  for (const char* head : {"CN=2011;", "CN=2011;Flag=4;", "CN=2011;Flag=x;"}) {
    const std::string segment = std::string(head) + "CP=&&&&";
    EXPECT_FALSE(acknowledgement(parse_segment(segment).head, Direction::up)) << head;
  }
}

TEST(Command, PeriodDataCarryTheStartOfTheirPeriod) {
  EXPECT_EQ(time_meaning(2011).kind, TimeKind::instant);
  EXPECT_EQ(time_meaning(2061).kind, TimeKind::period_start);
  EXPECT_EQ(time_meaning(2061).period, std::chrono::hours(1));
  EXPECT_EQ(time_meaning(2031).period, std::chrono::hours(24));
  EXPECT_EQ(time_meaning(2051).kind, TimeKind::period_start);
  EXPECT_EQ(time_meaning(2051).period, Duration(0));  // a setting of the station
}

TEST(Command, DeviceTimeIsBeijingTime) {
  EXPECT_EQ(iso_utc(*device_time("20240801080000")), "2024-08-01T00:00:00.000Z");
  EXPECT_FALSE(device_time("20240231000000"));
}

}  // namespace
}  // namespace tocsin::hj212
