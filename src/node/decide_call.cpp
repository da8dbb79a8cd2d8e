// Decisions about calls: answers however they came, what the officer noted at the phone, what a
// channel reported.

#include "node/ids.h"
#include "node/node.h"

namespace tocsin::node {
namespace {

constexpr std::size_t words_max = 2000;  // bytes

std::unexpected<Refusal> no(std::string code, std::string field = {}) {
  return std::unexpected(Refusal{std::move(code), std::move(field)});
}

/// The rung must be of this call and must have been asked.
std::optional<Refusal> not_asked(const call::Call& call, int rung) {
  if (call.phase == call::Phase::none) return Refusal{"call.unknown", ""};
  const auto index = static_cast<std::size_t>(rung);
  if (rung < 0 || index >= call.rungs.size()) return Refusal{"call.no_such_rung", "rung"};
  if (call.rungs[index].times_asked == 0) return Refusal{"call.not_asked", "rung"};
  return std::nullopt;
}

}  // namespace

/// What people say is sealed with the key of the warning's case; the event names it only.
std::expected<log::PartRef, Refusal> Node::seal_words(Plan& plan, const WarningId& warning,
                                                      std::string_view words) {
  const log::CaseId case_id = case_of(warning);
  const auto key = keyring_.key_for(case_id, dice_);
  if (!key) return no("answer.cannot_keep_words", "words");
  plan.parts.push_back(log::seal_part(words, case_id, *key, dice_));
  return plan.parts.back().ref;
}

Node::Planning Node::plan(const GiveAnswer& c, const Request& request, Instant now) {
  const auto* entry = calls_.find(c.call.text);
  if (entry == nullptr) return no("call.unknown");
  const call::Call& call = entry->state;
  if (const auto refusal = not_asked(call, c.rung)) return std::unexpected(*refusal);
  if (call.phase == call::Phase::closed) return no("call.closed");
  if (c.kind == call::AnswerKind::done && !c.moved) return no("answer.number_missing", "moved");
  if (c.moved && (*c.moved < 0 || *c.moved > 1000000)) return no("answer.bad_number", "moved");
  const bool more = c.moved && call.opened.people > 0 && *c.moved > call.opened.people;
  if (more && c.words.empty()) return no("answer.more_than_listed", "moved");
  if (c.words.size() > words_max) return no("answer.too_long", "words");

  Plan plan;
  const auto index = static_cast<std::size_t>(c.rung);
  call::Given given{c.call,
                    call.opened.warning,
                    c.rung,
                    call.opened.rungs[index].person,
                    c.kind,
                    c.moved,
                    {},
                    c.channel,
                    call.rungs[index].times_asked};
  if (!c.words.empty()) {
    const auto words = seal_words(plan, call.opened.warning, c.words);
    if (!words) return std::unexpected(words.error());
    given.words = *words;
  }
  const std::string cause = request.command_id.empty() ? iso_utc(now) : request.command_id;
  // Two people may answer one call in one millisecond.
  const std::string said = c.call.text + "|" + std::to_string(c.rung) + "|" + cause;
  const std::string answer = derived_id("a", said);
  plan.id = c.call.text;
  plan.events.push_back({lane_of_call(call.opened), "answer/" + answer, call::encode(given)});
  if (held() || entry->owner != setup_.name) return plan;

  // `cannot` climbs at once.
  const call::Answer fresh{given, Instant::max(), request.by, "", 0};  // said after all others
  auto answers = answers_to(c.call);
  answers.push_back(&fresh);
  for (const call::Event& event : call::next(call, call::last_words(answers), false))
    plan.events.push_back({lane_of_call(call.opened), "call/" + c.call.text, call::encode(event)});
  return plan;
}

Node::Planning Node::plan(const NoteAttempt& c, const Request&, Instant) {
  const call::Call& call = calls_.state(c.call.text);
  if (const auto refusal = not_asked(call, c.rung)) return std::unexpected(*refusal);
  if (c.outcome == call::Attempted::told) {  // also of a call that is over
    if (!call::untold(call.rungs[static_cast<std::size_t>(c.rung)]))
      return no("call.nothing_to_tell", "outcome");
  } else {
    if (call.phase == call::Phase::closed) return no("call.closed");
    if (c.outcome != "no_answer" && c.outcome != "busy" && c.outcome != "wrong_person")
      return no("call.bad_outcome", "outcome");
  }
  if (c.words.size() > words_max) return no("answer.too_long", "words");
  Plan plan;
  plan.id = c.call.text;
  call::Attempted tried{c.rung, c.outcome, {}};
  if (!c.words.empty()) {
    const auto words = seal_words(plan, call.opened.warning, c.words);
    if (!words) return std::unexpected(words.error());
    tried.words = *words;
  }
  plan.events.push_back({lane_of_call(call.opened), "call/" + c.call.text, call::encode(tried)});
  return plan;
}

Node::Planning Node::plan(const ReportDelivery& c, const Request&, Instant now) {
  const call::Call& call = calls_.state(c.call.text);
  if (const auto refusal = not_asked(call, c.what.rung)) return std::unexpected(*refusal);
  Plan plan;
  plan.id = c.call.text;
  const std::string entity = "call/" + c.call.text, lane = lane_of_call(call.opened);
  plan.events.push_back({lane, entity, call::encode(c.what)});
  const log::Meta meta{now, "", "", 0};
  const call::Call after = call::evolve(call, c.what, meta);
  const auto answers = answers_to(c.call);
  for (const call::Event& event : call::next(after, call::last_words(answers), false))
    plan.events.push_back({lane, entity, call::encode(event)});
  return plan;
}

Node::Planning Node::plan(const Resend& c, const Request&, Instant) {
  const call::Call& call = calls_.state(c.call.text);
  const auto answers = answers_to(c.call);
  const auto events = call::recall(call, call::last_words(answers));
  if (!events) return std::unexpected(events.error());
  Plan plan;
  plan.id = c.call.text;
  for (const call::Event& event : *events)
    plan.events.push_back({lane_of_call(call.opened), "call/" + c.call.text, call::encode(event)});
  return plan;
}

}  // namespace tocsin::node
