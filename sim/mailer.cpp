#include "sim/mailer.h"

#include "sim/story.h"

namespace tocsin::sim {
namespace {

constexpr int tries_max = 5;
constexpr Duration rest = std::chrono::seconds(15);
constexpr Duration report_takes = std::chrono::seconds(20);

}  // namespace

void Mailer::send(node::Outgoing what, std::string term, World& world) {
  UnderWay letter{std::move(what), std::move(term), !world.luck.chance(refusals_),
                  world.now + world.luck.upto(report_takes)};
  if (letter.taken) {
    EXPECT_FALSE(told_.contains({identity_of(letter.what), letter.term}));
    sent_.push_back(identity_of(letter.what));
  }
  std::string identity = identity_of(letter.what);
  under_way_[std::move(identity)] = std::move(letter);
}

/// Reports until somebody has decided about it: while the disk is full, what was handed over must
/// not be handed over again.
void Mailer::tell(const std::string& identity, const Report& report) {
  UnderWay& letter = under_way_.at(identity);
  letter.reporting = true;
  call::Delivered told;
  told.rung = letter.what.rung;
  told.handed_over = letter.taken;
  told.final = !letter.taken && letter.what.failures + 1 >= tries_max;
  told.error = letter.taken ? "" : "450 try later";
  told.news = !letter.what.news.empty();
  told.asked = letter.what.asked;
  report({letter.what.call, told}, [this, identity](bool decided, bool kept) {
    const auto at = under_way_.find(identity);
    if (at == under_way_.end()) return;  // the machine died meanwhile
    const UnderWay& heard = at->second;
    if (kept && heard.taken) told_.insert({identity_of(heard.what), heard.term});
    if (decided) {
      under_way_.erase(at);
    } else {
      at->second.reporting = false;
    }
  });
}

void Mailer::turn(const node::Node& node, World& world, Instant now, const Report& report) {
  std::vector<std::string> ready;
  for (const auto& [identity, letter] : under_way_)
    if (!letter.reporting && world.now >= letter.report_at) ready.push_back(identity);
  for (const std::string& identity : ready) tell(identity, report);
  for (node::Outgoing& what : node.outbox()) {
    EXPECT_FALSE(node.held());
    const bool rests = what.failed_at && now >= *what.failed_at && now < *what.failed_at + rest;
    if (under_way_.contains(identity_of(what)) || rests) continue;
    std::string term = log::text_of(node.calls().find(what.call.text)->term);
    send(std::move(what), std::move(term), world);
  }
}

}  // namespace tocsin::sim
