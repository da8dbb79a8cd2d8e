#pragma once
// One office's computer: a node, its disk, its keyring, its clock, its mailer, and the people who
// ask it things. It turns as the server's desk does: timers, commands, one flush for all of them,
// then receipts; when the disk refuses, everybody of that turn is told so and the node is folded
// anew.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/node.h"
#include "sim/disk.h"
#include "sim/mailer.h"
#include "sim/world.h"

namespace tocsin::sim {

/// What somebody who asked was told. No receipt and no refusal: nothing was heard, he asks again.
struct Answer {
  std::optional<node::Receipt> receipt;
  std::string refused;

  explicit operator bool() const { return receipt.has_value(); }
};

/// A receipt that was given, and the record it stands for.
struct Promise {
  node::Request request;
  node::Receipt receipt;
  std::string bytes;
  bool awaited = false;  ///< not on this disk since a restore; another office holds it
};

class Machine {
 public:
  Machine(World& world, node::Setup setup, Duration clock_off, std::uint64_t seed);

  const std::string& name() const { return setup_.name; }
  const node::Setup& setup() const { return setup_; }
  bool up() const { return node_ != nullptr; }
  node::Node& node();
  Disk& disk() { return disk_; }
  const Disk& disk() const { return disk_; }
  log::MemoryKeyring& keyring() { return keyring_; }
  Mailer& mailer() { return mailer_; }

  /// What this office's clock shows.
  Instant clock() const;
  /// Sets the clock that far off the true time; `drift` is in seconds a second.
  void set_clock(Duration off, double drift = 0);

  /// Asks for something; the answer comes with the next turn.
  void queue(node::Command command, std::function<void(const Answer&)> done = {});
  /// Asks and turns at once.
  Answer ask(node::Command command);
  /// The same, and it has to be granted.
  node::Receipt must(node::Command command);
  /// Asks for what was not answered once more, under the same Command-Id.
  void ask_again();
  std::size_t unanswered() const { return unanswered_.size(); }

  /// One turn of the desk.
  void turn();
  /// Seals and flushes, as before segments are handed out.
  void hand_out();
  std::vector<log::Segment> lacking(const node::Have& have,
                                    const std::function<bool(const log::LogId&)>& audience);
  Result<void> accept(const log::Segment& segment);

  void crash();
  void start();
  void crash_and_restart();
  /// Goes on from a copy of a disk (its own, older), held until a person releases it. `elsewhere`:
  /// whether another office holds a record.
  void restore(Disk::Contents backup, const std::function<bool(const Promise&)>& elsewhere);
  /// Goes on from an older state that nobody said is one: no mark, as when a disk is put back.
  void set_back(Disk::Contents contents, const std::function<bool(const Promise&)>& elsewhere);

  /// Gives up what is awaited and nobody holds any more.
  void give_up(const std::function<bool(const Promise&)>& held_somewhere);

  const std::vector<Promise>& promises() const { return promises_; }
  /// Every promise is on the disk, byte for byte; `awaited` ones too when `all`.
  void check_promises(bool all) const;
  /// A command already answered is asked again: the receipt must be the same.
  void check_repeat(const Promise& promise);

 private:
  struct Job {
    node::Request request;
    std::function<void(const Answer&)> done;
  };
  /// How long a rung has been waited for, by the true time.
  struct Watch {
    int rung = 0, times_asked = 0;
    Instant since;
    int clock_sets = 0;
  };

  void work();
  void tick(Instant now);
  bool flush();
  void reload();
  void promise(const node::Request& request, const node::Receipt& receipt);
  void lose(Job job);
  void lost_since(const std::function<bool(const Promise&)>& elsewhere);
  void watch_waits();
  void note_calling_again(const node::Command& command);
  std::string new_id();

  World& world_;
  node::Setup setup_;
  Disk disk_;
  log::MemoryKeyring keyring_;
  SeededDice dice_;
  log::SigningKey key_;
  std::unique_ptr<node::Node> node_;
  Mailer mailer_;

  Duration off_{};
  double drift_ = 0;
  Instant set_at_;  // since when it drifts
  int clock_sets_ = 0;
  std::optional<Instant> unsealed_since_;

  std::vector<Job> jobs_;
  std::vector<node::Request> unanswered_;
  std::vector<Promise> promises_;
  std::map<std::string, std::size_t> promise_by_id_;
  std::map<std::string, Watch> watches_;
  int commands_ = 0;
};

}  // namespace tocsin::sim
