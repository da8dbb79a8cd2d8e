#include "engine/outreach/outreach.h"

#include <algorithm>
#include <map>
#include <set>

namespace tocsin::outreach {
namespace {

/// Adds rungs to one ladder, remembering who stands on it already.
class Ladder {
 public:
  Ladder(const person::ReachMap& reach, const Policy::Waits& waits)
      : reach_(reach), waits_(waits) {}

  void add(const std::string& post, const std::string& person, call::RungKind kind) {
    call::Rung rung;
    rung.post = {post};
    rung.person = {person};
    rung.kind = kind;
    rung.wait = kind == call::RungKind::holder   ? waits_.holder
                : kind == call::RungKind::deputy ? waits_.deputy
                                                 : waits_.above;
    const auto reach = reach_.find(person);
    if (reach != reach_.end() && reach->second.email) rung.channels.push_back(call::Channel::mail);
    if (reach != reach_.end() && reach->second.phone) rung.channels.push_back(call::Channel::phone);
    if (person.empty()) {
      rung.skip = "no_holder";
    } else if (!seen_.insert(person).second) {
      rung.skip = "already_asked";
    } else if (rung.channels.empty()) {
      rung.skip = "unreachable";
    }
    rungs_.push_back(std::move(rung));
  }

  std::vector<call::Rung> take() { return std::move(rungs_); }

 private:
  const person::ReachMap& reach_;
  const Policy::Waits& waits_;
  std::set<std::string> seen_;
  std::vector<call::Rung> rungs_;
};

std::vector<call::Rung> ladder_of(const std::string& post, const person::Posts& posts,
                                  const person::ReachMap& reach, const Policy::Waits& waits) {
  Ladder ladder(reach, waits);
  bool first = true;
  for (const person::Post* step : posts.chain(post)) {
    ladder.add(step->id, step->person, first ? call::RungKind::holder : call::RungKind::above);
    if (!step->deputy.empty())
      ladder.add(step->id, step->deputy, first ? call::RungKind::deputy : call::RungKind::above);
    first = false;
  }
  if (first) ladder.add(post, "", call::RungKind::holder);  // a post the register does not know
  return ladder.take();
}

}  // namespace

std::vector<call::Opened> plan(const WarningId& warning, int round, int level,
                               const std::vector<Place>& places, const person::Posts& posts,
                               const person::ReachMap& reach, const Policy& policy,
                               const std::string& fallback) {
  std::map<std::string, call::Opened> by_post;
  for (const Place& place : places) {
    std::vector<std::string> responsible = place.posts;
    if (responsible.empty() && !fallback.empty()) responsible.push_back(fallback);
    for (const std::string& post : responsible) {
      call::Opened& call = by_post[post];
      if (call.riskpoints.empty()) call.area = place.area;
      if (std::ranges::find(call.riskpoints, place.id) != call.riskpoints.end()) continue;
      call.riskpoints.push_back(place.id);
      call.people += place.people;
    }
  }
  const Policy::Waits& waits = policy.by_level[std::clamp(level, 1, 4) - 1];
  std::vector<call::Opened> out;
  for (auto& [post, call] : by_post) {
    call.warning = warning;
    call.round = round;
    call.level = level;
    call.rungs = ladder_of(post, posts, reach, waits);
    out.push_back(std::move(call));
  }
  return out;
}

}  // namespace tocsin::outreach
