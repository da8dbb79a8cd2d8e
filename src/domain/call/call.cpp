#include "domain/call/call.h"

#include <algorithm>
#include <tuple>

#include "base/result.h"

namespace tocsin::call {
namespace {

/// The first rung from `from` on where somebody is asked.
std::optional<int> first_from(const std::vector<Rung>& rungs, int from) {
  for (std::size_t i = static_cast<std::size_t>(std::max(0, from)); i < rungs.size(); ++i)
    if (rungs[i].skip.empty()) return static_cast<int>(i);
  return std::nullopt;
}

RungState* rung_at(Call& c, int index) {
  const auto i = static_cast<std::size_t>(index);
  return index >= 0 && i < c.rungs.size() ? &c.rungs[i] : nullptr;
}

void fold(Call& c, const Opened& e, const log::Meta& meta) {
  if (c.phase != Phase::none) return;
  c.phase = Phase::open;
  c.opened = e;
  c.opened_at = meta.at;
  c.rungs.resize(e.rungs.size());
}

void fold(Call& c, const Asked& e, const log::Meta& meta) {
  RungState* rung = rung_at(c, e.rung);
  if (rung == nullptr) return;
  if (c.phase == Phase::exhausted) c.phase = Phase::open;
  c.current = e.rung;
  rung->asked_at = meta.at;
  ++rung->times_asked;
  rung->handed_over_at.reset();
  rung->failed_at.reset();
  rung->given_up = false;
  rung->failures = 0;
  if (rung->news) rung->news->given_up = true;  // what he is asked with says how things stand
}

void fold(Call& c, const Attempted& e, const log::Meta& meta) {
  RungState* rung = rung_at(c, e.rung);
  if (rung == nullptr) return;
  rung->attempts.push_back({meta.at, e.outcome, e.words});
  if (e.outcome == Attempted::told && rung->news) rung->news->told_at = meta.at;
}

void fold(News& news, const Delivered& e, const log::Meta& meta) {
  if (e.handed_over) {
    news.handed_over_at = meta.at;
    news.error.clear();
    return;
  }
  news.failed_at = meta.at;
  ++news.failures;
  news.given_up |= e.final;
  news.error = e.error;
}

void fold(Call& c, const Informed& e, const log::Meta& meta) {
  for (const int i : e.rungs) {
    RungState* rung = rung_at(c, i);
    if (rung == nullptr) continue;
    const int before = rung->news ? rung->news->count : 0;
    rung->news = News{e.about, e.level, before + 1, e.change, meta.at, {}, {}, false, 0, {}};
  }
}

void fold(Call& c, const Delivered& e, const log::Meta& meta) {
  RungState* rung = rung_at(c, e.rung);
  if (rung == nullptr) return;
  const auto about = [&](int count) { return e.asked == 0 || e.asked == count; };
  if (e.news) {
    if (rung->news && about(rung->news->count)) fold(*rung->news, e, meta);
    return;
  }
  if (!about(rung->times_asked)) return;  // he has been asked again since
  if (e.handed_over) {
    rung->handed_over_at = meta.at;
    rung->error.clear();
    return;
  }
  rung->failed_at = meta.at;
  ++rung->failures;
  rung->given_up = e.final;
  rung->error = e.error;
}

/// The person now being asked said he cannot, after he was asked. Which asking he answers is
/// counted, since the answer may have been taken at an office whose clock is wrong.
bool said_cannot(const Call& c, const LastWords& words) {
  const auto said = words.find(*c.current);
  if (said == words.end() || said->second->given.kind != AnswerKind::cannot) return false;
  const RungState& rung = c.rungs[static_cast<std::size_t>(*c.current)];
  const int answered = said->second->given.asked;
  if (answered > 0) return answered >= rung.times_asked;
  return !rung.asked_at || said->second->at >= *rung.asked_at;
}

bool has_mail(const Rung& rung) {
  return std::ranges::find(rung.channels, Channel::mail) != rung.channels.end();
}

/// The only way to this person was a mail, and that was given up: nobody has been asked.
bool cut_off(const Call& c) {
  const auto index = static_cast<std::size_t>(*c.current);
  const Rung& rung = c.opened.rungs[index];
  return c.rungs[index].given_up && rung.channels.size() == 1 && has_mail(rung);
}

}  // namespace

Call evolve(Call c, const Event& event, const log::Meta& meta) {
  std::visit(overloaded{
                 [&](const Opened& e) { fold(c, e, meta); },
                 [&](const Asked& e) { fold(c, e, meta); },
                 [&](const Delivered& e) { fold(c, e, meta); },
                 [&](const Attempted& e) { fold(c, e, meta); },
                 [&](const Informed& e) { fold(c, e, meta); },
                 [&](const Climbed& e) {
                   if (RungState* rung = rung_at(c, e.from)) rung->left = e.why;
                 },
                 [&](const Exhausted&) {
                   if (c.current)
                     if (RungState* rung = rung_at(c, *c.current); rung->left.empty())
                       rung->left = "silent";
                   if (c.phase == Phase::open) c.phase = Phase::exhausted;
                   c.current.reset();
                 },
                 [&](const Closed& e) {
                   c.phase = Phase::closed;
                   c.closed_why = e.why;
                   c.ended_at = meta.at;
                   if (c.current)
                     if (RungState* rung = rung_at(c, *c.current)) rung->left = "closed";
                   c.current.reset();
                 },
             },
             event);
  return c;
}

Answer evolve(Answer a, const AnswerEvent& event, const log::Meta& meta) {
  a.given = std::get<Given>(event);
  a.at = meta.at;
  a.by = meta.by;
  a.log = meta.log;
  a.seq = meta.seq;
  return a;
}

LastWords last_words(std::span<const Answer* const> answers) {
  LastWords out;
  for (const Answer* answer : answers) {
    const Answer*& last = out[answer->given.rung];
    // A clock put back gives many words one instant: then the number in the log tells the last.
    const auto when = [](const Answer& a) { return std::tuple(a.given.asked, a.at, a.log, a.seq); };
    if (last == nullptr || when(*last) <= when(*answer)) last = answer;
  }
  return out;
}

const Answer* settling(const LastWords& words) {
  const Answer* best = nullptr;
  for (const auto& [rung, answer] : words) {
    if (answer->given.kind == AnswerKind::cannot) continue;
    if (best == nullptr || best->at < answer->at) best = answer;
  }
  return best;
}

std::vector<Event> next(const Call& c, const LastWords& words, bool waited) {
  if (c.phase != Phase::open || !c.current || settling(words) != nullptr) return {};
  const bool cannot = said_cannot(c, words);
  const bool lost = cut_off(c);
  if (!cannot && !waited && !lost) return {};
  // Who was asked beside the first has had all that time already.
  auto to = first_from(c.opened.rungs, *c.current + 1);
  while (to && c.rungs[static_cast<std::size_t>(*to)].times_asked > 0)
    to = first_from(c.opened.rungs, *to + 1);
  if (!to) return {Exhausted{}};
  const char* why = cannot ? "cannot" : lost ? "unreachable" : "silent";
  return {Climbed{*c.current, *to, why}, Asked{*to}};
}

std::optional<Wait> waiting(const Call& c, const LastWords& words) {
  if (c.phase != Phase::open || !c.current || settling(words) != nullptr) return std::nullopt;
  const auto index = static_cast<std::size_t>(*c.current);
  if (!c.rungs[index].asked_at) return std::nullopt;
  return Wait{*c.rungs[index].asked_at, c.opened.rungs[index].wait};
}

std::vector<int> mails_wait(const Call& c, const LastWords& words) {
  std::vector<int> out;
  const bool asks = c.phase == Phase::open || c.phase == Phase::exhausted;
  if (!asks || settling(words) != nullptr) return out;
  for (std::size_t i = 0; i < c.rungs.size(); ++i) {
    const RungState& rung = c.rungs[i];
    const bool waits = rung.asked_at && !rung.handed_over_at && !rung.given_up;
    const int index = static_cast<int>(i);
    if (waits && has_mail(c.opened.rungs[i]) && !words.contains(index)) out.push_back(index);
  }
  return out;
}

bool untold(const RungState& rung) {
  return rung.news && !rung.news->handed_over_at && !rung.news->told_at;
}

std::vector<int> news_waits(const Call& c) {
  std::vector<int> out;
  for (std::size_t i = 0; i < c.rungs.size(); ++i) {
    const bool waits = untold(c.rungs[i]) && !c.rungs[i].news->given_up;
    if (waits && has_mail(c.opened.rungs[i])) out.push_back(static_cast<int>(i));
  }
  return out;
}

std::vector<Event> open(const Opened& what, const std::set<std::string>& besides) {
  const auto first = first_from(what.rungs, 0);
  if (!first) return {what, Exhausted{}};
  std::vector<Event> out{what};
  for (std::size_t i = static_cast<std::size_t>(*first) + 1; i < what.rungs.size(); ++i) {
    const Rung& rung = what.rungs[i];
    const bool besides_him = rung.skip.empty() && besides.contains(rung.person.text);
    if (besides_him && has_mail(rung)) out.push_back(Asked{static_cast<int>(i)});
  }
  out.push_back(Asked{*first});  // the ladder begins with him
  return out;
}

std::expected<std::vector<Event>, Refusal> recall(const Call& c, const LastWords& words) {
  if (c.phase != Phase::open && c.phase != Phase::exhausted)
    return std::unexpected(Refusal{"call.not_open", ""});
  if (settling(words) != nullptr) return std::unexpected(Refusal{"call.answered", ""});
  const auto rung = c.current ? c.current : first_from(c.opened.rungs, 0);
  if (!rung) return std::unexpected(Refusal{"call.nobody", ""});
  return std::vector<Event>{Asked{*rung}};
}

}  // namespace tocsin::call
