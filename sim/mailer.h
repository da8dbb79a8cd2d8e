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
  /// Hands a report to the desk; `heard` is told whether it was decided about (kept or refused), or
  /// the disk failed.
  using Heard = std::function<void(bool decided, bool kept)>;
  using Report = std::function<void(const node::ReportDelivery&, Heard heard)>;

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
    std::string term;
    bool taken = true;
    Instant report_at;
    bool reporting = false;
  };
  void send(node::Outgoing what, std::string term, World& world);
  void tell(const std::string& identity, const Report& report);

  std::map<std::string, UnderWay> under_way_;  // by identity
  /// Identities whose hand-over is on disk, each with the term under which it was: whoever takes
  /// command anew without having heard of it may send it again, and the receiver knows it by its
  /// id.
  std::set<std::pair<std::string, std::string>> told_;
  std::vector<std::string> sent_;
  double refusals_ = 0;
};

}  // namespace tocsin::sim
