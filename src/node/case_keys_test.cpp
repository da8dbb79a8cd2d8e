#include <gtest/gtest.h>

#include <algorithm>

#include "node/ids.h"
#include "node/office_for_tests.h"

namespace tocsin::node {
namespace {

using call::AnswerKind;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

/// A warning that was answered in words and cancelled.
struct Ended {
  TestOffice office;
  WarningId warning = office.issue(warning::Level::orange);
  CallId call = office.only_call(warning);
  log::PartRef words;
  Instant over;

  Ended() {
    TOCSIN_CHECK(
        office.submit(GiveAnswer{call, 0, AnswerKind::cannot, {}, "桥断了", call::Channel::link}));
    words = *office.node().answers_to(call).front()->given.words;
    over = office.now();
    TOCSIN_CHECK(office.submit(CancelWarning{warning, "水退了"}));
    TOCSIN_CHECK(office.node().flush());
  }
  void pass(Duration length) {
    office.set_now(office.now() + length);
    office.node().tick(office.now());
  }
  std::string key_state() const { return key().error().code; }
  Result<Bytes> key() const {
    return const_cast<TestOffice&>(office).keyring().find(case_of(warning));
  }
  bool noted() { return office.node().office().destroyed.contains(case_of(warning)); }
};

TEST(case_keys, are_destroyed_when_the_time_after_the_end_is_over_and_the_log_says_so) {
  Ended e;
  e.pass(days(90) - minutes(1));
  ASSERT_EQ(e.office.node().open(e.words).value_or(""), "桥断了");
  ASSERT_FALSE(e.noted());
  (void)e.office.node().take_touched();

  e.pass(minutes(2));
  EXPECT_TRUE(e.noted());
  EXPECT_EQ(e.key_state(), "key.destroyed");
  EXPECT_EQ(e.office.node().open(e.words).error().code, "key.destroyed");
  const auto touched = e.office.node().take_touched();
  EXPECT_TRUE(touched.contains("call/" + e.call.text)) << "screens that show the words must know";
  EXPECT_TRUE(touched.contains("warning/" + e.warning.text));
  EXPECT_EQ(e.office.node().warnings().state(e.warning.text).ended_reason, "水退了");
}

TEST(case_keys, the_wait_survives_kill_9_and_nothing_is_destroyed_or_noted_twice) {
  Ended e;
  e.pass(days(40));
  e.office.restart();
  e.pass(days(50) + minutes(1));
  ASSERT_TRUE(e.noted());
  e.office.restart();  // before the record was durable: the key is gone, the record is written anew
  ASSERT_FALSE(e.noted());
  EXPECT_EQ(e.office.node().open(e.words).error().code, "key.destroyed");
  e.pass(minutes(1));
  ASSERT_TRUE(e.noted());
  ASSERT_TRUE(e.office.node().flush());
  e.office.restart();
  const auto before = e.office.node().have();
  e.pass(days(400));
  EXPECT_EQ(e.office.node().have(), before);
}

TEST(case_keys, a_warning_that_expired_late_counts_from_when_it_should_have) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::yellow);  // for six hours
  const Instant expires = office.node().warnings().state(id.text).issued.expires;
  ASSERT_TRUE(office.node().flush());
  office.set_now(expires + days(30));  // the machine was off
  office.restart();
  office.node().tick(office.now());
  ASSERT_EQ(office.node().warnings().state(id.text).phase, warning::Phase::expired);
  office.set_now(expires + days(90));
  office.node().tick(office.now());
  EXPECT_TRUE(office.node().office().destroyed.contains(case_of(id)));
}

TEST(case_keys, a_restored_backup_brings_no_words_back) {
  Ended e;
  const auto backup = e.office.contents();
  e.pass(days(91));
  ASSERT_TRUE(e.office.node().flush());
  e.office.put_back(backup);  // knows of no destruction; the keyring is apart from it
  EXPECT_EQ(e.office.node().open(e.words).error().code, "key.destroyed");
}

TEST(case_keys, an_old_keyring_brings_no_words_back_and_is_emptied_again) {
  Ended e;
  const log::MemoryKeyring old = e.office.keyring();
  const auto backup = e.office.contents();
  e.pass(days(91));
  ASSERT_TRUE(e.office.node().flush());

  e.office.keyring() = old;  // the log knows: at the next start the key goes again
  e.office.restart();
  EXPECT_EQ(e.key_state(), "key.destroyed");

  e.office.keyring() = old;  // log and keyring are both old ones, and the node is held
  e.office.put_back(backup);
  e.office.restore();
  ASSERT_TRUE(e.office.node().held());
  ASSERT_TRUE(e.key());
  e.pass(minutes(1));
  EXPECT_EQ(e.office.node().open(e.words).error().code, "key.destroyed");
  ASSERT_TRUE(e.office.submit(Release{"已核对"}));
  e.pass(minutes(1));
  EXPECT_EQ(e.key_state(), "key.destroyed");
}

/// A keyring on a disk that is full.
class StuckKeyring final : public log::Keyring {
 public:
  Result<Bytes> key_for(const log::CaseId& id, Dice& dice) override { return in.key_for(id, dice); }
  Result<Bytes> find(const log::CaseId& id) const override { return in.find(id); }
  Result<void> destroy(const log::CaseId& id) override {
    return stuck ? fail("key.not_kept", id) : in.destroy(id);
  }
  bool stuck = true;
  log::MemoryKeyring in;
};

TEST(case_keys, a_key_that_cannot_be_destroyed_is_tried_again_and_shown_to_a_person) {
  const TestOffice office;
  log::MemoryStore store;
  StuckKeyring keyring;
  SeededDice dice(1);
  node::Setup setup;
  setup.area = "331126";
  setup.sender = "庆元县防汛抗旱指挥部";
  setup.identifier_head = "33112600000000";
  Node node(setup, store, keyring, dice, log::signing_key_from_seed(Bytes(32, 7)));
  Instant now = office.now();
  ASSERT_TRUE(node.load(now, {}));
  const auto receipt =
      node.submit({"node/rules", "c", IssueWarning{office.words(warning::Level::red)}}, now);
  ASSERT_TRUE(receipt);
  now += days(91);
  node.tick(now);  // expires
  node.tick(now);  // its case's time is over
  const std::string id = case_of({receipt->id});
  EXPECT_FALSE(node.office().destroyed.contains(id)) << "a record says what has happened";
  const auto stuck = [](const ForReview& r) { return r.why == "key.not_destroyed"; };
  EXPECT_TRUE(std::ranges::any_of(node.review(), stuck));
  keyring.stuck = false;
  now += minutes(11);
  node.tick(now);
  EXPECT_TRUE(node.office().destroyed.contains(id));
  EXPECT_FALSE(std::ranges::any_of(node.review(), stuck));
}

TEST(case_keys, words_noted_at_the_phone_are_kept_sealed_and_go_with_the_case) {
  TestOffice office;
  const WarningId id = office.issue(warning::Level::orange);
  const CallId call = office.only_call(id);
  ASSERT_TRUE(office.submit(NoteAttempt{call, 0, "wrong_person", "接电话的是他嫂子"}));
  ASSERT_TRUE(office.submit(NoteAttempt{call, 0, "no_answer", ""}));
  ASSERT_TRUE(office.node().flush());
  office.restart();
  const auto& attempts = office.node().calls().state(call.text).rungs[0].attempts;
  ASSERT_EQ(attempts.size(), 2u);
  ASSERT_TRUE(attempts[0].words);
  EXPECT_FALSE(attempts[1].words);
  EXPECT_EQ(office.node().open(*attempts[0].words).value_or(""), "接电话的是他嫂子");
  for (const auto& [log, head] : office.node().have()) {
    const std::string last = std::to_string(head.seq);
    for (const std::string& record : *office.records(log, 1, head.seq))
      EXPECT_EQ(record.find("嫂子"), std::string::npos) << log << " " << last;
  }
  EXPECT_EQ(office.submit(NoteAttempt{call, 0, "busy", std::string(2001, 'x')}).error().code,
            "answer.too_long");
  ASSERT_TRUE(office.submit(CancelWarning{id, "水退了"}));
  ASSERT_TRUE(office.node().flush());
  office.set_now(office.now() + days(90));
  office.node().tick(office.now());
  EXPECT_EQ(office.node().open(*attempts[0].words).error().code, "key.destroyed");
}

}  // namespace
}  // namespace tocsin::node
