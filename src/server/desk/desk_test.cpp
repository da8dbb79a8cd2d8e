// The node's thread: receipts only for what is on disk, whatever the disk does.

#include "server/desk/desk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "adapter/http/test_server.h"
#include "log/memory_store.h"
#include "server/access/secrets.h"
#include "server/desk/accounts.h"

namespace tocsin::server {
namespace {

using namespace std::chrono_literals;

/// A disk that can refuse, and counts.
class Disk final : public log::MemoryStore {
 public:
  Result<void> commit(const log::Batch& batch) override {
    ++commits;
    if (broken) return fail("store.io", "log.db", "no");
    return MemoryStore::commit(batch);
  }
  std::atomic<bool> broken = false;
  std::atomic<int> commits = 0;
};

class DeskTest : public testing::Test {
 protected:
  Result<std::unique_ptr<node::Node>> make() {
    ++made_;
    if (cannot_load_) return fail("store.io", "log.db", "still no");
    node::Setup setup;
    setup.area = "331126";
    setup.sender = "庆元县防汛抗旱指挥部";
    setup.identifier_head = "33112600000000";
    auto node = std::make_unique<node::Node>(setup, disk_, keyring_, dice_,
                                             log::signing_key_from_seed(Bytes(32, 7)));
    if (auto loaded = node->load(clock_.now(), {}); !loaded) return std::unexpected(loaded.error());
    if (auto kept = node->flush(); !kept) return std::unexpected(kept.error());
    return node;
  }

  void start() {
    auto first = make();
    ASSERT_TRUE(first);
    desk_ = std::make_unique<Desk>(std::move(*first), [this] { return make(); }, clock_);
    desk_->keep_reserve([this] { return room_.load(); });
    desk_->on_change([this](const node::Node&, const std::set<std::string>& entities) {
      if (entities.contains("*")) ++folded_anew_;
      if (entities.contains("account/li")) li_told_ = true;
    });
    desk_->start();
  }

  Submitted ask(node::Command command, const std::string& id = "") {
    std::promise<Submitted> told;
    desk_->submit({"post/duty", id, std::move(command)},
                  [&](Submitted result) { told.set_value(std::move(result)); });
    return told.get_future().get();
  }
  template <class Look>
  auto see(Look look) {
    std::promise<std::invoke_result_t<Look, const node::Node&>> seen;
    desk_->post([&](const node::Node& node) { seen.set_value(look(node)); });
    return seen.get_future().get();
  }
  std::size_t accounts() {
    return see([](const node::Node& node) { return node.accounts().size(); });
  }
  static node::Command account(const std::string& login) {
    account::Created made;
    made.login = login;
    made.password_hash = "x";
    return node::ChangeAccount{login, made};
  }

  SystemClock clock_;
  Disk disk_;
  log::MemoryKeyring keyring_;
  SeededDice dice_{1};
  std::atomic<bool> cannot_load_ = false, room_ = true, li_told_ = false;
  std::atomic<int> made_ = 0, folded_anew_ = 0;
  std::unique_ptr<Desk> desk_;
};

TEST_F(DeskTest, AReceiptIsGivenForWhatIsOnDisk) {
  start();
  std::uint64_t on_disk = 0;
  bool others_know = false;
  std::promise<Submitted> told;
  desk_->submit({"post/duty", "c1", account("li")}, [&](Submitted result) {
    on_disk = disk_.contents().records.size();
    others_know = li_told_;
    told.set_value(std::move(result));
  });
  const Submitted done = told.get_future().get();
  ASSERT_TRUE(done.ok());
  EXPECT_GE(on_disk, done.decided->seq);
  EXPECT_TRUE(others_know) << "what follows from it has followed when the answer comes";
  EXPECT_EQ(ask(account("li"), "c1").decided->seq, done.decided->seq) << "the same receipt again";
}

TEST_F(DeskTest, CommandsThatWaitShareOneCommit) {
  start();
  std::promise<void> busy, go, end;
  std::atomic<int> left = 50;
  desk_->post([&](const node::Node&) {
    busy.set_value();
    go.get_future().wait();
  });
  busy.get_future().wait();  // what the start itself had to keep is kept
  const int before = disk_.commits;
  for (int i = 0; i < 50; ++i)
    desk_->submit({"post/duty", "", account("a" + std::to_string(i))}, [&](const Submitted& s) {
      EXPECT_TRUE(s.ok());
      if (--left == 0) end.set_value();
    });
  go.set_value();
  end.get_future().wait();
  EXPECT_EQ(disk_.commits, before + 1);
  EXPECT_EQ(accounts(), 50u);
}

TEST_F(DeskTest, WhatTheDiskRefusesIsRefusedToEverybodyAndForgotten) {
  start();
  ASSERT_TRUE(ask(account("li")).ok());
  disk_.broken = true;
  cannot_load_ = true;
  const Submitted refused = ask(account("wang"), "c2");
  ASSERT_TRUE(refused.failed);
  EXPECT_EQ(refused.failed->code, "store.io");
  EXPECT_FALSE(desk_->trouble().empty());
  EXPECT_TRUE(ask(account("zhao")).failed) << "while it cannot be folded anew nothing is decided";
  cannot_load_ = disk_.broken = false;
  ASSERT_TRUE(ask(account("wang"), "c2").ok()) << "asked again under the same id";
  EXPECT_EQ(accounts(), 2u) << "li and wang";
  EXPECT_GE(folded_anew_, 1);
  EXPECT_TRUE(desk_->trouble().empty());
}

TEST_F(DeskTest, BelowTheReserveCommandsAreRefusedOutLoudAndNothingIsFoldedAnew) {
  start();
  room_ = false;
  const int made = made_;
  const Submitted refused = ask(account("li"));
  ASSERT_TRUE(refused.failed);
  EXPECT_EQ(refused.failed->code, "store.disk_full");
  EXPECT_EQ(desk_->trouble(), "store.disk_full");
  EXPECT_EQ(accounts(), 0u);
  EXPECT_EQ(made_, made);
  room_ = true;
  EXPECT_TRUE(ask(account("li")).ok());
  EXPECT_TRUE(desk_->trouble().empty());
}

TEST_F(DeskTest, TheFirstOperatorIsMadeOnceHoweverManyAskAtOnce) {
  start();
  NodeAccounts book(*desk_);
  http::test::Loop loop;
  // Both have seen that nobody has an account, and come back from hashing their passwords.
  EXPECT_TRUE(loop.run(book.empty()));
  EXPECT_TRUE(loop.run(book.create_first_operator({"li", "x"})));
  const auto second = loop.run(book.create_first_operator({"wang", "x"}));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "access.setup_done");
  EXPECT_EQ(accounts(), 1u);
}

TEST_F(DeskTest, ARestartGoesOnWithNoSessionOpenedBeforeThePasswordWasSetOrTheAccountLocked) {
  auto node = *make();
  Instant now = clock_.now() + 1s;  // after all that is in the log
  const auto change = [&](const std::string& login, account::Event what) {
    now += 10s;
    ASSERT_TRUE(node->submit({"post/OPER", "", node::ChangeAccount{login, std::move(what)}}, now));
  };
  for (const char* login : {"same", "anew", "locked"})
    change(login, account::Created{login, "x", {}, {}, true});
  const Instant before = now + 1s;
  change("anew", account::PasswordSet{"y"});
  change("locked", account::Disabled{true});
  change("locked", account::Disabled{false});
  ASSERT_TRUE(node->flush());
  const Instant after = now + 1s;
  std::vector<KeptSession> kept;
  for (const char* login : {"same", "anew", "locked"})
    for (const auto& [when, opened] : {std::pair("before", before), std::pair("after", after)})
      kept.push_back({token_hash(std::string(login) + when), {.login = login}, opened, after});
  ManualClock clock;
  clock.set_wall(after + 1s);
  Sessions sessions(clock, dice_, {});
  go_on_with(std::move(kept), sessions, *node);
  const auto lives = [&](const std::string& token) { return sessions.find(token).has_value(); };
  EXPECT_TRUE(lives("samebefore") && lives("sameafter"));
  EXPECT_TRUE(lives("anewafter") && lives("lockedafter"));
  EXPECT_FALSE(lives("anewbefore"));
  EXPECT_FALSE(lives("lockedbefore"));
}

TEST_F(DeskTest, TheEndSealsAndKeepsAll) {
  start();
  ASSERT_TRUE(ask(account("li")).ok());
  desk_->stop();
  const auto contents = disk_.contents();
  std::uint64_t sealed = 0;
  for (const log::Seal& seal : contents.seals) sealed += seal.last - seal.first + 1;
  EXPECT_EQ(sealed, contents.records.size());
}

TEST_F(DeskTest, TimersThatMayNotFireAreNoReasonToTurn) {
  auto node = *make();
  const Instant now = clock_.now() + 1s;  // after all that is in the log
  warning::Issued w;
  w.hazard = "11A51";
  w.areas = {"331126"};
  w.onset = now;
  w.expires = now + 1h;
  w.headline = w.description = w.instruction = "转移";
  ASSERT_TRUE(node->submit({"node/rules", "c", node::IssueWarning{w}}, now));
  ASSERT_TRUE(node->flush());
  EXPECT_EQ(pause_before_turn(*node, now + 1h - 30ms), Duration(30));
  EXPECT_EQ(pause_before_turn(*node, now + 2h), Duration(0));
  EXPECT_EQ(pause_before_turn(*node, now), Duration(1000));

  log::Batch restored;
  restored.marks.push_back({"restored", "{}"});
  ASSERT_TRUE(disk_.commit(restored));
  node = *make();
  ASSERT_TRUE(node->held() && node->next_due());
  EXPECT_EQ(pause_before_turn(*node, now + 2h), Duration(1000))
      << "held: would spin until released";
}

}  // namespace
}  // namespace tocsin::server
