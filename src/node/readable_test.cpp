#include "node/readable.h"

#include <gtest/gtest.h>

#include "log/limits.h"
#include "node/office_for_tests.h"

namespace tocsin::node {
namespace {

/// A village with `count` risk points, all answered for by the holder.
void adopt_riskpoints(TestOffice& office, int count) {
  std::vector<place::RiskPoint> rows;
  for (int n = 1; n <= count; ++n)
    rows.push_back({"FXD-" + std::to_string(n),
                    "西溪沟",
                    "flash_flood",
                    {"331126101201", "2022"},
                    {119.1, 27.6},
                    1,
                    {"holder"},
                    true});
  const std::string bytes = place::RiskPoints::make(std::move(rows))->encode();
  AdoptRegister command;
  command.package = {log::sha256(bytes), "riskpoints", bytes};
  command.what.kind = "riskpoints";
  command.what.package = command.package.hash;
  ASSERT_TRUE(office.submit(std::move(command)));
}

/// The last record of each log: equal exactly when nothing was written.
std::vector<std::string> ends(TestOffice& office) {
  std::vector<std::string> out;
  for (const auto& [log, head] : office.node().have())
    out.push_back(log + " " + log::text_of(head.hash));
  return out;
}

TEST(readable, an_area_with_thousands_of_risk_points_is_warned_and_its_holder_is_asked) {
  TestOffice office;
  adopt_riskpoints(office, 3000);
  const WarningId id = office.issue(warning::Level::red);
  ASSERT_TRUE(office.node().flush());
  for (const bool restarted : {false, true}) {
    if (restarted) office.restart();
    EXPECT_EQ(office.node().warnings().state(id.text).issued.riskpoints.size(), 3000U);
    ASSERT_EQ(office.node().calls_of(id).size(), 1U);
    const CallId call = office.only_call(id);
    EXPECT_EQ(office.node().calls().state(call.text).opened.riskpoints.size(), 3000U);
    EXPECT_TRUE(office.node().review().empty());
    ASSERT_EQ(office.node().outbox().size(), 1U);
    EXPECT_EQ(office.node().outbox().front().person.text, "p1");
  }
}

TEST(readable, an_alarm_for_thousands_of_risk_points_is_kept_as_it_was_raised) {
  TestOffice office;
  alarm::Raised raised = office.raised("stage_red", 1);
  raised.riskpoints.clear();
  for (int n = 1; n <= 3000; ++n) raised.riskpoints.push_back({"FXD-" + std::to_string(n)});
  ASSERT_TRUE(office.submit(RaiseAlarm{{"a1"}, raised}));
  EXPECT_EQ(office.node().alarms().state("a1").raised.riskpoints.size(), 3000U);
  EXPECT_TRUE(office.node().review().empty());
}

TEST(readable, what_no_record_holds_is_refused_and_nothing_is_written) {
  TestOffice office;
  const auto before = ends(office);
  warning::Issued words = office.words(warning::Level::red);
  words.riskpoints.assign(19'000, {"FXD-331126101201-0001"});
  const auto done = office.submit(IssueWarning{words});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "command.too_large");
  EXPECT_FALSE(office.node().dirty());
  EXPECT_EQ(ends(office), before);
}

TEST(readable, what_its_room_does_not_read_again_is_refused_and_nothing_is_written) {
  TestOffice office;
  const auto before = ends(office);
  warning::Issued words = office.words(warning::Level::red);
  words.description = std::string(30'000, 'x');
  const auto done = office.submit(IssueWarning{words});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "command.not_readable");
  EXPECT_EQ(done.error().field, "description");
  EXPECT_FALSE(office.node().dirty());
  EXPECT_EQ(ends(office), before);
}

TEST(readable, a_body_of_the_largest_size_makes_a_record_that_is_read) {
  log::Written event{"audit.noted", 1, ""};
  const std::string longest(200, 'x');
  event.body =
      R"({"what":")" + std::string(log::record_size_max - log::header_size_max - 11, 'x') + R"("})";
  ASSERT_FALSE(refusal_to_keep("audit/notes", event));
  const log::Draft draft{
      longest,   {2, log::Position{{longest, 4'000'000'000, longest}, UINT64_MAX}},
      longest,   1,
      longest,   longest,
      event.body};
  const auto record =
      log::make_record(longest + "/4000000000/" + longest, UINT64_MAX, {}, {}, draft);
  EXPECT_LE(record.bytes.size(), log::record_size_max);
  event.body += " ";
  EXPECT_EQ(refusal_to_keep("audit/notes", event)->code, "command.too_large");
}

}  // namespace
}  // namespace tocsin::node
