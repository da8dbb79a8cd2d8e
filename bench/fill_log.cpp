// Years of an office, written through the node as the server does it: alarms that become warnings,
// people called, mails handed over, phone calls, answers, cancellations, logins. The log begins as
// long ago as that takes (a million events: a year), by a clock of its own.
//   fill_log FOLDER REGISTERS EVENTS
// FOLDER holds nothing but a config.toml, REGISTERS is a folder of registers (sample/qingyuan). 64
// commands share a commit. Prints one JSON line: events and commands, microseconds a command
// (thinking, folding, its share of the commit) over the last 5,000 events.

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>
#include <vector>

#include "adapter/clock/dice.h"
#include "adapter/keyring_file/file_keyring.h"
#include "adapter/sqlite/sqlite_store.h"
#include "base/random.h"
#include "cli/house.h"
#include "server/app.h"
#include "server/desk/importing.h"

using namespace tocsin;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int commands_a_commit = 64;
constexpr std::uint64_t measured_events = 5'000;
constexpr Duration between_incidents = std::chrono::minutes(5);

bool tell(const Error& error) {
  fmt::print(stderr, "fill_log: {}\n", cli::line_of(error));
  return false;
}

class Office {
 public:
  /// Opens an empty folder, as `tocsin init` does, long enough ago for `events` to have happened.
  bool open(const std::string& folder, std::uint64_t events) {
    now_ = SystemClock().now() - std::chrono::hours(48);
    now_ -= Duration(23'200) * static_cast<std::int64_t>(events);  // ends two days ago
    const auto config = cli::read_config(folder, "", std::cerr);
    auto store = sqlite::SqliteStore::open(folder);
    auto keyring = keyring_file::FileKeyring::open(
        (std::filesystem::path(folder) / "keyring/keys.json").string(), dice_);
    if (!config) return false;
    if (!store) return tell(store.error());
    if (!keyring) return tell(keyring.error());
    store_ = std::move(*store), keyring_ = std::move(*keyring);
    node_.emplace(server::setup_of(*config), *store_, *keyring_, dice_, keyring_->signing_key());
    const auto loaded = node_->load(now_, {});
    return loaded ? flush() : tell(loaded.error());
  }
  bool furnish(const std::filesystem::path& registers) {
    for (const char* kind : {"divisions.csv", "outline.geojson", "places.csv", "people.csv",
                             "posts.csv", "riskpoints.csv", "stations.csv", "points.csv"}) {
      std::ifstream file(registers / kind, std::ios::binary);
      server::ImportAsked asked;
      asked.file = kind;
      asked.kind = asked.file.substr(0, asked.file.find('.'));
      if (asked.kind == "outline") asked.kind = "boundaries";
      asked.bytes.assign(std::istreambuf_iterator<char>(file), {});
      auto read = server::read_import(asked, *node_);
      if (!read) return tell(read.error());
      if (!read->command) return tell({"fill_log.not_imported", kind, ""});
      if (!ask("account/cli", std::move(*read->command))) return false;
    }
    for (const auto& point : node_->books().stations.points()) points_.push_back(point.id);
    return flush();
  }

  std::uint64_t events() const {
    std::uint64_t sum = 0;
    for (const node::Tail& tail : node_->journal().tails()) sum += tail.seq;
    return sum;
  }
  std::uint64_t commands() const { return commands_; }
  double days_ago() const {
    return std::chrono::duration<double, std::ratio<86400>>(SystemClock().now() - now_).count();
  }

  /// One incident from the reading to the cancellation.
  bool incident() {
    now_ += between_incidents;
    const std::uint64_t nth = events();
    const AlarmId alarm{fmt::format("bench-{}", nth)};
    if (!ask("node/rules", node::RaiseAlarm{alarm, raised(nth)})) return false;
    const WarningId warning = node_->alarms().state(alarm.text).warning;
    const std::vector<std::string> calls = node_->calls_of(warning);
    for (const std::string& call : calls)
      if (!answer({call})) return false;
    for (const char* kind : {"login", "reveal", "export"})
      if (!ask("post/DUTY-331126", note(kind))) return false;
    now_ += std::chrono::seconds(40);
    return ask("node/rules", node::ClearAlarm{alarm, {now_, 3.1}}) &&
           ask("post/DUTY-331126", node::AcknowledgeWarning{warning}) &&
           ask("post/DUTY-331126", node::CancelWarning{warning, "水位已退"});
  }
  bool flush() {
    waiting_ = 0;
    node_->seal();
    (void)node_->take_touched();
    if (const auto kept = node_->flush(); !kept) return tell(kept.error());
    return true;
  }

 private:
  alarm::Raised raised(std::uint64_t nth) {
    alarm::Raised out;
    out.rule = "bench-limit", out.family = "bench", out.hazard = "11A01";
    out.level = 1 + static_cast<int>(chance_.next() % 4);
    out.automatic = true;
    out.point = points_[nth % points_.size()];
    out.station = out.point.substr(0, out.point.find('.'));
    out.unit = "m", out.value = 3.62;
    out.onset = now_ - std::chrono::minutes(1), out.at = now_;
    out.name = {"水位超警戒", "Stage above alert level"};
    out.instruction = {"到河边看水，叫沿河住户准备转移。", "Look at the river."};
    out.group_window = std::chrono::minutes(1), out.valid = std::chrono::hours(6);
    out.riskpoints = risk_point(nth);
    out.quoted = {{now_ - std::chrono::minutes(1), 3.40, "N"}, {now_, 3.62, "N"}};
    return out;
  }
  std::vector<RiskPointId> risk_point(std::uint64_t nth) const {
    const auto& all = node_->books().riskpoints.all();
    return all.empty() ? std::vector<RiskPointId>{}
                       : std::vector{RiskPointId{all[nth % all.size()].id}};
  }
  /// Mail handed over, a phone call nobody took, and an answer.
  bool answer(const CallId& call) {
    const call::Call& asked = node_->calls().state(call.text);
    if (asked.phase != call::Phase::open || !asked.current) return true;  // nobody to ask
    const int rung = *asked.current;
    now_ += std::chrono::seconds(20);
    call::Delivered mail;
    mail.rung = rung, mail.handed_over = true;
    return ask("node/mail", node::ReportDelivery{call, mail}) &&
           ask("post/DUTY-331126", node::NoteAttempt{call, rung, "no_answer", ""}) &&
           ask("post/DUTY-331126",
               node::GiveAnswer{
                   call, rung, call::AnswerKind::received, {}, "", call::Channel::phone});
  }
  static node::Note note(const char* kind) {
    audit::Noted out;
    out.kind = kind, out.login = "duty", out.post = "DUTY-331126", out.source = "10.0.0.7";
    return {out};
  }
  bool ask(const char* by, node::Command command) {
    now_ += Duration(300);
    node_->tick(now_);
    // Numbered ids, so that the receipts are remembered as the server's are; a command writes an
    // event at least, so that none comes twice.
    const std::string id = fmt::format("00000000-0000-4000-8000-{:012x}", events());
    ++commands_;
    const auto receipt = node_->submit({by, id, std::move(command)}, now_);
    if (!receipt) return tell({receipt.error().code, receipt.error().field, ""});
    return ++waiting_ < commands_a_commit || flush();
  }

  SystemDice dice_;
  std::unique_ptr<sqlite::SqliteStore> store_;
  std::unique_ptr<keyring_file::FileKeyring> keyring_;
  std::optional<node::Node> node_;
  SeededDice chance_{11};
  std::vector<std::string> points_;
  Instant now_;
  std::uint64_t commands_ = 0;
  int waiting_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return std::cerr << "fill_log FOLDER REGISTERS EVENTS\n", 2;
  const std::uint64_t wanted = std::strtoull(argv[3], nullptr, 10);
  Office office;
  if (!office.open(argv[1], wanted) || !office.furnish(argv[2])) return 1;
  std::uint64_t commands_before = 0;
  Steady::time_point begin;
  while (office.events() < wanted) {
    if (commands_before == 0 && office.events() + measured_events >= wanted)
      commands_before = office.commands(), begin = Steady::now();
    if (!office.incident()) return 1;
  }
  if (!office.flush()) return 1;
  const double us = std::chrono::duration<double, std::micro>(Steady::now() - begin).count();
  fmt::print(
      "{{\"events\":{},\"commands\":{},\"us_per_command\":{:.1f},"
      "\"ends_days_ago\":{:.1f}}}\n",
      office.events(), office.commands(),
      us / static_cast<double>(office.commands() - commands_before), office.days_ago());
}
