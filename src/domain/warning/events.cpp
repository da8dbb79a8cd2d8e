#include "domain/warning/events.h"

#include "base/result.h"
#include "log/change_member.h"
#include "log/json.h"
#include "log/limits.h"

namespace tocsin::warning {
namespace {

constexpr std::string_view bad_body = "event.bad_body";

std::string_view text_of(Status s) {
  return s == Status::actual ? "Actual" : s == Status::exercise ? "Exercise" : "Test";
}

json::Object object_of(const Source& s) {
  json::Object o{{"alarm", s.alarm.text}, {"rule", s.rule}, {"station", s.station},
                 {"point", s.point},      {"unit", s.unit}, {"value", s.value},
                 {"at", iso_utc(s.at)}};
  log::put_change(s.change, o);
  return o;
}

Source source_of(const json::Value& value, json::Fields& outer) {
  json::Fields in(value, bad_body);
  Source s{{in.text("alarm", 200)}, in.text("rule"),    in.text("station"), in.text("point"),
           in.text_or("unit", ""),  in.number("value"), in.instant("at"),   log::change_if(in)};
  if (!in.ok()) outer.refuse("source." + in.error().field, in.error().detail);
  return s;
}

std::optional<Source> source_if(json::Fields& in) {
  const json::Value* value = in.any("source");
  if (value == nullptr) return std::nullopt;
  return source_of(*value, in);
}

json::Object object_of(const Rewording& w) {
  return {{"headline", w.headline},
          {"headline_en", w.headline_en},
          {"description", w.description},
          {"instruction", w.instruction},
          {"instruction_en", w.instruction_en},
          {"expires", iso_utc(w.expires)}};
}

std::optional<Rewording> words_if(json::Fields& outer) {
  const json::Value* value = outer.any("words");
  if (value == nullptr) return std::nullopt;
  json::Fields in(*value, bad_body);
  Rewording w;
  w.headline = in.text("headline");
  w.headline_en = in.text_or("headline_en", "");
  w.description = in.text_or("description", "");
  w.instruction = in.text("instruction");
  w.instruction_en = in.text_or("instruction_en", "");
  w.expires = in.instant("expires");
  if (!in.ok()) outer.refuse("words." + in.error().field, in.error().detail);
  return w;
}

Level level_of(json::Fields& in) { return static_cast<Level>(in.integer("level", 1, 4)); }

Issued issued_of(json::Fields& in) {
  Issued e;
  e.identifier = in.text("identifier", 100);
  e.hazard = in.text("hazard", 20);
  e.level = level_of(in);
  const std::string status = in.text("status", 20);
  e.status = status == "Actual"     ? Status::actual
             : status == "Exercise" ? Status::exercise
                                    : Status::test;
  e.audience = in.text_or("audience", "responsible") == "everyone" ? Audience::everyone
                                                                   : Audience::responsible;
  e.areas = in.texts("areas", log::places_max);
  e.edition = in.text_or("edition", "");
  e.onset = in.instant("onset");
  e.expires = in.instant("expires");
  e.headline = in.text("headline");
  e.description = in.text_or("description", "");
  e.instruction = in.text_or("instruction", "");
  e.headline_en = in.text_or("headline_en", "");
  e.instruction_en = in.text_or("instruction_en", "");
  e.sender = in.text("sender", 200);
  e.family = in.text_or("family", "");
  for (std::string& id : in.texts("riskpoints", log::places_max))
    e.riskpoints.push_back({std::move(id)});
  e.source = source_if(in);
  return e;
}

Result<Event> decode_members(std::string_view type, json::Fields& in) {
  if (type == Issued::type) return issued_of(in);
  if (type == LevelChanged::type)
    return LevelChanged{level_of(in), in.text_or("reason", ""), source_if(in), words_if(in)};
  if (type == AlarmJoined::type) {
    if (auto source = source_if(in)) return AlarmJoined{std::move(*source)};
    in.refuse("source", "missing");
    return AlarmJoined{};
  }
  if (type == Acknowledged::type) return Acknowledged{};
  if (type == Cancelled::type) return Cancelled{in.text_or("reason", "")};
  if (type == Expired::type) return Expired{};
  return fail("event.unknown_type", "", std::string(type));
}

json::Object body_of(const Issued& e) {
  json::Object o{{"identifier", e.identifier},
                 {"hazard", e.hazard},
                 {"level", static_cast<int>(e.level)},
                 {"status", text_of(e.status)},
                 {"audience", e.audience == Audience::everyone ? "everyone" : "responsible"},
                 {"areas", json::Array(e.areas.begin(), e.areas.end())},
                 {"edition", e.edition},
                 {"onset", iso_utc(e.onset)},
                 {"expires", iso_utc(e.expires)},
                 {"headline", e.headline},
                 {"description", e.description},
                 {"instruction", e.instruction},
                 {"sender", e.sender},
                 {"family", e.family}};
  if (!e.headline_en.empty()) o["headline_en"] = e.headline_en;
  if (!e.instruction_en.empty()) o["instruction_en"] = e.instruction_en;
  json::Array points;
  for (const RiskPointId& id : e.riskpoints) points.emplace_back(id.text);
  o["riskpoints"] = std::move(points);
  if (e.source) o["source"] = object_of(*e.source);
  return o;
}

}  // namespace

Result<Event> decode(std::string_view type, int /*version*/, std::string_view json_body) {
  json::Scratch scratch;
  const auto value = json::parse(json_body, scratch);
  if (!value) return std::unexpected(value.error());
  json::Fields in(*value, bad_body);
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
          [&](const Issued& e) { return write(e.type, body_of(e)); },
          [&](const LevelChanged& e) {
            json::Object o{{"level", static_cast<int>(e.level)}, {"reason", e.reason}};
            if (e.source) o["source"] = object_of(*e.source);
            if (e.words) o["words"] = object_of(*e.words);
            return write(e.type, o);
          },
          [&](const AlarmJoined& e) { return write(e.type, {{"source", object_of(e.source)}}); },
          [&](const Acknowledged& e) { return write(e.type, {}); },
          [&](const Cancelled& e) { return write(e.type, {{"reason", e.reason}}); },
          [&](const Expired& e) { return write(e.type, {}); },
      },
      event);
}

}  // namespace tocsin::warning
