#include "base/figure.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;

TEST(figure, a_value_is_its_number_and_unit) {
  EXPECT_EQ(figure_text(2.84, "m"), (Text{"2.84 m", "2.84 m"}));
  EXPECT_EQ(figure_text(0.1 + 0.2, "ug/m3").zh, "0.3 µg/m³") << "no digits of the machine's";
  EXPECT_EQ(figure_text(7, "").zh, "7");
}

TEST(figure, a_change_says_its_direction_its_time_and_where_it_ended) {
  EXPECT_EQ(figure_text(0.5, "m", ChangeWithin{hours(1), 2.08}),
            (Text{"1 小时涨 0.5 m，到 2.08 m", "rose 0.5 m within 1 h, to 2.08 m"}));
  EXPECT_EQ(figure_text(-2, "mg/L", ChangeWithin{minutes(90), {}}),
            (Text{"90 分钟降 2 mg/L", "fell 2 mg/L within 90 min"}));
  EXPECT_EQ(figure_text(1, "m", ChangeWithin{seconds(90), {}}).en, "rose 1 m within 90 s");
}

}  // namespace
}  // namespace tocsin
