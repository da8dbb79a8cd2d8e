#include "engine/rule/judge.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/result.h"

namespace tocsin::rule {
namespace {

using observation::Flag;
using rulebook::Limit;
using rulebook::Missing;
using rulebook::NOfM;
using rulebook::Rate;
using rulebook::Side;

/// Where the register does not say how often a station reports.
constexpr Duration gap_unknown = std::chrono::hours(24);

/// What one reading says of the condition. Neither hot nor cold: between limit and clear.
struct Sight {
  bool hot = false, cold = false, by_hand = false;
  bool blind = false;  ///< says nothing either way, as if it were not there
  double value = observation::no_value;
};

/// Flag T: the value is beyond what the device can measure, whatever number stands there.
double effective(const Sample& s) {
  return s.flag() == Flag::over_range ? std::numeric_limits<double>::infinity() : s.value();
}

bool beyond(Side side, double value, double limit) {
  return side == Side::above ? value >= limit : value <= limit;
}

Sight look(const Limit& c, const Check&, const History& history, std::size_t i) {
  const double value = effective(history[i]);
  const bool hot = beyond(c.side, value, c.limit);
  // Without hysteresis (clear = limit) it is over as soon as it is not beyond the limit.
  const bool above_clear = c.clear == c.limit ? hot : beyond(c.side, value, c.clear);
  return {.hot = hot,
          .cold = !above_clear,
          .by_hand = history[i].flag() == Flag::set_by_hand,
          .value = history[i].value()};
}

Sight look(const Rate& c, const Check&, const History& history, std::size_t i) {
  const Sample& newest = history[i];
  if (newest.flag() == Flag::over_range) return {.blind = true};
  const double sign = c.direction == Rate::Direction::rise ? 1 : -1;
  std::size_t base = i;
  Instant oldest = newest.time();
  for (std::size_t k = i; k-- > 0 && newest.time() - history[k].time() <= c.per;) {
    if (history[k].flag() == Flag::over_range) continue;
    oldest = history[k].time();
    if (sign * history[k].value() < sign * history[base].value()) base = k;
  }
  const double change = sign * (newest.value() - history[base].value());
  // Too little of the span is known to say that it stopped changing.
  const bool seen_enough = newest.time() - oldest >= c.per / 2;
  return {
      .hot = change >= c.change,
      .cold = seen_enough && change < c.clear,
      .by_hand = newest.flag() == Flag::set_by_hand || history[base].flag() == Flag::set_by_hand,
      .value = sign * change};
}

Sight look(const NOfM& c, const Check& check, const History& history, std::size_t i) {
  int beyond_limit = 0, within_clear = 0, seen = 0;
  bool by_hand = false;
  for (std::size_t k = i + 1; k-- > 0 && seen < c.m; ++seen) {
    if (history[i].time() - history[k].time() > check.context) break;
    const double value = effective(history[k]);
    const bool counts = beyond(c.side, value, c.limit);
    beyond_limit += counts;
    within_clear += c.clear == c.limit ? !counts : !beyond(c.side, value, c.clear);
    by_hand |= counts && history[k].flag() == Flag::set_by_hand;
  }
  return {.hot = beyond_limit >= c.n,
          .cold = within_clear > c.m - c.n,
          .by_hand = by_hand,
          .value = history[i].value()};
}

Sight look(const Missing&, const Check&, const History&, std::size_t) { return {.blind = true}; }

Sight look_at(const Check& check, const History& history, std::size_t i) {
  return std::visit([&](const auto& c) { return look(c, check, history, i); },
                    check.rule->condition);
}

Step pending(const Check& check, const Sight& sight, Instant now, Run& run) {
  if (!sight.hot) {
    run.phase = Run::Phase::idle;
    return Step::none;
  }
  const bool broken = run.phase == Run::Phase::pending && now - run.last > check.gap;
  if (run.phase == Run::Phase::idle || broken) {
    run.phase = Run::Phase::pending;
    run.onset = now;
    run.by_hand = false;
  }
  run.by_hand |= sight.by_hand;
  if (now - run.onset < check.rule->hold_for) return Step::none;
  run.phase = Run::Phase::active;
  run.instant = now;
  run.value = sight.value;
  return Step::began;
}

Step standing(const Check& check, const Sight& sight, Instant now, Run& run) {
  if (!sight.cold) {
    run.phase = Run::Phase::active;
    return Step::none;
  }
  const bool broken = run.phase == Run::Phase::clearing && now - run.last > check.gap;
  if (run.phase == Run::Phase::active || broken) {
    run.phase = Run::Phase::clearing;
    run.over_since = now;
  }
  if (now - run.over_since < check.rule->clear_for) return Step::none;
  run.phase = Run::Phase::idle;
  return Step::ended;
}

Judged judged_from(const Run& run) {
  return {.onset = run.onset,
          .instant = run.instant,
          .ended = {},
          .value = run.value,
          .by_hand = run.by_hand};
}

}  // namespace

Check make_check(const rulebook::Rule& rule, Duration interval) {
  const Duration gap = interval > Duration::zero() ? rule.gap * interval : gap_unknown;
  const Duration context = std::visit(
      overloaded{[](const Limit&) { return Duration::zero(); }, [](const Rate& c) { return c.per; },
                 [&](const NOfM& c) { return (c.m - 1) * gap; },
                 [](const Missing&) { return Duration::zero(); }},
      rule.condition);
  return {.rule = &rule, .gap = gap, .context = context};
}

Step step(const Check& check, const History& history, std::size_t i, Run& run) {
  const Sight sight = look_at(check, history, i);
  if (sight.blind) return Step::none;
  const Instant now = history[i].time();
  const Step result =
      run.stands() ? standing(check, sight, now, run) : pending(check, sight, now, run);
  run.last = now;
  return result;
}

void judge_one(const Check& check, const History& history, std::size_t i, Run& run,
               std::vector<Judged>& out) {
  switch (step(check, history, i, run)) {
    case Step::none:
      break;
    case Step::began:
      out.push_back(judged_from(run));
      break;
    case Step::ended:
      out.back().ended = history[i].time();
      out.back().end_value = history[i].value();
      break;
  }
}

Run judge(const Check& check, const History& history, Run run, std::vector<Judged>& out) {
  if (run.stands()) out.push_back(judged_from(run));
  for (std::size_t i = history.folded(); i < history.size(); ++i)
    judge_one(check, history, i, run, out);
  return run;
}

}  // namespace tocsin::rule
