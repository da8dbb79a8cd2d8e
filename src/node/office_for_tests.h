#pragma once
// A small office for tests: one township, two villages, a risk point with a holder, a deputy, a
// vacant post above and the township duty room above that.

#include <string>

#include "log/memory_store.h"
#include "node/node.h"

namespace tocsin::node {

class TestOffice {
 public:
  TestOffice() {
    start();
    adopt();
  }

  Node& node() { return *node_; }
  Instant now() const { return now_; }
  void set_now(Instant now) { now_ = now; }

  /// Lets time pass in steps of ten seconds.
  void run(Duration length) {
    for (const Instant end = now_ + length; now_ < end;) {
      now_ += std::chrono::seconds(10);
      node_->tick(now_);
    }
  }

  std::expected<Receipt, Refusal> submit(Command command) {
    return node_->submit({"post/duty", "cmd-" + std::to_string(++commands_), std::move(command)},
                         now_);
  }

  warning::Issued words(warning::Level level) const {
    warning::Issued w;
    w.hazard = "11A51";
    w.level = level;
    w.areas = {"331126101201"};
    w.onset = now_;
    w.expires = now_ + std::chrono::hours(6);
    w.headline = "西溪 3 小时雨量 86.5 毫米";
    w.description = "两小时内可能来山洪";
    w.instruction = "马上叫沟两边的人去村小学";
    return w;
  }

  WarningId issue(warning::Level level) {
    const auto receipt = submit(IssueWarning{words(level)});
    TOCSIN_CHECK(receipt);
    return {receipt->id};
  }

  CallId only_call(const WarningId& id) {
    TOCSIN_CHECK(node_->calls_of(id).size() == 1);
    return {*node_->calls_of(id).begin()};
  }

  alarm::Raised raised(const std::string& rule, int level) const {
    alarm::Raised r;
    r.rule = rule;
    r.family = "stage";
    r.hazard = "11A01";
    r.level = level;
    r.automatic = true;
    r.point = "huixi.stage";
    r.station = "huixi";
    r.unit = "m";
    r.value = 2.84;
    r.at = now_;
    r.name = {"水位超警戒", "stage above alert"};
    r.instruction = {"请上堤巡查", "patrol the levee"};
    r.group_window = std::chrono::minutes(30);
    r.riskpoints = {{"FXD-1"}};
    return r;
  }

  void alarm(const std::string& id, int level) {
    const auto receipt = submit(RaiseAlarm{{id}, raised(id, level)});
    TOCSIN_CHECK(receipt);
  }

  log::MemoryKeyring& keyring() { return keyring_; }

  /// kill -9: what was not flushed is gone.
  void restart() { start(); }

  auto records(const std::string& log, std::uint64_t first, std::uint64_t last) const {
    return store_.records(log, first, last);
  }

  /// The disk as it is now, and a disk put back without a word.
  const log::MemoryStore::Contents& contents() const { return store_.contents(); }
  void put_back(log::MemoryStore::Contents contents) {
    store_.set_contents(std::move(contents));
    start();
    TOCSIN_CHECK(node_->flush());
  }

  /// Goes on from a backup of what is on the disk now.
  void restore() {
    log::Batch batch;
    batch.marks.push_back({"restored", "{}"});
    TOCSIN_CHECK(store_.commit(batch));
    start();
    TOCSIN_CHECK(node_->flush());
  }

  template <class Register>
  void adopt_one(const std::string& kind, const Register& rows) {
    const std::string bytes = rows.encode();
    AdoptRegister command;
    command.package = {log::sha256(bytes), kind, bytes};
    command.what.kind = kind;
    command.what.package = command.package.hash;
    TOCSIN_CHECK(submit(std::move(command)));
  }

 private:
  void start() {
    Setup setup;
    setup.area = "331126";
    setup.sender = "庆元县防汛抗旱指挥部";
    setup.identifier_head = "33112600000000";
    setup.duty_post = "duty";
    Bytes seed(32, 7);
    node_.emplace(setup, store_, keyring_, dice_, log::signing_key_from_seed(seed));
    TOCSIN_CHECK(node_->load(now_, {}));
  }

  void adopt() {
    const AreaId village{"331126101201", "2022"};
    adopt_one(
        "riskpoints",
        *place::RiskPoints::make(
            {{"FXD-1", "西溪沟", "flash_flood", village, {119.1, 27.6}, 96, {"holder"}, true}}));
    adopt_one("posts",
              *person::Posts::make(
                  {{"holder", "网格责任人", "responsible", village, "p1", "p2", "head"},
                   {"head", "村主任", "village_head", village, "", "", "town"},
                   {"town", "乡值班", "township_officer", {"331126101", "2022"}, "p3", "", "duty"},
                   {"duty", "县值班", "duty_officer", {"331126", "2022"}, "p4", "", ""}}));
    const auto people =
        person::Directory::make({{"p1", "周若川", "13900000107", "p1@sample.invalid", ""},
                                 {"p2", "徐望", "13900000108", "", ""},
                                 {"p3", "叶知行", "13900000109", "", ""},
                                 {"p4", "吴澄", "13900000110", "", ""}});
    AdoptPeople command{people->encode(), {}};
    for (const auto& [id, reach] : people->reach())
      command.people.push_back({{id}, reach.phone, reach.email});
    TOCSIN_CHECK(submit(std::move(command)));
    TOCSIN_CHECK(node_->flush());
  }

  log::MemoryStore store_;
  log::MemoryKeyring keyring_;
  SeededDice dice_{1};
  std::optional<Node> node_;
  Instant now_ = *parse_iso("2026-07-18T02:00:00Z");
  int commands_ = 0;
};

}  // namespace tocsin::node
