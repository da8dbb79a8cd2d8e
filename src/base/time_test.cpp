#include "base/time.h"

#include <gtest/gtest.h>

namespace tocsin {

TEST(time, iso_round_trip_keeps_milliseconds) {
  const auto t = parse_iso("2026-11-22T02:00:03.120Z");
  ASSERT_TRUE(t);
  EXPECT_EQ(iso_utc(*t), "2026-11-22T02:00:03.120Z");
  EXPECT_EQ(iso_beijing(*t), "2026-11-22T10:00:03+08:00");
  EXPECT_EQ(compact_beijing(*t), "20261122100003");
  EXPECT_EQ(parse_iso("2026-11-22T10:00:03.12+08:00"), t);
}

TEST(time, without_zone_or_calendar_is_refused) {
  for (const char* text :
       {"2026-11-22T02:00:03", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z",
        "2026-11-22T02:00:03.Z", "", "x", "2026-11-22T02:00:03+8:00", "2026-1--22T02:00:03Z"})
    EXPECT_FALSE(parse_iso(text)) << text;
}

TEST(time, compact_is_beijing_time) {
  EXPECT_EQ(iso_utc(*parse_compact_beijing("20160801085857")), "2016-08-01T00:58:57.000Z");
  EXPECT_EQ(iso_utc(*parse_compact_beijing("20160801085857223")), "2016-08-01T00:58:57.223Z");
  EXPECT_FALSE(parse_compact_beijing("20160801085860"));
  EXPECT_FALSE(parse_compact_beijing("2016080108585"));
}

}  // namespace tocsin
