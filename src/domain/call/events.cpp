#include "domain/call/events.h"

#include <array>

#include "base/result.h"
#include "log/json.h"
#include "log/limits.h"

namespace tocsin::call {
namespace {

constexpr std::string_view bad_body = "event.bad_body";
constexpr std::array<std::string_view, 3> channels{"mail", "phone", "link"};
constexpr std::array<std::string_view, 3> answers{"received", "cannot", "done"};
constexpr std::array<std::string_view, 3> kinds{"A", "B", "up"};

/// Index of `text` in the table; the first when it is none of them and `in` then carries the error.
template <std::size_t n>
std::size_t index_of(const std::array<std::string_view, n>& table, std::string_view text,
                     json::Fields& in, std::string_view name) {
  for (std::size_t i = 0; i < n; ++i)
    if (table[i] == text) return i;
  in.refuse(name, "unknown word");
  return 0;
}

Channel channel_of(json::Fields& in) {
  return static_cast<Channel>(index_of(channels, in.text("channel", 20), in, "channel"));
}

int rung_of(json::Fields& in) { return static_cast<int>(in.integer("rung", 0, 1000)); }

json::Object object_of(const Rung& r) {
  json::Object o{{"post", r.post.text}, {"kind", text_of(r.kind)}, {"wait_ms", r.wait.count()}};
  if (!r.person.empty()) o["person"] = r.person.text;
  if (!r.skip.empty()) o["skip"] = r.skip;
  json::Array ways;
  for (const Channel c : r.channels) ways.emplace_back(text_of(c));
  o["channels"] = std::move(ways);
  return o;
}

Rung rung_from(const json::Value& value, json::Fields& outer) {
  json::Fields in(value, bad_body);
  Rung r;
  r.post = {in.text("post", 200)};
  r.person = {in.text_or("person", "", 200)};
  r.kind = static_cast<RungKind>(index_of(kinds, in.text("kind", 20), in, "kind"));
  r.wait = Duration(in.integer("wait_ms", 0, INT64_C(86400000) * 365));
  r.skip = in.text_or("skip", "", 40);
  for (const std::string& word : in.texts("channels", 10))
    r.channels.push_back(static_cast<Channel>(index_of(channels, word, in, "channels")));
  if (!in.ok()) outer.refuse("rungs." + in.error().field, in.error().detail);
  return r;
}

Opened opened_of(json::Fields& in) {
  Opened e;
  e.warning = {in.text("warning", 200)};
  e.round = static_cast<int>(in.integer("round", 1, 1000));
  e.level = static_cast<int>(in.integer("level", 1, 4));
  e.area = in.text_or("area", "", 40);
  for (std::string& id : in.texts("riskpoints", log::places_max))
    e.riskpoints.push_back({std::move(id)});
  const auto& rungs = in.objects("rungs", 100);
  e.rungs.reserve(rungs.size());
  for (const json::Value& rung : rungs) e.rungs.push_back(rung_from(rung, in));
  e.people = static_cast<int>(in.integer_if("people", 0, 100000000).value_or(0));
  return e;
}

json::Object body_of(const Opened& e) {
  json::Array points, rungs;
  for (const RiskPointId& id : e.riskpoints) points.emplace_back(id.text);
  for (const Rung& rung : e.rungs) rungs.emplace_back(object_of(rung));
  return {{"warning", e.warning.text}, {"round", e.round},
          {"level", e.level},          {"area", e.area},
          {"people", e.people},        {"riskpoints", std::move(points)},
          {"rungs", std::move(rungs)}};
}

Delivered delivered_of(json::Fields& in) {
  return {rung_of(in),
          channel_of(in),
          in.flag_or("handed_over", false),
          in.flag_or("final", false),
          in.text_or("error", "", 500),
          in.flag_or("news", false),
          static_cast<int>(in.integer_if("asked", 0, 1000000).value_or(0))};
}

Informed informed_of(json::Fields& in) {
  Informed e{in.text("about", 40), static_cast<int>(in.integer("level", 1, 4)), {}};
  for (const std::int64_t rung : in.integers("rungs", 0, 1000))
    e.rungs.push_back(static_cast<int>(rung));
  e.change = static_cast<int>(in.integer_if("change", 0, 1000000).value_or(0));
  return e;
}

Climbed climbed_of(json::Fields& in) {
  return {static_cast<int>(in.integer("from", 0, 1000)),
          static_cast<int>(in.integer("to", 0, 1000)), in.text_or("why", "", 40)};
}

std::optional<log::PartRef> words_of(json::Fields& in) {
  const json::Value* value = in.any("words");
  if (value == nullptr) return std::nullopt;
  json::Fields part(*value, bad_body);
  const auto hash = log::parse_hash(part.text("part", 43));
  log::PartRef ref{hash.value_or(log::Hash{}), part.text("case", 200),
                   static_cast<std::uint64_t>(part.integer_if("size", 0, 1 << 30).value_or(0))};
  if (!part.ok() || !hash) in.refuse("words", "a reference to a part is wanted");
  return ref;
}

json::Object object_of(const log::PartRef& words) {
  return {{"part", log::text_of(words.hash)}, {"case", words.case_id}, {"size", words.size}};
}

Result<Event> decode_members(std::string_view type, json::Fields& in) {
  if (type == Opened::type) return opened_of(in);
  if (type == Asked::type) return Asked{rung_of(in)};
  if (type == Delivered::type) return delivered_of(in);
  if (type == Attempted::type) return Attempted{rung_of(in), in.text("outcome", 40), words_of(in)};
  if (type == Climbed::type) return climbed_of(in);
  if (type == Exhausted::type) return Exhausted{};
  if (type == Closed::type) return Closed{in.text_or("why", "", 40)};
  if (type == Informed::type) return informed_of(in);
  return fail("event.unknown_type", "", std::string(type));
}

log::Written write(std::string_view type, const json::Object& body) {
  return {std::string(type), 1, json::print(body)};
}

}  // namespace

std::string_view text_of(Channel channel) { return channels[static_cast<std::size_t>(channel)]; }
std::string_view text_of(AnswerKind kind) { return answers[static_cast<std::size_t>(kind)]; }
std::string_view text_of(RungKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

std::optional<AnswerKind> parse_answer_kind(std::string_view text) {
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i] == text) return static_cast<AnswerKind>(i);
  return std::nullopt;
}

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
  return std::visit(
      overloaded{
          [](const Opened& e) { return write(e.type, body_of(e)); },
          [](const Asked& e) { return write(e.type, {{"rung", e.rung}}); },
          [](const Delivered& e) {
            json::Object o{
                {"rung", e.rung}, {"channel", text_of(e.channel)}, {"handed_over", e.handed_over}};
            if (!e.handed_over) o["final"] = e.final;
            if (!e.error.empty()) o["error"] = e.error;
            if (e.news) o["news"] = true;
            if (e.asked > 0) o["asked"] = e.asked;
            return write(e.type, o);
          },
          [](const Attempted& e) {
            json::Object o{{"rung", e.rung}, {"outcome", e.outcome}};
            if (e.words) o["words"] = object_of(*e.words);
            return write(e.type, o);
          },
          [](const Climbed& e) {
            return write(e.type, {{"from", e.from}, {"to", e.to}, {"why", e.why}});
          },
          [](const Exhausted& e) { return write(e.type, {}); },
          [](const Closed& e) { return write(e.type, {{"why", e.why}}); },
          [](const Informed& e) {
            json::Array rungs(e.rungs.begin(), e.rungs.end());
            json::Object o{{"about", e.about}, {"level", e.level}, {"rungs", std::move(rungs)}};
            if (e.change > 0) o["change"] = e.change;
            return write(e.type, o);
          },
      },
      event);
}

Result<AnswerEvent> decode_answer(std::string_view type, int /*version*/,
                                  std::string_view json_body) {
  if (type != Given::type) return fail("event.unknown_type", "", std::string(type));
  json::Scratch scratch;
  const auto value = json::parse(json_body, scratch);
  if (!value) return std::unexpected(value.error());
  json::Fields in(*value, bad_body);
  Given e;
  e.call = {in.text("call", 200)};
  e.warning = {in.text("warning", 200)};
  e.rung = rung_of(in);
  e.person = {in.text_or("person", "", 200)};
  e.kind = static_cast<AnswerKind>(index_of(answers, in.text("kind", 20), in, "kind"));
  if (const auto moved = in.integer_if("moved", 0, 10000000)) e.moved = static_cast<int>(*moved);
  e.channel = channel_of(in);
  e.words = words_of(in);
  e.asked = static_cast<int>(in.integer_if("asked", 0, 1000000).value_or(0));
  if (!in.ok()) return std::unexpected(in.error());
  return e;
}

log::Written encode(const Given& e) {
  json::Object o{{"call", e.call.text},     {"warning", e.warning.text},
                 {"rung", e.rung},          {"person", e.person.text},
                 {"kind", text_of(e.kind)}, {"channel", text_of(e.channel)}};
  if (e.moved) o["moved"] = *e.moved;
  if (e.asked > 0) o["asked"] = e.asked;
  if (e.words) o["words"] = object_of(*e.words);
  return write(Given::type, o);
}

}  // namespace tocsin::call
