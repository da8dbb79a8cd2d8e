// From rulebook and register to the flat arrays the evaluator runs on.

#include <algorithm>

#include "engine/rule/watching.h"

namespace tocsin::rule {

Evaluator::Impl::Impl(const rulebook::Rulebook& rules, std::span<const Point> register_,
                      Options limits)
    : book(rules), options(limits) {
  add_points(register_);
  std::map<std::string_view, std::uint32_t> at;
  for (const Point& p : register_) at.emplace(p.id, index_of(p.key));
  for (const rulebook::Rule& rule : book.rules) {
    if (const auto* missing = std::get_if<rulebook::Missing>(&rule.condition))
      watch_silence(rule, *missing, at, register_);
    else
      watch_values(rule, at);
  }
}

void Evaluator::Impl::add_points(std::span<const Point> register_) {
  std::size_t size = 0;
  for (const Point& p : register_) size = std::max<std::size_t>(size, index_of(p.key) + 1);
  points.resize(size);
  for (const Point& p : register_) {
    PointState& point = points[index_of(p.key)];
    point.known = true;
    point.id = p.id;
    point.station = p.station;
    point.interval = p.interval;
  }
}

void Evaluator::Impl::watch_values(const rulebook::Rule& rule,
                                   const std::map<std::string_view, std::uint32_t>& at) {
  for (const std::string& id : rule.points) {
    const auto found = at.find(id);
    if (found == at.end()) {
      unknown.push_back(rule.id + ": " + id);
      continue;
    }
    PointState& point = points[found->second];
    const Check check = make_check(rule, point.interval);
    point.context = std::max(point.context, check.context);
    point.lookback =
        std::max(point.lookback, book.lateness + options.lag_max + check.context + check.gap +
                                     std::max(rule.hold_for, rule.clear_for));
    point.watches.push_back(static_cast<std::uint32_t>(watches.size()));
    watches.push_back({.check = check, .live = {}, .base = {}, .told = {}});
  }
}

void Evaluator::Impl::watch_silence(const rulebook::Rule& rule, const rulebook::Missing& missing,
                                    const std::map<std::string_view, std::uint32_t>& at,
                                    std::span<const Point> register_) {
  std::map<std::uint32_t, const Point*> entry;
  for (const Point& p : register_) entry.emplace(index_of(p.key), &p);
  std::map<std::string_view, std::uint32_t> of_subject;  // station or point to its ear
  for (const std::string& id : rule.points) {
    const auto found = at.find(id);
    PointState* const point = found == at.end() ? nullptr : &points[found->second];
    if (point == nullptr || (!missing.after && point->interval <= Duration::zero())) {
      unknown.push_back(rule.id + ": " + id);
      continue;
    }
    const Point& known = *entry.at(found->second);
    const bool whole = missing.scope == rulebook::Missing::Scope::station;
    const Duration after = missing.after.value_or(rule.gap * point->interval);
    const auto [ear, made] = of_subject.emplace(whole ? point->station : point->id,
                                                static_cast<std::uint32_t>(ears.size()));
    if (made)
      ears.push_back(Ear({.rule = &rule,
                          .version = book.version,
                          .point = whole ? std::string() : point->id,
                          .station = point->station,
                          .after = after,
                          .watched_since = known.watched_since,
                          .ever_heard = known.ever_heard}));
    else
      ears[ear->second].also(after, known.watched_since, known.ever_heard);
    point->ears.push_back(ear->second);
    point->lookback = std::max({point->lookback, after, book.lateness});
  }
}

}  // namespace tocsin::rule
