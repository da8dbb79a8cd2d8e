#include "adapter/hj212/intake.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "adapter/hj212/intake_world.h"

namespace tocsin::hj212 {
namespace {

using namespace test;

TEST(Intake, TakesValuesAndAnswersUnderTheSameQn) {
  World w;
  const Taken& t = w.take(enclose(segment(usual)));
  ASSERT_FALSE(t.aside);
  ASSERT_EQ(t.readings.size(), 1u);
  EXPECT_EQ(w.registry.stations().points()[t.readings[0].point].id, "a.w01018.Rtd");
  EXPECT_EQ(t.readings[0].value, 35.5);
  EXPECT_EQ(t.readings[0].flag, observation::Flag::normal);
  EXPECT_EQ(iso_utc(t.readings[0].time), "2024-08-01T04:00:00.000Z");
  EXPECT_EQ(t.answer, enclose("QN=" + qn + ";ST=91;CN=9014;PW=123456;MN=MNA;Flag=4;CP=&&&&"));
  EXPECT_EQ(t.clock_off, Duration(-1000));
  EXPECT_TRUE(t.packet);
}

TEST(Intake, PeriodsEndWhereTheirLengthSays) {
  World w({},
          {{.station = "a", .password = {}, .key = {}, .minute_period = std::chrono::minutes(5)}});
  const auto time_of = [&](const char* cn) {
    const Taken& t = w.take(enclose(segment("DataTime=20240801100000;w01018-Avg=1", cn)));
    EXPECT_EQ(t.readings.size(), 1u);
    return iso_utc(t.readings.at(0).time);
  };
  EXPECT_EQ(time_of("2061"), "2024-08-01T03:00:00.000Z");
  EXPECT_EQ(time_of("2051"), "2024-08-01T02:05:00.000Z");
  EXPECT_EQ(time_of("2031"), "2024-08-02T02:00:00.000Z");
}

TEST(Intake, AResendIsAnsweredAgainAndTakenOnce) {
  World w;
  const std::string frame = enclose(segment(usual));
  const std::string again = enclose("RF=1;" + segment(usual));
  const std::string answer = w.take(frame).answer;
  EXPECT_EQ(w.take(frame).readings.size(), 1u) << "not durable yet: it must be taken again";
  w.keep();
  const Taken& t = w.take(again);
  EXPECT_TRUE(t.duplicate);
  EXPECT_TRUE(t.readings.empty());
  EXPECT_EQ(t.answer, answer);
  EXPECT_FALSE(w.take(enclose(segment(usual + ";w21003-Rtd=1"))).duplicate)
      << "a station whose QN stands still is no resender";
}

TEST(Intake, PartsAreAnsweredEachUnderItsOwnQn) {
  World w;
  Upload upload{.qn = qn, .mn = "MNA", .data_time = *device_time("20240801120000")};
  for (const char* code : {"w01018", "w21003"})
    upload.factors.push_back({.code = code, .values = {{Stat::rtd, "1"}}});
  const auto frames = *encode(upload, std::nullopt, 60);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(w.take(frames[0]).readings.size(), 1u);
  EXPECT_TRUE(w.taken.answer.find("QN=" + qn) != std::string::npos);
  EXPECT_EQ(w.take(frames[1]).readings.size(), 1u);
  EXPECT_TRUE(w.taken.answer.find("QN=20240801120009001") != std::string::npos);
}

struct Refused {
  const char* what;
  std::string frame;
  Aside reason;
};

TEST(Intake, SetsAsideWithoutAnAnswer) {
  std::string torn = enclose(segment(usual));
  torn[40] ^= 1;
  std::string long_by_6 = enclose(segment(usual));
  long_by_6.replace(2, 4, "0" + std::to_string(segment(usual).size() + 6));
  const std::string stranger = "QN=1;ST=32;CN=2011;PW=1;MN=NOBODY;Flag=5;CP=&&" + usual + "&&";
  std::string open = segment(usual);
  open.resize(open.size() - 2);
  std::string many = "DataTime=20240801120000";
  for (int i = 0; i < 600; ++i) many += ";a-Rtd=1";
  const std::vector<Refused> cases = {
      {"stranger", enclose(stranger), Aside::unknown_station},
      {"damaged", torn, Aside::bad_crc},
      {"foreign CRC", enclose(segment(usual), CrcVariant::modbus_hi_first), Aside::bad_crc},
      {"length", long_by_6, Aside::bad_length},
      {"open CP", enclose(open), Aside::open_cp},
      {"no CP", enclose("QN=1;ST=32;CN=2011;PW=1;MN=MNA;Flag=5;"), Aside::open_cp},
      {"no time", enclose(segment("w01018-Rtd=1")), Aside::bad_time},
      {"no such day", enclose(segment("DataTime=20240231000000;w01018-Rtd=1")), Aside::bad_time},
      {"ahead", enclose(segment("DataTime=20240802120011;w01018-Rtd=1")), Aside::time_ahead},
      {"year 2000", enclose(segment("DataTime=20000101000000;w01018-Rtd=1")), Aside::time_too_old},
      {"no point", enclose(segment("DataTime=20240801120000;w99999-Rtd=1")), Aside::no_point},
      {"no number", enclose(segment("DataTime=20240801120000;w01018-Rtd=--")), Aside::no_value},
      {"a host's", enclose(segment("SystemTime=20240801120000", "1012")), Aside::wrong_direction},
      {"cipher", enclose(segment("{0x00}")), Aside::no_key},
      {"too many values", enclose(segment(many)), Aside::bad_frame},
  };
  for (const Refused& c : cases) {
    World w;
    const Taken& t = w.take(c.frame);
    EXPECT_EQ(aside_of(t), c.reason) << c.what;
    EXPECT_TRUE(t.answer.empty() && t.send.empty() && t.readings.empty() && !t.packet) << c.what;
  }
}

TEST(Intake, AWrongPasswordIsSetAsideAndNoneIsShown) {
  World w({}, {{.station = "a", .password = "654321", .key = {}}});
  const Taken& t = w.take(enclose(segment(usual)));
  EXPECT_EQ(aside_of(t), Aside::wrong_password);
  EXPECT_EQ(t.aside->mn, "MNA");
  EXPECT_EQ(t.aside->example.find("123456"), std::string::npos);
  EXPECT_NE(t.aside->example.find("PW=***;MN=MNA"), std::string::npos);
  EXPECT_EQ(masked("NewPW=1,NewSK=2&&PW="), "NewPW=***,NewSK=***&&PW=***");
}

TEST(Intake, FlagsAreKeptAndLackingValuesAreSaid) {
  World w;
  const Taken& t = w.take(enclose(
      segment("DataTime=20240801120000;w01018-Rtd=-100,w01018-Flag=b;w21003-Rtd=,w21003-Flag=D;"
              "w01018-Avg=1,w01018-Flag=X;zz-Rtd=1")));
  ASSERT_EQ(t.readings.size(), 2u);
  EXPECT_EQ(t.readings[0].flag, observation::Flag::no_communication);
  EXPECT_EQ(t.readings[0].value, -100);
  EXPECT_EQ(t.readings[1].flag, observation::Flag::fault);
  EXPECT_TRUE(std::isnan(t.readings[1].value));
  ASSERT_EQ(t.skipped.size(), 2u);
  EXPECT_EQ(t.skipped[0].why, Aside::bad_flag);
  EXPECT_EQ(t.skipped[1].why, Aside::no_point);
  EXPECT_FALSE(t.answer.empty());
}

/// "reason: factors" of what a frame that was taken left out.
std::vector<std::string> left_out(const Taken& taken) {
  std::vector<std::string> out;
  for (const SetAside& one : taken.left_out)
    out.push_back(std::string(code_of(one.reason)) + ": " + one.factors);
  return out;
}

TEST(Intake, WhatIsLeftOutOfAFrameIsSaidWithReasonAndFactor) {
  World w;
  const Taken& t = w.take(enclose(
      segment("DataTime=20240801120000;w01018-Avg=3.3,w01018-Flag=N;w01018-Rtd=950,w01018-Flag=X;"
              "w21003-Rtd=99.9mg/"
              "L,w21003-Flag=N;w21003-rtd=1;w01018-Max=4;w00000-Rtd=1,w00000-Flag=N;zz-Cou=2")));
  ASSERT_FALSE(t.aside);
  ASSERT_EQ(t.readings.size(), 1u);
  EXPECT_EQ(t.readings[0].value, 3.3);
  EXPECT_FALSE(t.answer.empty());
  EXPECT_EQ(left_out(t), (std::vector<std::string>{
                             "hj212.no_point: w00000-Rtd, zz-Cou", "hj212.no_value: w21003-Rtd",
                             "hj212.bad_flag: w01018-Rtd", "hj212.bad_attribute: w21003-rtd"}));
  EXPECT_EQ(t.left_out[0].mn, "MNA");
  EXPECT_NE(t.left_out[0].example.find("PW=***;MN=MNA"), std::string::npos);
  w.keep();
  EXPECT_TRUE(left_out(w.take(enclose(segment(usual)))).empty());
}

TEST(Intake, OfManyFactorsLeftOutTheFirstAreNamed) {
  World w;
  std::string cp = usual;
  for (int i = 0; i < 100; ++i) cp += ";zz" + std::to_string(i) + "-Rtd=1";
  const Taken& t = w.take(enclose(segment(cp)));
  ASSERT_EQ(t.left_out.size(), 1u);
  EXPECT_TRUE(t.left_out[0].factors.starts_with("zz0-Rtd, zz1-Rtd, "));
  EXPECT_TRUE(t.left_out[0].factors.ends_with(", …"));
  EXPECT_LE(t.left_out[0].factors.size(), 256u);
}

TEST(Intake, AFactorInAnUnknownSpellingIsSetAsideByName) {
  for (const char* cp : {"w01018-rtd=947,w01018-Flag=N", "w01018_Rtd=948", "w01018=949", "011=950",
                         "w01018-Rtd2=1"}) {
    World w;
    const Taken& t = w.take(enclose(segment("DataTime=20240801120000;" + std::string(cp))));
    ASSERT_EQ(aside_of(t), Aside::bad_attribute) << cp;
    EXPECT_EQ(t.aside->factors, std::string(cp).substr(0, std::string(cp).find('='))) << cp;
    EXPECT_TRUE(t.answer.empty() && !t.packet) << cp;
  }
  for (const char* cp : {"DataTime=20240801120000", "DataTime=20240801120000;Lng=118.9;Ver=2",
                         "DataTime=20240801120000;RestartTime=20240801110000",
                         "DataTime=20240801120000;w01018-Flag=N"}) {
    World w;
    const Taken& t = w.take(enclose(segment(cp, "2081")));
    EXPECT_FALSE(t.aside) << cp;
    EXPECT_TRUE(t.left_out.empty()) << cp;
    EXPECT_FALSE(t.answer.empty()) << cp;
  }
}

TEST(Intake, ADecimalCommaIsNoNumber) {
  World w;
  const Taken& t = w.take(enclose(segment(
      "DataTime=20240801120000;w01018-Rtd=35,3,w01018-Flag=N;w21003-Rtd=1.5,w21003-Flag=N")));
  ASSERT_EQ(t.readings.size(), 1u);
  EXPECT_EQ(t.readings[0].value, 1.5);
  EXPECT_EQ(left_out(t), std::vector<std::string>{"hj212.no_value: w01018-Rtd"});
  const std::string alone = "DataTime=20240801120000;w01018-Rtd=0,93,w01018-Flag=";
  World fresh;
  EXPECT_EQ(aside_of(fresh.take(enclose(segment(alone + "N")))), Aside::no_value);
  EXPECT_EQ(fresh.taken.aside->factors, "w01018-Rtd");
  const Taken& faulty = fresh.take(enclose(segment(alone + "D")));
  ASSERT_EQ(faulty.readings.size(), 1u);
  EXPECT_TRUE(std::isnan(faulty.readings[0].value)) << "a fault is known, its number is not";
}

TEST(Intake, Codes2005FindThe2017Point) {
  World w;
  const Taken& t =
      w.take(enclose("ST=32;CN=2011;PW=1;MN=MNA;CP=&&DataTime=20240801120000;"
                     "011-Rtd=35.5,011-Flag=P&&"));
  ASSERT_EQ(t.readings.size(), 1u);
  EXPECT_EQ(t.readings[0].flag, observation::Flag::fault);
  EXPECT_TRUE(t.answer.empty()) << "no Flag: no answer asked for";
}

TEST(Intake, CipherTextIsTakenWithTheStationsKey) {
  const Sm4Key key = *parse_key("30303030303030303030303030303030");
  Upload upload{.qn = qn, .mn = "MNA", .version = Version::v2025, .data_time = now};
  upload.factors = {{.code = "w01018", .values = {{Stat::rtd, "1.5"}}}};
  const std::string frame = encode(upload, key)->front();
  World with({}, {{.station = "a", .password = {}, .key = key}});
  EXPECT_EQ(with.take(frame).readings.size(), 1u);
  EXPECT_NE(with.taken.answer.find("Flag=8;"), std::string::npos);
  World wrong({}, {{.station = "a", .password = {}, .key = Sm4Key{}}});
  EXPECT_EQ(aside_of(wrong.take(frame)), Aside::bad_cipher);
}

TEST(Intake, ARequestForTheTimeIsAnsweredAndTheClockSet) {
  World w;
  const Taken& t = w.take(enclose(segment("PolId=w01018", "1013")));
  EXPECT_EQ(t.answer, enclose("QN=" + qn + ";ST=91;CN=9013;PW=123456;MN=MNA;Flag=4;CP=&&&&"));
  ASSERT_EQ(t.send.size(), 1u);
  EXPECT_EQ(t.send[0], enclose("QN=20240801120010000;ST=32;CN=1012;PW=123456;MN=MNA;Flag=5;CP=&&"
                               "PolId=w01018;SystemTime=20240801120010&&"));
}

TEST(Intake, AHeartbeatIsAnsweredAndAReplyNever) {
  World w;
  EXPECT_NE(w.take(enclose(segment("", "9015", "9"))).answer.find("CN=9014"), std::string::npos);
  const Taken& t = w.take(enclose(segment("ExeRtn=1", "9012", "5")));
  EXPECT_TRUE(t.answer.empty()) << "A is set, but it is an answer";
  ASSERT_TRUE(t.reply);
  EXPECT_EQ(t.reply->cn, 9012);
  EXPECT_EQ(t.reply->qn, qn);
  EXPECT_EQ(t.reply->result, 1);
}

/// What came of a stream, in one text.
std::string story(std::string_view stream, std::size_t cut) {
  World w;
  std::string out;
  const auto drain = [&] {
    while (w.intake.next(w.registry, w.memory, now, w.taken)) {
      const Taken& t = w.taken;
      out += t.aside ? std::string(code_of(t.aside->reason)) : t.answer;
      out += " " + std::to_string(t.readings.size()) + (t.duplicate ? " again\n" : "\n");
      w.keep();
    }
  };
  for (; !stream.empty(); stream.remove_prefix(std::min(cut, stream.size()))) {
    w.intake.feed(stream.substr(0, cut));
    drain();
  }
  w.intake.flush();
  drain();
  return out;
}

TEST(IntakeProperty, WhatComesOfAStreamDoesNotDependOnHowItIsCut) {
  std::mt19937 dice(7);
  for (int round = 0; round < 60; ++round) {
    std::string stream;
    for (int i = 0; i < 20; ++i) {
      std::string frame =
          enclose(segment("DataTime=202408011200" + std::to_string(10 + dice() % 9) +
                          ";w01018-Rtd=" + std::to_string(dice() % 90)));
      if (dice() % 4 == 0) frame[dice() % frame.size()] ^= static_cast<char>(1 + dice() % 7);
      if (dice() % 4 == 0) frame.resize(dice() % frame.size());
      if (dice() % 4 == 0) frame += frame;
      stream += frame;
    }
    const std::string whole = story(stream, stream.size());
    for (const std::size_t cut : {1u, 13u, 64u, 500u}) ASSERT_EQ(story(stream, cut), whole);
  }
}

TEST(IntakeProperty, NoDamagedCopyOfAFrameIsTaken) {
  // The CRC has 256 values only; what slips through it must fail on length, CP, station or time,
  // or say the same as the original.
  const std::string frame = enclose(segment(usual));
  for (std::size_t at = 6; at < frame.size() - 2; ++at)
    for (int bit = 0; bit < 7; ++bit) {
      std::string damaged = frame;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      World fresh;
      fresh.intake.feed(damaged);
      fresh.intake.flush();
      while (fresh.intake.next(fresh.registry, fresh.memory, now, fresh.taken)) {
        const bool crc_case_only = at >= frame.size() - 6;  // hex digits in the other case
        EXPECT_TRUE(fresh.taken.aside || crc_case_only) << damaged;
      }
    }
}

}  // namespace
}  // namespace tocsin::hj212
