// What becomes of an alarm: alarms of one family on the same risk points are one warning, and so
// one call to a person; a graver one raises the warning that stands.

#include <algorithm>

#include <fmt/format.h>

#include "base/figure.h"
#include "node/ids.h"
#include "node/node.h"

namespace tocsin::node {
namespace {

warning::Source source_of(const AlarmId& id, const alarm::Raised& what) {
  return {id, what.rule, what.station, what.point, what.unit, what.value, what.at, what.change};
}

warning::Rewording rewording_of(const warning::Issued& words) {
  return {words.headline,    words.description,    words.instruction,
          words.headline_en, words.instruction_en, words.expires};
}

/// "2.84 m", "1 小时涨 0.5 m，到 2.08 m": what was found, as a person reads it.
std::string value_text(const alarm::Raised& what) {
  return what.missing ? std::string() : figure_text(what.value, what.unit, what.change).zh;
}

}  // namespace

std::optional<WarningId> Node::standing_for(const alarm::Raised& what) const {
  // Every risk point must be covered by one and the same standing warning of the family.
  std::optional<std::set<std::string>> common;
  for (const RiskPointId& place : what.riskpoints) {
    const auto at = standing_.find({what.family, place.text});
    if (at == standing_.end() || at->second.empty()) return std::nullopt;
    if (!common) {
      common = at->second;
      continue;
    }
    std::erase_if(*common, [&](const std::string& id) { return !at->second.contains(id); });
  }
  if (!common || common->empty()) return std::nullopt;
  // One whose time is over is only not ended yet (the node is held): what joined it would call
  // nobody.
  const auto owned = std::ranges::find_if(*common, [&](const std::string& id) {
    const auto* entry = warnings_.find(id);
    return entry->owner == setup_.name && entry->state.issued.expires > now_;
  });
  if (owned == common->end()) return std::nullopt;
  return WarningId{*owned};
}

warning::Issued Node::words_for(const AlarmId& id, const alarm::Raised& what, warning::Level level,
                                Instant now) const {
  warning::Issued w;
  w.hazard = what.hazard;
  w.level = level;
  w.family = what.family;
  w.riskpoints = what.riskpoints;
  w.source = source_of(id, what);
  w.onset = now;
  w.expires = now + alarm::stands_for(what);
  const observation::Station* station = books_.stations.find_station(what.station);
  const std::string where = station == nullptr ? what.station : station->name;
  w.headline = what.name.zh;
  w.headline_en = what.name.en;
  w.description =
      what.missing ? fmt::format("{}，到 {} 没有数据", where, text_beijing(what.at))
                   : fmt::format("{}，{} 测，{}", where, text_beijing(what.at), value_text(what));
  w.instruction = what.instruction.zh;
  w.instruction_en = what.instruction.en;
  for (const RiskPointId& place : what.riskpoints)
    if (const place::RiskPoint* p = books_.riskpoints.find(place.text)) {
      std::string code = books_.code_of(p->area);
      if (std::ranges::find(w.areas, code) == w.areas.end()) w.areas.push_back(std::move(code));
    }
  if (w.areas.empty() && station != nullptr) w.areas.push_back(books_.code_of(station->area));
  if (w.areas.empty() && !setup_.area.empty()) w.areas.push_back(setup_.area);
  return w;
}

std::expected<void, Refusal> Node::take_alarm(Plan& plan, const AlarmId& id,
                                              const alarm::Raised& what, std::string_view by,
                                              warning::Issued words, Instant now) {
  if (auto no = refusal_to_issue(by, words.hazard, words.audience, now))
    return std::unexpected(Refusal{no->code, no->field});
  const warning::Level level = words.level;
  const auto standing = standing_for(what);
  WarningId warning;
  if (!standing) {
    const auto issued = issue(plan, {derived_id("w", id.text)}, std::move(words), now);
    if (!issued) return std::unexpected(issued.error());
    warning = *issued;
  } else {
    warning = *standing;
    const warning::Warning& w = warnings_.state(warning.text);
    const warning::Source source = source_of(id, what);
    if (static_cast<int>(level) < static_cast<int>(w.level)) {
      const std::string reason = words.headline + " " + value_text(what);
      raise_level(plan, warning, level, {level, reason, source, rewording_of(words)});
    } else {
      plan.events.push_back(
          {"alert", "warning/" + warning.text, warning::encode(warning::AlarmJoined{source})});
      if (now - w.changed_at > what.group_window) {
        close_calls(plan, warning, "superseded");
        open_calls(plan, warning, next_round(warning), w.level, w.issued);
      }
    }
  }
  plan.events.push_back({"desk", "alarm/" + id.text, alarm::encode(alarm::Linked{warning})});
  return {};
}

Node::Planning Node::plan(const RaiseAlarm& c, const Request&, Instant now) {
  const auto event = alarm::raise(alarms_.state(c.alarm.text), c.what);
  if (!event) return std::unexpected(event.error());
  Plan plan;
  plan.id = c.alarm.text;
  plan.events.push_back({"desk", "alarm/" + c.alarm.text, alarm::encode(*event)});
  const bool goes_out = c.what.automatic && c.what.level >= 1;
  if (!goes_out) return plan;
  const auto level = static_cast<warning::Level>(c.what.level);
  const auto taken = take_alarm(plan, c.alarm, c.what, "node/" + setup_.name,
                                words_for(c.alarm, c.what, level, now), now);
  // A rule may find what its words cannot carry (no instruction, a hazard a person must issue): the
  // alarm stands all the same and waits for a person.
  if (!taken) plan.events.resize(1);
  return plan;
}

Node::Planning Node::plan(const ClearAlarm& c, const Request&, Instant) {
  const auto event = alarm::clear(alarms_.state(c.alarm.text), c.what);
  if (!event) return std::unexpected(event.error());
  Plan plan;
  plan.id = c.alarm.text;
  plan.events.push_back({"desk", "alarm/" + c.alarm.text, alarm::encode(*event)});
  return plan;
}

Node::Planning Node::plan(const ResumeAlarm& c, const Request&, Instant) {
  const auto event = alarm::resume(alarms_.state(c.alarm.text));
  if (!event) return std::unexpected(event.error());
  Plan plan;
  plan.id = c.alarm.text;
  plan.events.push_back({"desk", "alarm/" + c.alarm.text, alarm::encode(*event)});
  return plan;
}

Node::Planning Node::plan(const WithdrawAlarm& c, const Request&, Instant) {
  const auto event = alarm::withdraw(alarms_.state(c.alarm.text), c.reason);
  if (!event) return std::unexpected(event.error());
  Plan plan;
  plan.id = c.alarm.text;
  plan.events.push_back({"desk", "alarm/" + c.alarm.text, alarm::encode(*event)});
  return plan;
}

Node::Planning Node::plan(const ReviseAlarm& c, const Request&, Instant) {
  const auto event = alarm::revise(alarms_.state(c.alarm.text), c.what);
  if (!event) return std::unexpected(event.error());
  Plan plan;
  plan.id = c.alarm.text;
  plan.events.push_back({"desk", "alarm/" + c.alarm.text, alarm::encode(*event)});
  return plan;
}

Node::Planning Node::plan(const IssueProposal& c, const Request& request, Instant now) {
  const alarm::Alarm& a = alarms_.state(c.alarm.text);
  const bool open = (a.phase == alarm::Phase::waiting || a.phase == alarm::Phase::noted) &&
                    !a.withdrawn && (a.raised.level >= 1 || c.level);
  if (!open) return std::unexpected(Refusal{"alarm.not_waiting", ""});
  const auto level = c.level.value_or(static_cast<warning::Level>(a.raised.level));
  const alarm::Raised known = alarm::as_known(a);
  warning::Issued words = words_for(c.alarm, known, level, now);
  if (!c.headline.empty()) {
    words.headline = c.headline;
    words.headline_en.clear();
  }
  if (!c.instruction.empty()) {
    words.instruction = c.instruction;
    words.instruction_en.clear();
  }
  if (c.expires) words.expires = *c.expires;
  Plan plan;
  plan.id = c.alarm.text;
  const auto taken = take_alarm(plan, c.alarm, known, request.by, std::move(words), now);
  if (!taken) return std::unexpected(taken.error());
  // The receipt points at the alarm's own event, which a repeated command finds again.
  std::ranges::rotate(plan.events, plan.events.end() - 1);
  return plan;
}

Node::Planning Node::plan(const DeclineProposal& c, const Request& request, Instant now) {
  const alarm::Alarm& a = alarms_.state(c.alarm.text);
  const auto event = alarm::decline(a, c.reason);
  if (!event) return std::unexpected(event.error());
  if (auto no = refusal_to_issue(request.by, a.raised.hazard, warning::Audience::responsible, now))
    return std::unexpected(Refusal{no->code, no->field});
  Plan plan;
  plan.id = c.alarm.text;
  plan.events.push_back({"desk", "alarm/" + c.alarm.text, alarm::encode(*event)});
  return plan;
}

}  // namespace tocsin::node
