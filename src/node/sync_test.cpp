// Two offices, without links and luck: the simulator (tests/sim) has the nights, here are the
// single rules that it taught.

#include <gtest/gtest.h>

#include "log/memory_store.h"
#include "node/node.h"
#include "node/office_for_tests.h"

namespace tocsin::node {
namespace {

bool alert(const log::LogId& log) { return log.lane == "alert"; }

/// A second office, which only listens.
class Listener {
 public:
  Listener() : node_(setup(), store_, keyring_, dice_, log::signing_key_from_seed(Bytes(32, 8))) {
    TOCSIN_CHECK(node_.load(*parse_iso("2026-07-18T02:00:00Z"), {}));
    TOCSIN_CHECK(node_.flush());
  }
  Node& node() { return node_; }

  void hear(TestOffice& office) {
    office.node().seal();
    TOCSIN_CHECK(office.node().flush());
    for (const log::Segment& segment : office.node().lacking(node_.have(), alert))
      (void)node_.accept(segment, office.now());
  }

 private:
  static Setup setup() {
    Setup out;
    out.name = "town";
    out.rank = 2;
    out.area = "331126101";
    return out;
  }
  log::MemoryStore store_;
  log::MemoryKeyring keyring_;
  SeededDice dice_{2};
  Node node_;
};

TEST(sync, a_segment_sealed_by_another_key_than_its_log_names_is_not_taken) {
  TestOffice office;
  office.issue(warning::Level::red);
  office.node().seal();
  ASSERT_TRUE(office.node().flush());
  Listener town;
  auto segments = office.node().lacking(town.node().have(), alert);
  ASSERT_EQ(segments.size(), 1u);
  const log::Seal honest = segments[0].seal;
  segments[0].seal = log::make_seal(honest.log, honest.first, honest.last, honest.hash,
                                    log::signing_key_from_seed(Bytes(32, 5)));
  EXPECT_EQ(town.node().accept(segments[0], office.now()).error().code, "sync.wrong_key");
  segments[0].seal = honest;
  EXPECT_TRUE(town.node().accept(segments[0], office.now()));
  EXPECT_EQ(town.node().warnings().size(), 1u);
}

TEST(sync, records_of_ours_that_we_lack_say_that_our_disk_is_an_older_one) {
  TestOffice office;
  Listener town;
  const WarningId id = office.issue(warning::Level::yellow);
  town.hear(office);
  const auto old = office.contents();
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::red, "上游险情"}));
  town.hear(office);
  office.put_back(old);
  EXPECT_FALSE(office.node().held());
  for (const log::Segment& segment : town.node().lacking(office.node().have(), alert))
    EXPECT_TRUE(office.node().accept(segment, office.now()));
  EXPECT_TRUE(office.node().held());
  EXPECT_GT(office.node().journal().epoch(), 1u);
  EXPECT_EQ(office.node().warnings().state(id.text).level, warning::Level::red);
}

TEST(sync, a_fork_stops_that_log_and_is_shown) {
  TestOffice office;
  Listener town;
  const WarningId id = office.issue(warning::Level::yellow);
  ASSERT_TRUE(office.node().flush());
  const auto old = office.contents();
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::red, "上游险情"}));
  town.hear(office);
  office.put_back(old);
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::blue, "水位回落"}));
  ASSERT_TRUE(office.node().flush());
  for (const log::Segment& segment : town.node().lacking({}, alert))
    EXPECT_EQ(office.node().accept(segment, office.now()).error().code, "sync.forked");
  EXPECT_TRUE(office.node().held());
  const auto tray = office.node().review();
  ASSERT_EQ(tray.size(), 1u);
  EXPECT_EQ(tray[0].why, "sync.forked");
  ASSERT_TRUE(office.submit(Release{"已核对"}));
  const WarningId later = office.issue(warning::Level::orange);
  town.hear(office);
  EXPECT_NE(town.node().warnings().find(later.text), nullptr);
}

TEST(sync, whoever_sees_a_fork_tells_the_one_who_wrote_it_however_far_that_one_is) {
  TestOffice office;
  Listener town;
  const WarningId id = office.issue(warning::Level::yellow);
  ASSERT_TRUE(office.node().flush());
  const auto old = office.contents();
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::red, "上游险情"}));
  town.hear(office);
  office.put_back(old);
  for (const auto level : {warning::Level::blue, warning::Level::orange, warning::Level::red})
    ASSERT_TRUE(office.submit(ChangeLevel{id, level, "研判"}));
  town.hear(office);  // sees it: more records than it has, and others
  EXPECT_FALSE(office.node().held());
  const auto told = town.node().lacking(office.node().have(), alert);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(office.node().accept(told.front(), office.now()).error().code, "sync.forked");
  EXPECT_TRUE(office.node().held());
}

TEST(sync, as_many_records_and_not_the_same_ones_is_noticed) {
  TestOffice office;
  Listener town;
  const WarningId id = office.issue(warning::Level::yellow);
  ASSERT_TRUE(office.node().flush());
  const auto old = office.contents();
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::red, "上游险情"}));
  town.hear(office);
  office.put_back(old);
  ASSERT_TRUE(office.submit(ChangeLevel{id, warning::Level::blue, "水位回落"}));
  ASSERT_TRUE(office.node().flush());
  const auto log = office.node().journal().own_log("alert");
  ASSERT_EQ(office.node().have().at(log).seq, town.node().have().at(log).seq);
  EXPECT_FALSE(town.node().lacking(office.node().have(), alert).empty());
}

TEST(sync, the_same_backup_restored_twice_does_not_write_in_one_epoch) {
  TestOffice office;
  const auto backup = office.contents();
  office.restore();
  const auto first = office.node().journal().epoch();
  office.put_back(backup);
  office.restore();
  EXPECT_NE(office.node().journal().epoch(), first);
  EXPECT_TRUE(office.node().held());
}

TEST(sync, a_release_of_an_earlier_restore_does_not_release_a_later_one) {
  TestOffice office;
  office.restore();
  ASSERT_TRUE(office.submit(Release{"第一次"}));
  ASSERT_TRUE(office.node().flush());
  EXPECT_FALSE(office.node().held());
  office.restore();
  EXPECT_TRUE(office.node().held());
}

TEST(sync, a_repeated_answer_gets_the_same_receipt) {
  TestOffice office;
  const CallId call = office.only_call(office.issue(warning::Level::orange));
  const Request request{
      "post/duty", "answer-1",
      GiveAnswer{call, 0, call::AnswerKind::received, {}, "", call::Channel::phone}};
  const auto first = office.node().submit(request, office.now());
  const auto again = office.node().submit(request, office.now() + std::chrono::minutes(3));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->id, call.text);
  EXPECT_EQ(again->id, first->id);
  EXPECT_EQ(again->seq, first->seq);
  EXPECT_EQ(again->at, first->at);
}

TEST(sync, a_warning_issued_by_a_clock_that_ran_ahead_expires_after_its_length) {
  TestOffice office;
  office.set_now(office.now() + std::chrono::hours(48));
  const WarningId id = office.issue(warning::Level::blue);
  office.node().tick(office.now());
  office.set_now(office.now() - std::chrono::hours(48));
  office.node().tick(office.now());
  office.run(std::chrono::hours(6) + std::chrono::minutes(1));
  EXPECT_EQ(office.node().warnings().state(id.text).phase, warning::Phase::expired);
}

}  // namespace
}  // namespace tocsin::node
