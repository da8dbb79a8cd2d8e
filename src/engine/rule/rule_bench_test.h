#pragma once
// A small world for the tests of this room: points p0, p1 … of station s, one reading a minute.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/rule/evaluator.h"

namespace tocsin::rule::testing {

using namespace std::chrono_literals;
using observation::Flag;
using rulebook::Rule;

/// Minute `m` of the test's night.
inline Instant at(double m) {
  return instant_ms(1'795'000'000'000) + Duration(static_cast<std::int64_t>(m * 60'000));
}

inline Rule limit_rule(double limit, double clear, Duration hold_for = {}) {
  Rule rule;
  rule.id = "stage";
  rule.points = {"p0"};
  rule.condition = rulebook::Limit{.limit = limit, .clear = clear};
  rule.hold_for = hold_for;
  rule.level = Level::red;
  rule.issue = rulebook::Issue::automatic;
  return rule;
}

inline Reading reading(double minute, double value, Flag flag = Flag::normal, unsigned point = 0) {
  return {.time = at(minute),
          .arrival = at(minute),
          .value = value,
          .point = PointKey{point},
          .flag = flag};
}

/// True at minute `minute`, here at minute `arrived`.
inline Reading late(double minute, double arrived, double value, Flag flag = Flag::normal) {
  Reading r = reading(minute, value, flag);
  r.arrival = at(arrived);
  return r;
}

inline std::vector<Point> points(unsigned count = 1, Duration interval = 1min) {
  std::vector<Point> made;
  for (unsigned i = 0; i < count; ++i)
    made.push_back({.key = PointKey{i},
                    .id = "p" + std::to_string(i),
                    .station = "s",
                    .interval = interval,
                    .watched_since = at(0)});
  return made;
}

inline rulebook::Rulebook book(std::vector<Rule> rules) {
  return {.version = 7, .rules = std::move(rules)};
}

/// An evaluator that keeps all it found.
struct Bench {
  Evaluator evaluator;
  std::vector<Finding> found;

  explicit Bench(std::vector<Rule> rules, std::vector<Point> register_ = points(),
                 Options options = {})
      : evaluator(book(std::move(rules)), register_, options) {}

  /// One call; returns what it found.
  std::vector<Finding> give(std::vector<Reading> batch) {
    return keep(evaluator.on_readings(batch));
  }
  std::vector<Finding> tick(double minute) { return keep(evaluator.tick(at(minute))); }
  /// One reading a minute from `first`, each a call of its own.
  std::vector<Finding> run(double first, std::vector<double> values) {
    std::vector<Finding> all;
    for (std::size_t i = 0; i < values.size(); ++i)
      for (Finding& f : give({reading(first + static_cast<double>(i), values[i])}))
        all.push_back(std::move(f));
    return all;
  }
  std::size_t count(Change change) const {
    std::size_t n = 0;
    for (const Finding& f : found) n += f.change == change;
    return n;
  }

 private:
  std::vector<Finding> keep(std::vector<Finding> some) {
    found.insert(found.end(), some.begin(), some.end());
    return some;
  }
};

}  // namespace tocsin::rule::testing
