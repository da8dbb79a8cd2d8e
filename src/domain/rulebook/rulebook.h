#pragma once
// What is watched for: rules over readings, as plain data. A rulebook is a whole, versioned thing:
// it is read from a file (adapter/rulebook), approved, and put in force as a whole. The evaluator
// (engine/rule) runs it; what its words mean exactly is said in docs/formats/rules.md.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/level.h"
#include "base/text.h"
#include "base/time.h"

namespace tocsin::rulebook {

/// Which side of a limit is the bad one. The limit itself belongs to it ("reached or exceeded").
enum class Side { above, below };

/// 限值. True while the value is at or beyond `limit`; over once it is back across `clear`.
struct Limit {
  Side side = Side::above;
  double limit = 0;
  double clear = 0;  ///< above: clear <= limit; below: clear >= limit; equal means no hysteresis
  bool operator==(const Limit&) const = default;
};

/// 变幅. True while the value is at least `change` above (below) its least (greatest) value within
/// the `per` before it; over once that difference is below `clear`.
struct Rate {
  enum class Direction { rise, fall } direction = Direction::rise;
  double change = 0;  ///< > 0, unit of the point
  Duration per{};
  double clear = 0;  ///< 0 < clear <= change
  bool operator==(const Rate&) const = default;
};

/// n 中 m 次. True while at least `n` of the last `m` readings are at or beyond `limit`; over once
/// fewer than `n` of them are beyond `clear`.
struct NOfM {
  Side side = Side::above;
  double limit = 0;
  double clear = 0;
  int n = 0, m = 0;  ///< 1 <= n <= m <= 100
  bool operator==(const NOfM&) const = default;
};

/// 静默. True when nothing usable was heard for `after`: neither arrived nor true of a recent time.
struct Missing {
  enum class Scope { station, point };
  std::optional<Duration> after;  ///< without it: the rule's gap factor × the station's interval
  Scope scope = Scope::station;   ///< station: silent when all points named of one station are
  bool operator==(const Missing&) const = default;
};

using Condition = std::variant<Limit, Rate, NOfM, Missing>;

/// 发布方式. Whether a warning goes out at once or a proposal waits for a person.
enum class Issue { automatic, person };

/// 报警规则. Ids are unique in a rulebook and stay with the rule over its versions.
struct Rule {
  std::string id;
  Text name;
  std::string family;               ///< alarms of one family on one risk point are one call
  std::string hazard;               ///< GB/T 35561 event code, five characters
  std::vector<std::string> points;  ///< point ids of the register
  Condition condition;
  Duration hold_for{};   ///< `for`: how long it must last, in event time
  Duration clear_for{};  ///< how long it must be over before it counts as over, in event time
  int gap = 3;           ///< readings further apart than gap × interval do not make one duration
  Level level = Level::blue;
  Issue issue = Issue::person;
  std::vector<std::string> riskpoints;  ///< empty: those of the point's station
  Text instruction;
  Duration group_window{};
  Duration expires{};  ///< how long a warning of this rule stands unless prolonged
  bool operator==(const Rule&) const = default;
};

/// 规则集. `hash` is SHA-256 over the file's bytes (43 characters of base64url): two rulebooks with
/// one hash are the same.
struct Rulebook {
  int version = 0;
  std::string hash = {};
  Duration lateness = std::chrono::hours(6);  ///< older readings are kept but judge nothing
  std::vector<Rule> rules = {};
};

/// The rule of that id, or nullptr.
const Rule* find(const Rulebook& book, std::string_view id);

/// What a change of rulebook does, for the person who approves it: ids, in the order of the books.
struct Diff {
  std::vector<std::string> added = {}, changed = {}, removed = {};
  bool operator==(const Diff&) const = default;
};
Diff diff(const Rulebook& before, const Rulebook& after);

/// "limit", "rate", "n_of_m", "missing": the word of the file.
std::string_view kind_of(const Condition& condition);

}  // namespace tocsin::rulebook
