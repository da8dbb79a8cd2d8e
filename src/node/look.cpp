// Looking at the node: what boards, mail and people are shown. Changes nothing.

#include <algorithm>
#include <tuple>

#include "node/node.h"

namespace tocsin::node {
const std::vector<std::string>& Node::calls_of(const WarningId& warning) const {
  static const std::vector<std::string> none;
  const auto at = calls_by_warning_.find(warning.text);
  return at == calls_by_warning_.end() ? none : at->second;
}

std::vector<const call::Answer*> Node::answers_to(const CallId& call) const {
  std::vector<const call::Answer*> out;
  const auto at = answers_by_call_.find(call.text);
  if (at == answers_by_call_.end()) return out;
  for (const std::string& id : at->second) out.push_back(&answers_.state(id));
  return out;
}

std::vector<Outgoing> Node::outbox() const {
  std::vector<Outgoing> out;
  if (held() || dirty()) return out;  // what is not on disk has not been asked
  for (const std::string& id : mail_waits_) {
    const call::Call& call = calls_.state(id);
    // Over while the node was held: the next turn ends it, and nobody is asked any more.
    if (warnings_.state(call.opened.warning.text).issued.expires <= now_) continue;
    const auto answers = answers_to({id});
    const auto level = static_cast<int>(warnings_.state(call.opened.warning.text).level);
    for (const int i : call::mails_wait(call, call::last_words(answers))) {
      const auto rung = static_cast<std::size_t>(i);
      const call::RungState& state = call.rungs[rung];
      out.push_back({{id},
                     call.opened.warning,
                     i,
                     call.opened.rungs[rung].person,
                     state.failures,
                     state.failed_at,
                     *state.asked_at,
                     state.times_asked,
                     level,
                     {}});
    }
  }
  news_waits_.after(now_ - news_last, [&](const std::string& id) { add_news(out, {id}); });
  std::ranges::sort(out, {}, [](const Outgoing& o) {
    return std::tuple(!o.news.empty(), o.level, o.asked_at, std::string_view(o.call.text), o.rung);
  });
  return out;
}

bool Node::is_fresh(const call::News& news) const { return now_ - news.since < news_last; }

/// News of a level that stands no more are not told: what came after is.
void Node::add_news(std::vector<Outgoing>& out, const CallId& id) const {
  const call::Call& call = calls_.state(id.text);
  const warning::Warning& w = warnings_.state(call.opened.warning.text);
  for (const int i : call::news_waits(call)) {
    const auto rung = static_cast<std::size_t>(i);
    const call::News& news = *call.rungs[rung].news;
    if (!is_fresh(news)) continue;
    const bool stands = w.phase == warning::Phase::in_force && w.issued.expires > now_;
    const auto change = static_cast<int>(w.levels.size());
    if (call::of_the_level(news) && (!stands || change != news.change)) continue;
    out.push_back({id, call.opened.warning, i, call.opened.rungs[rung].person, news.failures,
                   news.failed_at, news.since, news.count, static_cast<int>(w.level), news.about});
  }
}

std::string identity_of(const Outgoing& what) {
  const std::string head = what.call.text + "." + std::to_string(what.rung) + ".";
  return head + (what.news.empty() ? "" : "news") + std::to_string(what.asked);
}

std::vector<ForReview> Node::review() const {
  std::vector<ForReview> out;
  const auto take = [&](const auto& shelf) {
    for (const std::string& id : shelf.to_review()) {
      const auto& review = shelf.all().at(id).review;
      out.insert(out.end(), review.begin(), review.end());
    }
  };
  take(warnings_);
  take(calls_);
  take(answers_);
  take(alarms_);
  take(registers_);
  take(accounts_);
  take(offices_);
  for (const auto& [position, why] : unreadable_) out.push_back({"", position, why});
  for (const Tail& tail : journal_.tails())
    if (tail.forked_at > 0)
      out.push_back(
          {"log/" + tail.log, tail.log + "#" + std::to_string(tail.forked_at), "sync.forked"});
  std::ranges::sort(out, {}, &ForReview::position);
  return out;
}

Result<std::string> Node::open(const log::PartRef& ref) const {
  if (case_is_closed(ref.case_id)) return fail("key.destroyed", ref.case_id);
  const log::Part* pending = journal_.pending_part(ref.hash);
  Result<log::Part> part = pending != nullptr ? Result<log::Part>(*pending) : store_.part(ref.hash);
  if (!part) return std::unexpected(part.error());
  const auto key = keyring_.find(ref.case_id);
  if (!key) return std::unexpected(key.error());
  part->ref = ref;
  return log::open_part(*part, *key);
}

Result<log::Package> Node::package_of(std::string_view kind) const {
  const registers::Register& r = registers_.state(kind);
  if (!r.adopted) return fail("package.not_here", std::string(kind));
  return store_.package(r.adopted->package);
}

}  // namespace tocsin::node
