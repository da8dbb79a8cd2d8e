// Disks that fail between the asking and the receipt, and records that cannot be read.

#include "sim/sim.h"

namespace tocsin::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Writes a segment as another office would, of records this version may not understand.
log::Segment foreign(const std::vector<log::Draft>& drafts, Instant at) {
  const std::string log = "neighbour/1/alert";
  const log::SigningKey key = log::signing_key_from_seed(Bytes(32, 9));
  office::LogOpened opened;
  opened.suite = log::suite_ed25519;
  opened.key = to_base64url(key.pub);
  const log::Written first = office::encode(office::Event(opened));
  std::vector<log::Draft> all{
      {"log/" + log, {}, first.type, first.version, "node/neighbour", "", first.body}};
  all.insert(all.end(), drafts.begin(), drafts.end());
  log::Segment out;
  log::Hash before;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const log::Record record = log::make_record(log, i + 1, before, {at, 0}, all[i]);
    before = record.hash;
    out.records.push_back(record.bytes);
  }
  out.seal = log::make_seal(log, 1, all.size(), before, key);
  return out;
}

SIM_TEST(a_crash_before_or_after_the_sync_loses_no_receipt_and_does_nothing_twice) {
  Sim sim(seed);
  auto& county = sim.add("county");
  const WarningId flood = sim.issue(county, Level::yellow);
  const bool before = sim.luck().chance(0.5);
  county.disk().set_fate(before ? Disk::Fate::dies_before_sync : Disk::Fate::dies_after_sync);
  const Answer nothing = county.ask(node::ChangeLevel{flood, Level::red, "上游险情"});
  EXPECT_TRUE(!nothing && nothing.refused.empty());
  EXPECT_FALSE(county.up());
  county.start();
  EXPECT_EQ(county.node().warnings().state(flood.text).level == Level::red, !before);
  county.ask_again();
  county.turn();
  EXPECT_EQ(county.unanswered(), 0u);
  EXPECT_EQ(county.node().warnings().state(flood.text).levels.size(), 2u);
  EXPECT_EQ(county.node().calls_of(flood).size(), 2u);
  county.check_repeat(county.promises().back());
}

SIM_TEST(a_full_disk_refuses_out_loud_and_keeps_what_it_had) {
  Sim sim(seed);
  auto& county = sim.add("county");
  const WarningId flood = sim.issue(county, Level::yellow);
  county.disk().set_full(true);
  EXPECT_FALSE(county.ask(node::ChangeLevel{flood, Level::red, "上游险情"}));
  EXPECT_TRUE(county.node().warnings().state(flood.text).level == Level::yellow);
  sim.run(minutes(40));  // timers come due; nothing can be kept, so nobody is told
  EXPECT_TRUE(county.mailer().sent().size() <= 1);
  county.disk().set_full(false);
  county.start();
  county.ask_again();
  sim.run(minutes(1));
  EXPECT_TRUE(county.node().warnings().state(flood.text).level == Level::red);
  county.check_promises(true);
}

SIM_TEST(a_disk_that_lies_about_syncing_is_found_out_by_the_neighbours) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {});
  const WarningId flood = sim.issue(county, Level::yellow);
  sim.run_until_quiet();
  const auto synced = county.disk().contents();
  county.disk().set_lying(true);
  county.must(node::ChangeLevel{flood, Level::red, "上游险情"});
  sim.run_until_quiet();
  sim.set_back(county, synced);  // the power fails
  sim.run_until_quiet();
  EXPECT_TRUE(county.node().held());
  EXPECT_TRUE(county.node().warnings().state(flood.text).level == Level::red);
  county.must(node::Release{"已核对"});
  sim.run_until_quiet();
  sim.check_calm();
}

SIM_TEST(what_this_version_cannot_read_lies_in_the_tray_and_is_passed_on) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.link(county, town, {});
  const warning::Issued issued = words(Level::orange, "FXD-2", county.clock(), hours(6));
  log::Written good = warning::encode(warning::Event(issued));
  const auto draft = [](std::string entity, std::string type, std::string body) {
    return log::Draft{std::move(entity), {}, std::move(type), 7, "post/duty", "", std::move(body)};
  };
  const auto segment = foreign({draft("drone/d1", "drone.launched", R"({"by":"x"})"),
                                draft("warning/w-n1", good.type, good.body),
                                draft("warning/w-n1", "warning.level_changed", R"({"level":9})"),
                                draft("warning/w-n1", "warning.sung", R"({"tune":"x"})"),
                                draft("warning/w-n1", "warning.cancelled", R"({"reason":"over"})")},
                               county.clock());
  EXPECT_TRUE(county.accept(segment));
  const auto* entry = county.node().warnings().find("w-n1");
  EXPECT_TRUE(entry->state.phase == warning::Phase::cancelled);  // what came after is not blocked
  EXPECT_EQ(county.node().review().size(), 3u);
  sim.run_until_quiet();
  EXPECT_EQ(town.node().review().size(), 3u);
  EXPECT_TRUE(town.node().warnings().find("w-n1") != nullptr);
  sim.check_calm();
}

SIM_TEST(a_segment_sealed_by_a_stranger_is_not_taken) {
  Sim sim(seed);
  auto& county = sim.add("county");
  auto& town = sim.add("town");
  sim.issue(town, Level::blue);
  town.hand_out();
  auto segments = town.lacking({}, [](const log::LogId& log) { return log.lane == "alert"; });
  EXPECT_EQ(segments.size(), 1u);
  const log::Seal honest = segments[0].seal;
  const log::SigningKey other = log::signing_key_from_seed(Bytes(32, 5));
  segments[0].seal = log::make_seal(honest.log, honest.first, honest.last, honest.hash, other);
  const auto taken = county.accept(segments[0]);
  EXPECT_TRUE(!taken && taken.error().code == "sync.wrong_key");
  segments[0].seal = honest;
  EXPECT_TRUE(county.accept(segments[0]));
}

}  // namespace
}  // namespace tocsin::sim
