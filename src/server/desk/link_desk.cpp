#include "server/desk/link_desk.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/figure.h"
#include "server/board/head_count.h"
#include "server/board/rows.h"

namespace tocsin::server {
namespace {

Text reading_of(const warning::Warning& w, const node::Node& node) {
  if (!w.source) return {};
  const observation::Station* station = node.books().stations.find_station(w.source->station);
  const std::string where = station == nullptr ? w.source->station : station->name;
  const std::string at = text_beijing(w.source->at);
  if (is_silence(node, *w.source)) return {where + "，" + at, where + ", " + at};
  const Text found = figure_text(w.source->value, w.source->unit, w.source->change);
  return {where + " " + found.zh + "，" + at, where + " " + found.en + ", " + at};
}

LinkEnd end_of(const warning::Warning& w, const call::Call& call) {
  if (w.phase == warning::Phase::cancelled) return LinkEnd::lifted;
  if (w.phase == warning::Phase::expired) return LinkEnd::ran_out;
  return call.closed_why == "superseded" ? LinkEnd::called_anew : LinkEnd::none;
}

/// What a rule wrote says no more than the reading, which the page shows anyway.
std::string description_of(const warning::Warning& w, const node::Node& node) {
  if (!w.source) return w.issued.description;
  if (is_silence(node, w)) return {};
  const Text found = figure_text(w.source->value, w.source->unit, w.source->change);
  const bool said = w.issued.description.find(found.zh) != std::string::npos;
  return said ? std::string() : w.issued.description;
}

/// Which call a link is good for: its own, or the newest that asks the same person about the same
/// warning, where its own gave way to a later round.
LinkClaims followed(const node::Node& node, LinkClaims claims) {
  const call::Call& own = node.calls().state(claims.call);
  if (own.closed_why != "superseded" || claims.rung >= own.opened.rungs.size()) return claims;
  const std::string& person = own.opened.rungs[claims.rung].person.text;
  if (person_tag(person) != claims.person_tag) return claims;
  std::pair<bool, int> best;  // of the same place before others, then the newest
  for (const std::string& id : node.calls_of(own.opened.warning)) {
    const call::Call& call = node.calls().state(id);
    if (call.phase == call::Phase::closed) continue;
    const std::pair fits(call.opened.area == own.opened.area, call.opened.round);
    for (std::size_t i = 0; i < call.rungs.size() && i < 256; ++i) {
      const bool asked = call.opened.rungs[i].person.text == person && call.rungs[i].asked_at;
      if (!asked || fits <= best) continue;
      best = fits;
      claims.call = id, claims.rung = static_cast<std::uint8_t>(i);
    }
  }
  return claims;
}

LinkView view_of(const node::Node& node, const LinkClaims& given, Instant now,
                 const std::string& phone) {
  const LinkClaims claims = followed(node, given);
  LinkView view;
  view.phone = phone;
  view.call = claims.call;
  const CallId id{claims.call};
  const auto* entry = node.calls().find(id.text);
  if (entry == nullptr || claims.rung >= entry->state.opened.rungs.size()) return view;
  const call::Call& call = entry->state;
  const call::Rung& rung = call.opened.rungs[claims.rung];
  if (person_tag(rung.person.text) != claims.person_tag) return view;
  const warning::Warning& w = node.warnings().state(call.opened.warning.text);
  const bool over = w.phase != warning::Phase::in_force || call.phase == call::Phase::closed;
  // A warning that was prolonged can be answered by the links sent before.
  const Instant until = std::max(Instant(claims.expires), w.issued.expires);
  view.state = over ? LinkState::closed : now >= until ? LinkState::expired : LinkState::asked;
  view.end = end_of(w, call);
  if (view.end == LinkEnd::lifted) view.end_reason = w.ended_reason;
  view.exercise = w.issued.status != warning::Status::actual;
  view.level = static_cast<int>(w.level);
  view.hazard = hazard_words(node, w);
  view.place = node.books().area_name(call.opened.area);
  view.person_name = node.books().person_name(rung.person.text);
  view.headline = {w.issued.headline, w.issued.headline_en};
  view.description = description_of(w, node);
  view.instruction = {w.issued.instruction, w.issued.instruction_en};
  view.silence = is_silence(node, w);
  view.people = view.silence ? 0 : call.opened.people;
  view.reading = reading_of(w, node);
  view.issued_at = warning::level_since(w);
  view.expires = w.issued.expires;
  view.sender = w.issued.sender;
  const place::RiskPoint* place =
      call.opened.riskpoints.empty()
          ? nullptr
          : node.books().riskpoints.find(call.opened.riskpoints.front().text);
  view.sample = place != nullptr && place->sample;
  const auto answers = node.answers_to(id);
  const call::LastWords words = call::last_words(answers);
  HeadCount people;
  people.add(node, call.opened.warning);
  view.to_move = std::max(0, view.people - people.of(call).moved);
  const auto said = words.find(claims.rung);
  if (said == words.end()) return view;
  view.answer = LinkAnswer{std::string(call::text_of(said->second->given.kind)),
                           said->second->given.moved, ""};
  if (said->second->given.words)
    if (const auto plain = node.open(*said->second->given.words)) view.answer->words = *plain;
  view.answered_at = said->second->at;
  return view;
}

}  // namespace

std::optional<LinkClaims> claims_for(const node::Node& node, const CallId& call, int rung) {
  const auto* entry = node.calls().find(call.text);
  if (entry == nullptr || rung < 0) return std::nullopt;
  const auto i = static_cast<std::size_t>(rung);
  if (i >= entry->state.opened.rungs.size() || i > 255) return std::nullopt;
  const std::string& person = entry->state.opened.rungs[i].person.text;
  if (person.empty()) return std::nullopt;
  const warning::Warning& w = node.warnings().state(entry->state.opened.warning.text);
  return LinkClaims{call.text, static_cast<std::uint8_t>(rung),
                    std::chrono::floor<std::chrono::seconds>(w.issued.expires), person_tag(person)};
}

asio::awaitable<LinkView> NodeLinks::view(LinkClaims claims) {
  auto look = [claims, now = clock_.now(), phone = phone_](const node::Node& node) {
    return view_of(node, claims, now, phone);
  };
  co_return co_await desk_.ask(std::move(look));
}

asio::awaitable<Result<LinkView>> NodeLinks::answer(LinkClaims claims, LinkAnswer answer) {
  const LinkView before = co_await view(claims);
  if (before.state != LinkState::asked) co_return fail("call.closed");
  const auto kind = call::parse_answer_kind(answer.kind);
  if (!kind) co_return fail("http.bad_body", "a");
  struct Asked {
    LinkClaims claims;
    std::string person;
  };
  auto look = [claims](const node::Node& node) {
    const LinkClaims now = followed(node, claims);
    const call::Call& call = node.calls().state(now.call);
    return Asked{now, now.rung < call.opened.rungs.size() ? call.opened.rungs[now.rung].person.text
                                                          : std::string()};
  };
  const auto [asked, who] = co_await desk_.ask(std::move(look));
  if (who.empty()) co_return fail("link.unknown");
  if ((answer.call.empty() ? claims.call : answer.call) != asked.call)
    co_return fail("call.called_anew");
  node::GiveAnswer given{CallId{asked.call},      asked.rung,         *kind, answer.moved,
                         std::move(answer.words), call::Channel::link};
  node::Request request{"person/" + who, "", std::move(given)};
  const Submitted done = co_await desk_.submit(std::move(request));
  if (done.failed) co_return std::unexpected(*done.failed);
  if (!done.decided) co_return fail(done.decided.error().code, done.decided.error().field);
  co_return co_await view(claims);
}

}  // namespace tocsin::server
