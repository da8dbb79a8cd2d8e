#pragma once
// Nights drawn from a seed: a rule, readings that come late and doubled, and what a judge who sees
// all of them at once says of them.

#include <algorithm>
#include <map>

#include "base/random.h"
#include "engine/rule/rule_bench_test.h"

namespace tocsin::rule::testing {

struct Span {
  Instant instant;
  std::optional<Instant> ended;
  bool operator==(const Span&) const = default;
};

class Dealer {
 public:
  explicit Dealer(std::uint64_t seed) : dice_(seed) {}
  unsigned below(unsigned n) { return static_cast<unsigned>(dice_.next() % n); }
  bool one_in(unsigned n) { return below(n) == 0; }

 private:
  SeededDice dice_;
};

inline Rule drawn_rule(Dealer& deal) {
  Rule rule = limit_rule(10, 10 - deal.below(3));
  switch (deal.below(3)) {
    case 0:
      break;
    case 1:
      rule.condition = rulebook::Rate{
          .change = 3, .per = Duration(5min) * (1 + deal.below(4)), .clear = 1.0 + deal.below(3)};
      break;
    default:
      rule.condition = rulebook::NOfM{.limit = 10, .clear = 10.0 - deal.below(2), .n = 3, .m = 5};
  }
  rule.hold_for = Duration(1min) * deal.below(6);
  rule.clear_for = Duration(1min) * deal.below(4);
  return rule;
}

/// In order of event time, with the arrival each gets.
inline std::vector<Reading> drawn_readings(Dealer& deal, int count, unsigned delay_max) {
  std::vector<Reading> all;
  double value = 9;
  for (int m = 0; m < count; ++m) {
    value = std::clamp(value + (deal.below(5) - 2.0) * 0.7, 6.0, 13.0);
    if (deal.one_in(12)) continue;
    if (deal.one_in(150)) m += 6;
    Reading r = reading(m, value, deal.one_in(20) ? Flag::maintenance : Flag::normal);
    if (deal.one_in(5)) r.arrival += Duration(1min) * deal.below(delay_max);
    all.push_back(r);
  }
  return all;
}

/// The judge that sees all at once: one state for each reading, nothing kept between calls.
inline std::vector<Span> judged_at_once(const Rule& rule, const std::vector<Reading>& all) {
  Bench bench({rule}, points(), {.history_max = 1 << 20});
  std::vector<Reading> ordered = all;
  for (Reading& r : ordered) r.arrival = r.time;
  bench.give(ordered);
  std::map<std::string, Span> spans;
  for (const Finding& f : bench.found) spans[f.episode.id] = {f.episode.instant, f.episode.ended};
  std::vector<Span> out;
  for (const auto& [id, span] : spans) out.push_back(span);
  std::ranges::sort(out, {}, &Span::instant);
  return out;
}

}  // namespace tocsin::rule::testing
