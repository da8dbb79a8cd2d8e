#pragma once
// The mailer of a simulated office. It hands over what the node wants sent and reports back later;
// between the two the machine may die. Watches that nothing goes out while the node is held, and
// that nothing goes out again once the report is on disk.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/node.h"
#include "sim/world.h"

namespace tocsin::sim {

class Mailer {
 public:
  using Report = std::function<void(const node::ReportDelivery&, std::function<void()> kept)>;

  /// Takes what waits and reports what is done. `now` is the office's clock.
  void turn(const node::Node& node, World& world, Instant now, const Report& report);
  /// The machine died: what was under way is not remembered.
  void die() { under_way_.clear(); }
  /// It went on from an older state: what was reported since is not known to it.
  void forget() { told_.clear(); }

  /// How often a mail server refuses.
  void set_refusals(double chance) { refusals_ = chance; }
  /// Identities of what was handed over, in order; a repeat has the same.
  const std::vector<std::string>& sent() const { return sent_; }

 private:
  struct UnderWay {
    node::Outgoing what;
    bool taken = true;
    Instant report_at;
  };
  void send(node::Outgoing what, World& world);

  std::map<std::string, UnderWay> under_way_;  // by call
  std::set<std::string> told_;                 // identities whose hand-over is on disk
  std::vector<std::string> sent_;
  double refusals_ = 0;
};

}  // namespace tocsin::sim
