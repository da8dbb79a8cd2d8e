// Decisions about warnings and the calls that follow from them. Everything is worked out into a
// plan first; nothing is written when any part of it is refused.

#include <algorithm>

#include "node/ids.h"
#include "node/node.h"

namespace tocsin::node {

std::optional<Error> Node::refusal_to_issue(std::string_view by, std::string_view hazard,
                                            warning::Audience audience, Instant now) const {
  warning::Issuer who;
  who.rule = by.starts_with("node/");
  if (by.starts_with("post/")) who.post = by.substr(5);
  if (const person::Post* post = books_.posts.find(who.post)) who.role = post->role;
  return books_.issuing.refusal(hazard, audience, who, now);
}

/// Whether it names a risk point in none of the areas it is about: the people there would be called
/// with the name of a place that is not theirs.
bool Node::lies_elsewhere(const warning::Issued& what) const {
  return !what.areas.empty() && std::ranges::any_of(what.riskpoints, [&](const RiskPointId& id) {
    const place::RiskPoint* p = books_.riskpoints.find(id.text);
    return p != nullptr && std::ranges::none_of(what.areas, [&](const std::string& area) {
             return books_.code_of(p->area).starts_with(short_area_code(area));
           });
  });
}

Node::Planning Node::plan(const IssueWarning& c, const Request& request, Instant now) {
  if (auto no = refusal_to_issue(request.by, c.what.hazard, c.what.audience, now))
    return std::unexpected(Refusal{no->code, no->field});
  if (lies_elsewhere(c.what))
    return std::unexpected(Refusal{"warning.riskpoint_elsewhere", "riskpoints"});
  Plan plan;
  const WarningId id{derived_id(
      "w", request.command_id.empty() ? c.what.headline + iso_utc(now) : request.command_id)};
  const auto issued = issue(plan, id, c.what, now);
  if (!issued) return std::unexpected(issued.error());
  plan.id = id.text;
  return plan;
}

std::expected<WarningId, Refusal> Node::issue(Plan& plan, WarningId id, warning::Issued what,
                                              Instant now) {
  what.sender = setup_.sender;
  what.onset = std::max(what.onset, now);  // what has begun already is in force from now
  what.status = setup_.exercise ? warning::Status::exercise : warning::Status::actual;
  const std::string head = setup_.identifier_head + "_" + compact_beijing(now);
  for (int n = 0; what.identifier.empty() || identifiers_.contains(what.identifier); ++n)
    what.identifier = n == 0 ? head : head + "_" + std::to_string(n);
  if (what.edition.empty() && !what.areas.empty()) what.edition = edition_of(what.areas.front());
  for (const std::string& area : what.areas)
    if (!books_.divisions.empty() && !books_.divisions.latest(area))
      return std::unexpected(Refusal{"warning.unknown_area", "areas"});
  if (what.riskpoints.empty())
    for (const outreach::Place& place : places_of(what))
      if (!place.id.empty()) what.riskpoints.push_back(place.id);
  const auto event = warning::decide(warnings_.state(id.text), warning::Issue{what}, now);
  if (!event) return std::unexpected(event.error());
  plan.events.push_back({"alert", "warning/" + id.text, warning::encode(*event)});
  open_calls(plan, id, 1, what.level, what);
  return id;
}

/// The edition a code that stands alone is of: the one in use where it has the code, else the
/// latest that has it.
std::string Node::edition_of(const std::string& code) const {
  const std::string area(short_area_code(code));
  if (books_.divisions.find({area, books_.edition}) != nullptr) return books_.edition;
  const auto latest = books_.divisions.latest(area);
  return latest ? latest->edition : std::string();
}

std::vector<outreach::Place> Node::places_of(const warning::Issued& what) const {
  std::vector<outreach::Place> out;
  const auto add = [&](const place::RiskPoint& p) {
    out.push_back({{p.id}, books_.code_of(p.area), p.people, p.responsible});
  };
  for (const RiskPointId& id : what.riskpoints)
    if (const place::RiskPoint* p = books_.riskpoints.find(id.text)) add(*p);
  if (!what.riskpoints.empty()) {
    // Of risk points that nobody knows (any more) the duty post is told: better than nobody.
    const std::string area = what.areas.empty() ? setup_.area : what.areas.front();
    if (out.empty()) out.push_back({{}, std::string(short_area_code(area)), 0, {}});
    return out;
  }
  for (const std::string& code : what.areas) {
    const std::size_t before = out.size();
    for (const place::RiskPoint& p : books_.riskpoints.all())
      if (books_.code_of(p.area).starts_with(short_area_code(code))) add(p);
    if (out.size() > before) continue;
    outreach::Place whole{{}, std::string(short_area_code(code)), 0, {}};
    for (const person::Post& post : books_.posts.all()) {
      const bool there = short_area_code(books_.code_of(post.area)) == whole.area;
      if (there && (post.role == "township_officer" || post.role == "village_head"))
        whole.posts.push_back(post.id);
    }
    out.push_back(std::move(whole));
  }
  return out;
}

std::string Node::lane_of_call(const call::Opened& what) const {
  const std::string area = what.area.empty() ? setup_.area : what.area.substr(0, 9);
  return "work/" + (area.empty() ? std::string("all") : area);
}

/// Who took it on in an earlier round of calls about a warning that began with a post: he acts on
/// what he was told then, so he hears at once of what is graver.
std::set<std::string> Node::answered_before(const WarningId& id, const std::string& post) const {
  std::set<std::string> out;
  for (const std::string& earlier : calls_of(id)) {
    const call::Opened& opened = calls_.state(earlier).opened;
    if (opened.rungs.empty() || opened.rungs.front().post.text != post) continue;
    for (const call::Answer* answer : answers_to({earlier})) {
      const auto rung = static_cast<std::size_t>(answer->given.rung);
      const bool took_it = answer->given.kind != call::AnswerKind::cannot;
      if (took_it && rung < opened.rungs.size()) out.insert(opened.rungs[rung].person.text);
    }
  }
  return out;
}

void Node::open_calls(Plan& plan, const WarningId& id, int round, warning::Level level,
                      const warning::Issued& what) {
  const auto calls = outreach::plan(id, round, static_cast<int>(level), places_of(what),
                                    books_.posts, books_.reach, setup_.policy, setup_.duty_post);
  for (const call::Opened& opened : calls) {
    const std::string& post = opened.rungs.empty() ? opened.area : opened.rungs.front().post.text;
    // Named after the claim under which it is opened, so that two offices that both believe they
    // command do not open one and the same call.
    const auto* standing = warnings_.find(id.text);
    std::string cause = id.text + "|" + std::to_string(round) + "|" + post;
    if (standing != nullptr && standing->term.claim)
      cause += "|" + log::text_of(*standing->term.claim);
    const std::string entity = "call/" + derived_id("c", cause);
    for (const call::Event& event : call::open(opened, answered_before(id, post)))
      plan.events.push_back({lane_of_call(opened), entity, call::encode(event)});
  }
}

/// The next round of calls about a warning.
int Node::next_round(const WarningId& id) const {
  int last = 0;
  for (const std::string& call : calls_of(id))
    last = std::max(last, calls_.state(call).opened.round);
  return last + 1;
}

void Node::close_calls(Plan& plan, const WarningId& id, std::string_view why) const {
  for (const std::string& call_id : calls_of(id)) {
    const auto* entry = calls_.find(call_id);
    if (entry->owner != setup_.name || entry->state.phase == call::Phase::closed) continue;
    plan.events.push_back({lane_of_call(entry->state.opened), "call/" + call_id,
                           call::encode(call::Closed{std::string(why)})});
  }
}

/// Those who were asked are told what became of the warning: each once, by the newest call that
/// asked him.
void Node::inform(Plan& plan, const WarningId& id, std::string_view about,
                  warning::Level level) const {
  std::vector<std::string> calls = calls_of(id);
  std::ranges::sort(calls, std::greater{}, [&](const std::string& call) {
    return std::pair(calls_.state(call).opened.round, call);
  });
  std::set<std::string> told;
  const auto change = static_cast<int>(warnings_.state(id.text).levels.size()) + 1;
  for (const std::string& call_id : calls) {
    const auto* entry = calls_.find(call_id);
    if (entry->owner != setup_.name) continue;
    const call::Call& call = entry->state;
    call::Informed event{std::string(about), static_cast<int>(level), {}, change};
    for (std::size_t i = 0; i < call.rungs.size(); ++i) {
      const bool asked = call.rungs[i].times_asked > 0;
      if (asked && told.insert(call.opened.rungs[i].person.text).second)
        event.rungs.push_back(static_cast<int>(i));
    }
    if (!event.rungs.empty())
      plan.events.push_back(
          {lane_of_call(call.opened), "call/" + call_id, call::encode(std::move(event))});
  }
}

void Node::raise_level(Plan& plan, const WarningId& id, warning::Level level,
                       const warning::LevelChanged& event) {
  const warning::Warning& w = warnings_.state(id.text);
  plan.events.push_back({"alert", "warning/" + id.text, warning::encode(event)});
  // Where it gets no graver, the calls that are open go on.
  if (level == w.level) return inform(plan, id, "prolonged", level);
  if (static_cast<int>(level) > static_cast<int>(w.level))
    return inform(plan, id, "lowered", level);
  close_calls(plan, id, "superseded");
  open_calls(plan, id, next_round(id), level, w.issued);
}

Node::Planning Node::plan(const ChangeLevel& c, const Request& request, Instant now) {
  const warning::Warning& w = warnings_.state(c.warning.text);
  const auto event = warning::decide(w, warning::ChangeLevel{c.level, c.reason, {}, c.words}, now);
  if (!event) return std::unexpected(event.error());
  if (auto no = refusal_to_issue(request.by, w.issued.hazard, w.issued.audience, now))
    return std::unexpected(Refusal{no->code, no->field});
  Plan plan;
  plan.id = c.warning.text;
  raise_level(plan, c.warning, c.level, std::get<warning::LevelChanged>(*event));
  return plan;
}

Node::Planning Node::plan(const CancelWarning& c, const Request& request, Instant now) {
  const warning::Warning& w = warnings_.state(c.warning.text);
  const auto event = warning::decide(w, warning::Cancel{c.reason}, now);
  if (!event) return std::unexpected(event.error());
  if (auto no = refusal_to_issue(request.by, w.issued.hazard, w.issued.audience, now))
    return std::unexpected(Refusal{no->code, no->field});
  Plan plan;
  plan.id = c.warning.text;
  plan.events.push_back({"alert", "warning/" + c.warning.text, warning::encode(*event)});
  close_calls(plan, c.warning, "cancelled");
  inform(plan, c.warning, "cancelled", w.level);
  return plan;
}

Node::Planning Node::plan(const AcknowledgeWarning& c, const Request&, Instant now) {
  const auto event = warning::decide(warnings_.state(c.warning.text), warning::Acknowledge{}, now);
  if (!event) return std::unexpected(event.error());
  Plan plan;
  plan.id = c.warning.text;
  plan.events.push_back({"alert", "warning/" + c.warning.text, warning::encode(*event)});
  return plan;
}

Node::Planning Node::plan(const RecallWarning& c, const Request&, Instant) {
  if (warnings_.state(c.warning.text).phase != warning::Phase::in_force)
    return std::unexpected(Refusal{"warning.not_in_force", ""});
  Plan plan;
  plan.id = c.warning.text;
  for (const std::string& id : calls_of(c.warning)) {
    const auto* entry = calls_.find(id);
    const call::Call& call = entry->state;
    const auto answers = answers_to({id});
    const auto events = call::recall(call, call::last_words(answers));
    if (!events || entry->owner != setup_.name) continue;
    for (const call::Event& event : *events)
      plan.events.push_back({lane_of_call(call.opened), "call/" + id, call::encode(event)});
  }
  if (plan.events.empty()) return std::unexpected(Refusal{"warning.all_answered", ""});
  return plan;
}

Node::Planning Node::plan(const AssumeCommand& c, const Request&, Instant) {
  Plan plan;
  plan.id = c.entity;
  const std::size_t slash = c.entity.find('/');
  const std::string kind = c.entity.substr(0, slash), id = c.entity.substr(slash + 1);
  const auto claim = [&](const auto& shelf, const std::string& what, const std::string& name) {
    const auto* entry = shelf.find(name);
    if (entry == nullptr || entry->owner == setup_.name) return;
    const office::Claimed body{entry->term.claim, entry->last_seq, c.reason};
    std::string lane = log::parse_log_id(journal_.tail(entry->log).log)->lane;
    plan.events.push_back({std::move(lane), what + "/" + name, office::encode(body)});
  };
  const bool known = kind == "warning" ? warnings_.find(id) != nullptr
                                       : kind == "call" && calls_.find(id) != nullptr;
  if (!known) return std::unexpected(Refusal{"entity.unknown", ""});
  if (kind == "call") claim(calls_, kind, id);
  if (kind == "warning") {
    claim(warnings_, kind, id);
    // Who commands a warning also asks: its calls come with it, as far as they are known here.
    for (const std::string& call : calls_of({id}))
      if (calls_.state(call).phase != call::Phase::closed) claim(calls_, "call", call);
  }
  if (plan.events.empty()) return std::unexpected(Refusal{"entity.ours_already", ""});
  return plan;
}

}  // namespace tocsin::node
