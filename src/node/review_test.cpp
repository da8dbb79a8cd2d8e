// 待审: what stands in a log and cannot be folded changes nothing, stops nothing and is shown.

#include <gtest/gtest.h>

#include <map>

#include "log/memory_store.h"
#include "log/test_log.h"
#include "node/node.h"

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

}  // namespace
}  // namespace tocsin::node
