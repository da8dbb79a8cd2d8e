// 待审: what stands in a log and cannot be folded changes nothing, stops nothing and is shown.

#include <gtest/gtest.h>

#include <map>

#include "log/memory_store.h"
#include "log/test_log.h"
#include "node/node.h"
#include "node/office_for_tests.h"

namespace tocsin::node {
namespace {

log::Draft draft(std::string entity, std::string type, std::string body, log::Term term = {}) {
  return {.entity = std::move(entity),
          .term = std::move(term),
          .type = std::move(type),
          .version = 1,
          .by = "node/town",
          .command = "",
          .body = std::move(body)};
}

TEST(review, shows_every_record_that_could_not_be_folded_and_folds_the_rest) {
  log::MemoryStore store;
  log::TestLog theirs("town/1/alert");
  log::Batch batch;
  batch.records.push_back(theirs.next(draft("log/town/1/alert", "log.opened", R"({"rank":2})")));
  batch.records.push_back(theirs.next(draft("warning/w1", "warning.issued", "{}")));
  batch.records.push_back(
      theirs.next(draft("warning/w1", "warning.cancelled", R"({"reason":"x"})")));
  batch.records.push_back(theirs.next(draft("warning/w1", "warning.sung", "{}")));
  batch.records.push_back(theirs.next(draft("shelter/s1", "shelter.opened", "{}")));
  batch.records.push_back(theirs.next(draft("case/x", "case.noted", "{}")));
  ASSERT_TRUE(store.commit(batch));

  log::MemoryKeyring keyring;
  SeededDice dice(1);
  node::Setup setup;
  setup.area = "331126";
  Node node(setup, store, keyring, dice, log::signing_key_from_seed(Bytes(32, 7)));
  ASSERT_TRUE(node.load(instant_ms(1'795'000'000'000), {}));

  std::map<std::string, std::string> found;
  for (const ForReview& one : node.review()) found[one.position] = one.why;
  const std::map<std::string, std::string> wanted{{"town/1/alert#1", "event.bad_body"},
                                                  {"town/1/alert#2", "event.bad_body"},
                                                  {"town/1/alert#4", "event.unknown_type"},
                                                  {"town/1/alert#5", "event.unknown_type"},
                                                  {"town/1/alert#6", "event.unknown_type"}};
  EXPECT_EQ(found, wanted);
  EXPECT_EQ(node.warnings().state("w1").phase, warning::Phase::cancelled) << "the third was folded";
  EXPECT_EQ(node.have().at("town/1/alert").seq, 6u) << "all is kept and passed on";
}

class Damaged : public testing::Test {
 protected:
  /// A byte of the risk points turns on the disk: still rows, but of another holder.
  Damaged() {
    auto disk = office.contents();
    for (auto& [hash, package] : disk.packages) {
      if (package.kind != "riskpoints") continue;
      sound = package;
      package.bytes.replace(package.bytes.find("holder"), 6, "folder");
    }
    office.put_back(std::move(disk));
  }

  TestOffice office;
  log::Package sound;
};

TEST_F(Damaged, register_is_not_used_and_a_person_is_told) {
  EXPECT_TRUE(office.node().books().riskpoints.all().empty());
  EXPECT_FALSE(office.node().books().posts.all().empty()) << "the others are used";
  const auto damaged = office.node().damaged_registers();
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_EQ(damaged[0].kind, "riskpoints");
  EXPECT_EQ(damaged[0].hash, sound.hash);
  EXPECT_EQ(damaged[0].why, "package.wrong_hash");
  const auto review = office.node().review();
  ASSERT_EQ(review.size(), 1U);
  EXPECT_EQ(review[0].position, "register/riskpoints");
  EXPECT_EQ(review[0].why, "package.wrong_hash");
}

TEST_F(Damaged, register_is_mended_by_importing_the_same_file_again) {
  AdoptRegister again;
  again.package = sound;
  again.what.kind = "riskpoints";
  again.what.package = sound.hash;
  ASSERT_TRUE(office.submit(again));
  ASSERT_TRUE(office.node().flush());
  for (const bool restarted : {false, true}) {
    if (restarted) office.restart();
    EXPECT_TRUE(office.node().damaged_registers().empty());
    EXPECT_TRUE(office.node().review().empty());
    EXPECT_EQ(office.node().books().riskpoints.all().size(), 1U);
  }
  EXPECT_EQ(office.submit(again).error().code, "register.no_change");
}

TEST_F(Damaged, register_that_is_gone_is_told_as_well) {
  auto disk = office.contents();
  std::erase_if(disk.packages, [](const auto& it) { return it.second.kind == "posts"; });
  office.put_back(std::move(disk));
  const auto damaged = office.node().damaged_registers();
  ASSERT_EQ(damaged.size(), 2U);
  EXPECT_EQ(damaged[0].kind, "posts");
  EXPECT_EQ(damaged[0].why, "package.not_here");
}

TEST(review, a_damaged_directory_is_told_and_a_directory_without_its_key_is_not) {
  TestOffice office;
  auto disk = office.contents();
  for (auto& [hash, part] : disk.parts) part.sealed.back() ^= 1;
  office.put_back(std::move(disk));
  ASSERT_EQ(office.node().damaged_registers().size(), 1U);
  EXPECT_EQ(office.node().damaged_registers()[0].kind, "people");
  EXPECT_EQ(office.node().damaged_registers()[0].why, "part.wrong_hash");
  ASSERT_TRUE(office.keyring().destroy("directory"));
  office.restart();
  EXPECT_TRUE(office.node().damaged_registers().empty());
}

}  // namespace
}  // namespace tocsin::node
