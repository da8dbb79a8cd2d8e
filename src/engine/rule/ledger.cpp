#include "engine/rule/ledger.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tocsin::rule {
namespace {

bool within(const Judged& j, Instant t) { return t >= j.onset && (!j.ended || t < *j.ended); }

/// The episode told that is this one judged: the earliest that stands, else one withdrawn.
Episode* match(const Judged& j, std::vector<Episode>& told) {
  Episode* withdrawn = nullptr;
  for (Episode& e : told) {
    if (!within(j, e.instant)) continue;
    if (e.state != State::withdrawn) return &e;
    if (withdrawn == nullptr) withdrawn = &e;
  }
  return withdrawn;
}

Finding finding(const Speaker& speaker, Change change, const Episode& episode) {
  const bool by_hand_red = episode.by_hand && speaker.rule->level == Level::red;
  return {.change = change, .episode = episode, .needs_person = by_hand_red, .readings = {}};
}

Episode open(const Speaker& speaker, const Judged& j, Instant known_at) {
  return {.id = episode_id(speaker.rule->id, speaker.point, j.instant),
          .rule = speaker.rule->id,
          .version = speaker.version,
          .point = std::string(speaker.point),
          .station = std::string(speaker.station),
          .onset = j.onset,
          .instant = j.instant,
          .value = j.value,
          .ended = {},
          .found_late = known_at - j.instant > speaker.late_after,
          .by_hand = j.by_hand};
}

void withdraw(const Speaker& speaker, Episode& e, Reason reason, std::vector<Finding>& out) {
  e.state = State::withdrawn;
  out.push_back(finding(speaker, Change::withdrawn, e));
  out.back().reason = reason;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// Takes over the facts of the one judged; true when any was another.
bool revise(const Judged& j, Episode& e) {
  const bool moved = e.onset != j.onset || e.instant != j.instant || !same(e.value, j.value) ||
                     e.by_hand != j.by_hand || e.ended != j.ended;
  e.onset = j.onset;
  e.instant = j.instant;
  e.value = j.value;
  e.by_hand = j.by_hand;
  e.ended = j.ended;
  return moved;
}

void follow(const Speaker& speaker, const Judged& j, Episode& e, std::vector<Finding>& out) {
  const State before = e.state;
  const bool moved = revise(j, e);
  if (before == State::withdrawn || (before == State::cleared && !j.ended)) {
    Episode open = e;
    open.state = State::open;
    open.ended.reset();
    out.push_back(finding(speaker, Change::resumed, open));
  }
  e.state = j.ended ? State::cleared : State::open;
  if (j.ended && before != State::cleared) {
    out.push_back(finding(speaker, Change::cleared, e));
    out.back().value = j.end_value;
  } else if (before == e.state && moved) {
    out.push_back(finding(speaker, Change::revised, e));
  }
}

/// The instant an episode was named for, which late data may have moved since.
Instant named_for(const Episode& e) {
  const std::size_t digits = e.id.rfind(':') + 1;
  std::int64_t ms = 0;
  std::from_chars(e.id.data() + digits, e.id.data() + e.id.size(), ms);
  return instant_ms(ms);
}

/// Another episode may have been named for this instant before it was moved.
void rename_if_taken(const std::vector<Episode>& told, Episode& made) {
  while (std::ranges::find(told, made.id, &Episode::id) != told.end()) made.id += '+';
}

}  // namespace

void reconcile(const Speaker& speaker, const std::vector<Judged>& judged,
               std::vector<Episode>& told, Instant known_at, std::vector<Finding>& out) {
  std::vector<std::string> kept;  // ids that are one judged; few
  std::vector<std::pair<const Judged*, std::size_t>> pairs;
  for (const Judged& j : judged) {
    const Episode* const found = match(j, told);
    pairs.emplace_back(
        &j, found == nullptr ? told.size() : static_cast<std::size_t>(found - told.data()));
    if (found != nullptr) kept.push_back(found->id);
  }
  for (Episode& e : told) {
    const bool settled = e.ended && *e.ended <= speaker.settled_until;
    const bool agreed = std::ranges::find(kept, e.id) != kept.end();
    if (e.state == State::withdrawn || settled || agreed) continue;
    const bool merged =
        std::ranges::any_of(judged, [&](const Judged& j) { return within(j, e.instant); });
    const bool other_rules = e.version != speaker.version;
    withdraw(speaker, e,
             merged        ? Reason::merged
             : other_rules ? Reason::rule_changed
                           : Reason::late_data,
             out);
  }
  const std::size_t old = told.size();
  for (const auto& [j, i] : pairs) {
    if (i < old) {
      follow(speaker, *j, told[i], out);
      continue;
    }
    Episode made = open(speaker, *j, known_at);
    rename_if_taken(told, made);
    told.push_back(std::move(made));
    out.push_back(finding(speaker, Change::opened, told.back()));
    follow(speaker, *j, told.back(), out);
  }
  std::ranges::sort(told, {}, &Episode::instant);
}

void forget(std::vector<Episode>& told, Instant before) {
  std::erase_if(told, [&](const Episode& e) {
    const bool over =
        e.state == State::withdrawn ? e.instant <= before : e.ended && *e.ended <= before;
    return over && named_for(e) <= before;
  });
}

}  // namespace tocsin::rule
