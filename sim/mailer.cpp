#include "sim/mailer.h"

#include "sim/story.h"

namespace tocsin::sim {
namespace {

constexpr int tries_max = 5;
constexpr Duration rest = std::chrono::seconds(15);
constexpr Duration report_takes = std::chrono::seconds(20);

std::string identity_of(const node::Outgoing& what) {
  return what.call.text + "." + std::to_string(what.rung) + "." +
         std::to_string(ms_of(what.asked_at));
}

}  // namespace

void Mailer::send(node::Outgoing what, World& world) {
  const std::string identity = identity_of(what);
  UnderWay letter{std::move(what), !world.luck.chance(refusals_),
                  world.now + world.luck.upto(report_takes)};
  if (letter.taken) {
    EXPECT_FALSE(told_.contains(identity));
    sent_.push_back(identity);
  }
  under_way_[letter.what.call.text] = std::move(letter);
}

void Mailer::turn(const node::Node& node, World& world, Instant now, const Report& report) {
  for (auto at = under_way_.begin(); at != under_way_.end();) {
    const UnderWay& letter = at->second;
    if (world.now < letter.report_at) {
      ++at;
      continue;
    }
    call::Delivered told;
    told.rung = letter.what.rung;
    told.handed_over = letter.taken;
    told.final = !letter.taken && letter.what.failures + 1 >= tries_max;
    told.error = letter.taken ? "" : "450 try later";
    const std::string identity = identity_of(letter.what);
    const bool taken = letter.taken;
    report({letter.what.call, told}, [this, identity, taken] {
      if (taken) told_.insert(identity);
    });
    at = under_way_.erase(at);
  }
  for (node::Outgoing& what : node.outbox()) {
    EXPECT_FALSE(node.held());
    const bool rests = what.failed_at && now >= *what.failed_at && now < *what.failed_at + rest;
    if (under_way_.contains(what.call.text) || rests) continue;
    send(std::move(what), world);
  }
}

}  // namespace tocsin::sim
