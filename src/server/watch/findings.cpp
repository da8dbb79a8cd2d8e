#include "server/watch/findings.h"

namespace tocsin::server {
namespace {

std::string flag_text(observation::Flag flag) {
  return flag == observation::Flag::none ? std::string() : std::string(1, static_cast<char>(flag));
}

/// Words for a silence: the rule's name, then why in words of its own.
Text name_of(const rulebook::Rule& rule, const rule::Episode& episode) {
  if (episode.silence == rule::Silence::none) return rule.name;
  const Text why = rule::words(episode.silence);
  return {rule.name.zh + "：" + why.zh, rule.name.en + ": " + why.en};
}

/// Of a rule about change: within which time, and what was measured when it became true.
std::optional<ChangeWithin> change_of(const rulebook::Rule& rule, const rule::Finding& finding) {
  const auto* rate = std::get_if<rulebook::Rate>(&rule.condition);
  if (rate == nullptr) return std::nullopt;
  ChangeWithin out{rate->per, {}};
  for (const rule::Quote& q : finding.readings)
    if (q.time == finding.episode.instant && !std::isnan(q.value)) out.level = q.value;
  return out;
}

alarm::Raised raised_of(const rule::Finding& finding, const rulebook::Rule& rule,
                        const observation::Stations& stations) {
  const rule::Episode& e = finding.episode;
  alarm::Raised r;
  r.rule = e.rule;
  r.family = rule.family;
  r.hazard = rule.hazard;
  r.rule_version = e.version;
  r.level = static_cast<int>(rule.level);
  r.missing = e.silence != rule::Silence::none;
  r.automatic = rule.issue == rulebook::Issue::automatic && !finding.needs_person;
  r.found_late = e.found_late;
  r.by_hand = e.by_hand;
  r.silence = r.missing ? std::string(rule::name_of(e.silence)) : std::string();
  r.point = e.point.empty() ? e.station : e.point;
  r.station = e.station;
  r.value = std::isnan(e.value) ? 0 : e.value;
  r.change = change_of(rule, finding);
  r.onset = e.onset;
  r.at = e.instant;
  r.name = name_of(rule, e);
  r.instruction = rule.instruction;
  r.group_window = rule.group_window;
  r.valid = rule.expires;
  if (const observation::Point* point = stations.find_point(e.point)) r.unit = point->unit;
  std::vector<std::string> places = rule.riskpoints;
  const observation::Station* station = stations.find_station(e.station);
  if (places.empty() && station != nullptr) places = station->riskpoints;
  for (std::string& place : places) r.riskpoints.push_back({std::move(place)});
  for (const rule::Quote& q : finding.readings)
    if (!std::isnan(q.value)) r.quoted.push_back({q.time, q.value, flag_text(q.flag)});
  return r;
}

alarm::Revised facts_of(const rule::Episode& e) {
  alarm::Revised facts{e.onset, e.instant, {}, e.ended, e.by_hand};
  if (!std::isnan(e.value)) facts.value = e.value;
  return facts;
}

std::string_view reason_text(rule::Reason reason) {
  switch (reason) {
    case rule::Reason::late_data:
      return "late_data";
    case rule::Reason::merged:
      return "merged";
    case rule::Reason::rule_changed:
      return "rule_changed";
    case rule::Reason::rule_removed:
      return "rule_removed";
    case rule::Reason::none:
      break;
  }
  return "late_data";
}

}  // namespace

std::vector<node::Command> commands_for(const rule::Finding& finding,
                                        const rulebook::Rulebook& book,
                                        const observation::Stations& stations) {
  const rule::Episode& e = finding.episode;
  const AlarmId id{e.id};
  std::vector<node::Command> out;
  switch (finding.change) {
    case rule::Change::opened: {
      const rulebook::Rule* rule = rulebook::find(book, e.rule);
      if (rule != nullptr)
        out.emplace_back(node::RaiseAlarm{id, raised_of(finding, *rule, stations)});
      return out;
    }
    case rule::Change::cleared: {
      alarm::Cleared what{e.ended.value_or(e.instant), {}};
      if (!std::isnan(finding.value)) what.value = finding.value;
      out.emplace_back(node::ClearAlarm{id, what});
      break;
    }
    case rule::Change::revised:
      break;
    case rule::Change::resumed:
      out.emplace_back(node::ResumeAlarm{id});
      break;
    case rule::Change::withdrawn:
      out.emplace_back(node::WithdrawAlarm{id, std::string(reason_text(finding.reason))});
      break;
  }
  if (e.silence == rule::Silence::none) out.emplace_back(node::ReviseAlarm{id, facts_of(e)});
  return out;
}

std::vector<rule::Episode> episodes_of(const node::Node& node, Instant since) {
  std::vector<rule::Episode> out;
  for (const auto& [id, entry] : node.alarms().all()) {
    const alarm::Alarm& a = entry.state;
    if (a.phase == alarm::Phase::none) continue;
    const bool over = a.cleared.has_value() || a.withdrawn;
    const Instant ended = a.cleared ? a.cleared->at : a.ended_at;
    if (over && ended < since) continue;
    rule::Episode e;
    e.id = id;
    e.rule = a.raised.rule;
    e.version = a.raised.rule_version;
    e.station = a.raised.station;
    e.point = a.raised.point == a.raised.station ? std::string() : a.raised.point;
    e.onset = a.known.onset;
    e.instant = a.known.at;
    e.value = a.known.value.value_or(observation::no_value);
    e.state = a.withdrawn ? rule::State::withdrawn
              : a.cleared ? rule::State::cleared
                          : rule::State::open;
    if (a.cleared) e.ended = a.cleared->at;
    e.found_late = a.raised.found_late;
    e.by_hand = a.known.by_hand;
    e.silence = rule::parse_silence(a.raised.silence).value_or(rule::Silence::none);
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace tocsin::server
