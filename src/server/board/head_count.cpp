#include "server/board/head_count.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "server/board/rows.h"

namespace tocsin::server {
namespace {

/// A risk point, or the whole area where a call is about no risk point.
std::string key_of(const call::Call& call, const RiskPointId& place) {
  return place.empty() ? "area/" + call.opened.area : place.text;
}

/// `n` in parts like the weights (all to the first where none has any); they add up to `n`.
std::vector<int> shared_out(int n, const std::vector<std::int64_t>& weights) {
  std::vector<int> out(weights.size(), 0);
  const auto all = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (all == 0) {
    if (!out.empty()) out.front() = n;
    return out;
  }
  std::int64_t before = 0, given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    before += weights[i];
    const std::int64_t until = n * before / all;
    out[i] = static_cast<int>(until - given);
    given = until;
  }
  return out;
}

/// The last number anybody on the ladder reported.
const call::Answer* last_number(const call::LastWords& words) {
  const call::Answer* last = nullptr;
  for (const auto& [rung, answer] : words) {
    const bool counts = answer->given.kind == call::AnswerKind::done && answer->given.moved;
    if (counts && (last == nullptr || last->at < answer->at)) last = answer;
  }
  return last;
}

}  // namespace

HeadCount::Sum HeadCount::Place::sum() const {
  Sum out{people, 0};
  for (const auto& [post, word] : told) out.moved = std::max(out.moved, word.second);
  return out;
}

void HeadCount::add(const node::Node& node, const WarningId& warning) {
  const warning::Warning& w = node.warnings().state(warning.text);
  const bool moves_people = !is_silence(node, w);
  for (const std::string& id : node.calls_of(warning)) {
    const auto answers = node.answers_to({id});
    add(node, node.calls().state(id), call::last_words(answers), moves_people);
  }
}

void HeadCount::add(const node::Node& node, const call::Call& call, const call::LastWords& words,
                    bool moves_people) {
  const std::vector<RiskPointId>& about = call.opened.riskpoints;
  std::vector<std::int64_t> weights;
  std::vector<std::string> areas;
  for (const RiskPointId& id : about) {
    const place::RiskPoint* p = node.books().riskpoints.find(id.text);
    weights.push_back(p == nullptr ? 0 : p->people);
    areas.push_back(p == nullptr ? area_of(node, call) : node.books().code_of(p->area));
  }
  const call::Answer* answer = last_number(words);
  const std::vector<int> people = shared_out(moves_people ? call.opened.people : 0, weights);
  const std::vector<int> moved =
      shared_out(answer == nullptr ? 0 : answer->given.moved.value_or(0), weights);
  const std::string post = call.opened.rungs.empty() ? "" : call.opened.rungs.front().post.text;
  for (std::size_t i = 0; i < about.size(); ++i) {
    Place& place = places_[key_of(call, about[i])];
    place.area = areas[i];
    place.people = std::max(place.people, people[i]);
    if (answer == nullptr) continue;
    std::pair<Instant, int>& told = place.told[post];
    told = std::max(told, std::pair(answer->at, moved[i]));
  }
}

HeadCount::Sum HeadCount::total() const {
  Sum out;
  for (const auto& [key, place] : places_) {
    const Sum here = place.sum();
    out = {out.to_move + here.to_move, out.moved + here.moved};
  }
  return out;
}

HeadCount::Sum HeadCount::of(const call::Call& call) const {
  Sum out;
  for (const RiskPointId& id : call.opened.riskpoints) {
    const auto place = places_.find(key_of(call, id));
    const Sum here = place == places_.end() ? Sum{} : place->second.sum();
    out = {out.to_move + here.to_move, out.moved + here.moved};
  }
  return out;
}

HeadCount::Sum HeadCount::at(const RiskPointId& id) const {
  const auto place = places_.find(id.text);
  return place == places_.end() ? Sum{} : place->second.sum();
}

std::map<std::string, HeadCount::Sum> HeadCount::by_township() const {
  std::map<std::string, Sum> out;
  for (const auto& [key, place] : places_) {
    const Sum here = place.sum();
    Sum& sum = out[place.area.substr(0, 9)];
    sum = {sum.to_move + here.to_move, sum.moved + here.moved};
  }
  return out;
}

}  // namespace tocsin::server
