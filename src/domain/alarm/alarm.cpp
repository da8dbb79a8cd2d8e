#include "domain/alarm/alarm.h"

#include "log/change_member.h"
#include "log/json.h"
#include "log/limits.h"

namespace tocsin::alarm {
namespace {

std::unexpected<Refusal> no(std::string code, std::string field = {}) {
  return std::unexpected(Refusal{std::move(code), std::move(field)});
}

json::Object object_of(const Words& w) { return {{"zh", w.zh}, {"en", w.en}}; }

Words words_of(json::Fields& in, std::string_view name) {
  const json::Value* value = in.any(name);
  if (value == nullptr) return {};
  json::Fields words(*value, "event.bad_body");
  return {words.text_or("zh", ""), words.text_or("en", "")};
}

Raised raised_of(json::Fields& in) {
  Raised e;
  e.rule = in.text("rule", 200);
  e.family = in.text_or("family", "", 200);
  e.hazard = in.text_or("hazard", "", 20);
  e.rule_version = static_cast<int>(in.integer_if("rule_version", 0, 1 << 30).value_or(1));
  e.level = static_cast<int>(in.integer_if("level", 0, 4).value_or(0));
  e.missing = in.flag_or("missing", false);
  e.automatic = in.flag_or("automatic", false);
  e.found_late = in.flag_or("found_late", false);
  e.point = in.text("point", 200);
  e.station = in.text_or("station", "", 200);
  e.unit = in.text_or("unit", "", 40);
  e.value = in.number_if("value").value_or(0);
  e.change = log::change_if(in);
  e.at = in.instant("at");
  e.onset = in.instant_if("onset").value_or(e.at);
  e.by_hand = in.flag_or("by_hand", false);
  e.silence = in.text_or("silence", "", 40);
  e.name = words_of(in, "name");
  e.instruction = words_of(in, "instruction");
  e.group_window = Duration(in.integer_if("group_window_ms", 0, INT64_C(1) << 40).value_or(0));
  e.valid = Duration(in.integer_if("valid_ms", 0, INT64_C(1) << 40).value_or(0));
  for (std::string& id : in.texts("riskpoints", log::places_max))
    e.riskpoints.push_back({std::move(id)});
  for (const json::Value& item : in.objects("quoted", 1000)) {
    json::Fields q(item, "event.bad_body");
    e.quoted.push_back({q.instant("at"), q.number("value"), q.text_or("flag", "", 4)});
    if (!q.ok()) in.refuse("quoted." + q.error().field, q.error().detail);
  }
  return e;
}

json::Object body_of(const Raised& e) {
  json::Array points, quoted;
  for (const RiskPointId& id : e.riskpoints) points.emplace_back(id.text);
  for (const Quoted& q : e.quoted) {
    json::Object o{{"at", iso_utc(q.at)}, {"value", q.value}};
    if (!q.flag.empty()) o["flag"] = q.flag;
    quoted.emplace_back(std::move(o));
  }
  json::Object o{{"rule", e.rule},
                 {"family", e.family},
                 {"hazard", e.hazard},
                 {"rule_version", e.rule_version},
                 {"level", e.level},
                 {"missing", e.missing},
                 {"automatic", e.automatic},
                 {"found_late", e.found_late},
                 {"point", e.point},
                 {"station", e.station},
                 {"unit", e.unit},
                 {"value", e.value},
                 {"onset", iso_utc(e.onset)},
                 {"at", iso_utc(e.at)},
                 {"by_hand", e.by_hand},
                 {"silence", e.silence},
                 {"name", object_of(e.name)},
                 {"instruction", object_of(e.instruction)},
                 {"group_window_ms", e.group_window.count()},
                 {"valid_ms", e.valid.count()},
                 {"riskpoints", std::move(points)},
                 {"quoted", std::move(quoted)}};
  log::put_change(e.change, o);
  return o;
}

json::Object body_of(const Revised& e) {
  json::Object o{{"onset", iso_utc(e.onset)}, {"at", iso_utc(e.at)}, {"by_hand", e.by_hand}};
  if (e.value) o["value"] = *e.value;
  if (e.ended) o["ended"] = iso_utc(*e.ended);
  return o;
}

Revised facts_of(const Raised& e) {
  Revised known{e.onset, e.at, e.value, {}, e.by_hand};
  if (e.missing) known.value.reset();
  return known;
}

Result<Event> decode_members(std::string_view type, json::Fields& in) {
  if (type == Raised::type) return raised_of(in);
  if (type == Linked::type) return Linked{{in.text("warning", 200)}};
  if (type == Declined::type) return Declined{in.text_or("reason", "")};
  if (type == Cleared::type) return Cleared{in.instant("at"), in.number_if("value")};
  if (type == Resumed::type) return Resumed{};
  if (type == Withdrawn::type) return Withdrawn{in.text_or("reason", "")};
  if (type == Revised::type)
    return Revised{in.instant("onset"), in.instant("at"), in.number_if("value"),
                   in.instant_if("ended"), in.flag_or("by_hand", false)};
  return fail("event.unknown_type", "", std::string(type));
}

}  // namespace

Result<Event> decode(std::string_view type, int /*version*/, std::string_view json_body) {
  json::Scratch scratch;
  const auto value = json::parse(json_body, scratch);
  if (!value) return std::unexpected(value.error());
  json::Fields in(*value, "event.bad_body");
  auto event = decode_members(type, in);
  if (event && !in.ok()) return std::unexpected(in.error());
  return event;
}

log::Written encode(const Event& event) {
  const auto write = [](std::string_view type, const json::Object& body) {
    return log::Written{std::string(type), 1, json::print(body)};
  };
  return std::visit(
      overloaded{
          [&](const Raised& e) { return write(e.type, body_of(e)); },
          [&](const Linked& e) { return write(e.type, {{"warning", e.warning.text}}); },
          [&](const Declined& e) { return write(e.type, {{"reason", e.reason}}); },
          [&](const Cleared& e) {
            json::Object o{{"at", iso_utc(e.at)}};
            if (e.value) o["value"] = *e.value;
            return write(e.type, o);
          },
          [&](const Resumed& e) { return write(e.type, {}); },
          [&](const Withdrawn& e) { return write(e.type, {{"reason", e.reason}}); },
          [&](const Revised& e) { return write(e.type, body_of(e)); },
      },
      event);
}

Alarm evolve(Alarm a, const Event& event, const log::Meta& meta) {
  std::visit(overloaded{
                 [&](const Raised& e) {
                   if (a.phase != Phase::none) return;
                   const bool waits = e.level > 0 && !e.automatic;
                   a.phase = waits ? Phase::waiting : Phase::noted;
                   a.raised = e;
                   a.known = facts_of(e);
                   a.raised_at = meta.at;
                 },
                 [&](const Linked& e) {
                   a.phase = Phase::linked;
                   a.warning = e.warning;
                   a.decided_by = meta.by;
                 },
                 [&](const Declined& e) {
                   a.phase = Phase::declined;
                   a.decided_by = meta.by;
                   a.reason = e.reason;
                 },
                 [&](const Cleared& e) {
                   a.cleared = e;
                   a.ended_at = meta.at;
                 },
                 [&](const Resumed&) {
                   a.cleared.reset();
                   a.withdrawn = false;
                 },
                 [&](const Withdrawn& e) {
                   a.withdrawn = true;
                   a.ended_at = meta.at;
                   a.reason = e.reason;
                 },
                 [&](const Revised& e) {
                   a.known = e;
                   a.known.ended.reset();
                   if (a.cleared && e.ended) a.cleared->at = *e.ended;
                 },
             },
             event);
  return a;
}

std::expected<Event, Refusal> raise(const Alarm& a, const Raised& what) {
  if (a.phase != Phase::none) return no("alarm.already_raised");
  return what;
}

std::expected<Event, Refusal> decline(const Alarm& a, const std::string& reason) {
  const bool stuck = a.phase == Phase::noted && a.raised.level >= 1;
  if ((a.phase != Phase::waiting && !stuck) || a.withdrawn) return no("alarm.not_waiting");
  if (reason.empty()) return no("alarm.reason_missing", "reason");
  return Declined{reason};
}

std::expected<Event, Refusal> clear(const Alarm& a, const Cleared& what) {
  if (a.phase == Phase::none) return no("alarm.unknown");
  if (a.cleared && a.cleared->at == what.at) return no("alarm.no_change");
  return what;
}

std::expected<Event, Refusal> resume(const Alarm& a) {
  if (a.phase == Phase::none) return no("alarm.unknown");
  if (!a.cleared && !a.withdrawn) return no("alarm.no_change");
  return Resumed{};
}

std::expected<Event, Refusal> withdraw(const Alarm& a, const std::string& reason) {
  if (a.phase == Phase::none) return no("alarm.unknown");
  if (a.withdrawn) return no("alarm.no_change");
  return Withdrawn{reason};
}

std::expected<Event, Refusal> revise(const Alarm& a, const Revised& what) {
  if (a.phase == Phase::none) return no("alarm.unknown");
  Revised known = a.known;
  if (a.cleared) known.ended = a.cleared->at;
  Revised wanted = what;
  if (!a.cleared) wanted.ended.reset();  // that it is over is said by Cleared
  if (a.cleared && !wanted.ended) wanted.ended = known.ended;
  if (wanted == known) return no("alarm.no_change");
  return wanted;
}

Raised as_known(const Alarm& a) {
  Raised out = a.raised;
  if (out.change && out.at != a.known.at) out.change->level.reset();
  out.onset = a.known.onset;
  out.at = a.known.at;
  out.value = a.known.value.value_or(0);
  out.by_hand = a.known.by_hand;
  return out;
}

}  // namespace tocsin::alarm
