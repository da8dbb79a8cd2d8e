#pragma once
// 推演. A night in one county, in memory: machines with their own clocks, links that cut, lose,
// delay, repeat and reorder what they carry, and a seed that decides all of it. Drives node/ as the
// server does; knows nothing of sockets, files or the real time.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "sim/county.h"
#include "sim/machine.h"
#include "sim/story.h"
#include "sim/world.h"

namespace tocsin::sim {

/// How a link treats what it carries. Each message takes its own time, so they arrive in any order.
struct Line {
  double loss = 0, repeat = 0;
  Duration delay_max = std::chrono::seconds(1);
};

class Sim {
 public:
  explicit Sim(std::uint64_t seed) : world_(seed) {}
  /// Tells the account of a night that went wrong to whoever prints it.
  ~Sim();

  Luck& luck() { return world_.luck; }
  World& world() { return world_; }
  const std::vector<std::unique_ptr<Machine>>& machines() const { return machines_; }

  /// An office: "county", "town" or "valley". It has adopted the county's registers.
  Machine& add(const std::string& name, Duration clock_off = {});
  void link(Machine& a, Machine& b, Line line);
  void cut(Machine& a, Machine& b) { cable(a, b).cut = true; }
  void heal(Machine& a, Machine& b) { cable(a, b).cut = false; }
  /// All links whole and quick.
  void heal_all();

  void run(Duration length);
  /// Until nobody lacks anything it may see; fails after two hours of that.
  void run_until_quiet();
  bool quiet() const;

  void restore(Machine& machine, const Disk::Contents& backup);
  void set_back(Machine& machine, const Disk::Contents& contents);

  /// Lanes that both may see.
  static bool both_see(const Machine& a, const Machine& b, const log::LogId& log);
  log::Hash digest(Machine& of, const Machine& with);
  /// Everything that must hold once all is whole again (see swarm).
  void check_calm();

  WarningId issue(Machine& at, Level level, const std::string& risk_point = "FXD-1",
                  Duration valid = std::chrono::hours(6));
  /// The one call of a warning.
  CallId call_of(Machine& at, const WarningId& warning);

 private:
  struct Cable {
    Line line;
    bool cut = false;
  };
  /// Either what an office holds, or a segment; shared, because a link may repeat it.
  using Carried =
      std::variant<std::shared_ptr<const node::Have>, std::shared_ptr<const log::Segment>>;
  struct Message {
    std::size_t from = 0, to = 0;
    Carried what;
  };
  using Pair = std::pair<std::size_t, std::size_t>;

  std::size_t index_of(const Machine& machine) const;
  Cable& cable(const Machine& a, const Machine& b);
  bool held_elsewhere(const Machine& machine, const Promise& promise) const;
  void give_up_what_is_gone();
  void step();
  void announce(std::size_t from);
  void send(std::size_t from, std::size_t to, const Carried& what);
  void deliver(const Message& message);

  World world_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::map<Pair, Cable> cables_;
  std::multimap<Instant, Message> under_way_;
  Instant announced_;
};

}  // namespace tocsin::sim
