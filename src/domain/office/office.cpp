#include "domain/office/office.h"

#include <algorithm>

#include "log/json.h"

namespace tocsin::office {
namespace {

constexpr std::string_view bad_body = "event.bad_body";

std::optional<log::Position> position_if(json::Fields& in, std::string_view name) {
  if (!in.has(name)) return std::nullopt;
  auto position = log::parse_position(in.text(name, 250));
  if (!position) in.refuse(name, "a position is wanted, as county/1/alert#17");
  return position ? std::optional(*position) : std::nullopt;
}

std::uint64_t count_of(json::Fields& in, std::string_view name) {
  return static_cast<std::uint64_t>(in.integer_if(name, 0, INT64_MAX).value_or(0));
}

LogOpened opened_of(json::Fields& in) {
  LogOpened e;
  e.suite = in.text("suite", 40);
  e.key = in.text("key", 100);
  e.rank = static_cast<int>(in.integer_if("rank", 0, 99).value_or(9));
  e.continues = position_if(in, "continues");
  e.continues_hash = in.text_or("continues_hash", "", 43);
  return e;
}

ReadingsSealed sealed_of(json::Fields& in) {
  observation::SealedFile f;
  f.name = in.text("file", 200);
  f.bytes = count_of(in, "bytes");
  f.sha256 = in.text("sha256", 64);
  f.blocks = count_of(in, "blocks");
  f.readings = count_of(in, "readings");
  f.first = in.instant("first");
  f.last = in.instant("last");
  f.first_ordinal = count_of(in, "first_ordinal");
  f.last_ordinal = count_of(in, "last_ordinal");
  return {f};
}

KeyDestroyed destroyed_of(json::Fields& in) {
  return {in.text("case", 300), in.text_or("reason", "", 40), in.instant("over"),
          static_cast<int>(in.integer_if("kept_days", 0, 100'000).value_or(0))};
}

Result<Event> decode_members(std::string_view type, json::Fields& in) {
  if (type == LogOpened::type) return opened_of(in);
  if (type == Restored::type) return Restored{in.text_or("from", "", 2000)};
  if (type == Released::type) return Released{in.text_or("reason", "")};
  if (type == ReadingsSealed::type) return sealed_of(in);
  if (type == ReadingsRemoved::type) return ReadingsRemoved{in.text("file", 200)};
  if (type == DialectApproved::type)
    return DialectApproved{in.text("station", 200), in.text("what", 200),
                           in.flag_or("approved", true)};
  if (type == KeyDestroyed::type) return destroyed_of(in);
  return fail("event.unknown_type", "", std::string(type));
}

json::Object body_of(const LogOpened& e) {
  json::Object o{{"format", 1}, {"suite", e.suite}, {"key", e.key}, {"rank", e.rank}};
  if (!e.continues) return o;
  o["continues"] = log::text_of(*e.continues);
  o["continues_hash"] = e.continues_hash;
  return o;
}

json::Object body_of(const observation::SealedFile& f) {
  return {{"file", f.name},
          {"bytes", f.bytes},
          {"sha256", f.sha256},
          {"blocks", f.blocks},
          {"readings", f.readings},
          {"first", iso_utc(f.first)},
          {"last", iso_utc(f.last)},
          {"first_ordinal", f.first_ordinal},
          {"last_ordinal", f.last_ordinal}};
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
  return std::visit(overloaded{
                        [&](const LogOpened& e) { return write(e.type, body_of(e)); },
                        [&](const Restored& e) { return write(e.type, {{"from", e.from}}); },
                        [&](const Released& e) { return write(e.type, {{"reason", e.reason}}); },
                        [&](const ReadingsSealed& e) { return write(e.type, body_of(e.file)); },
                        [&](const ReadingsRemoved& e) { return write(e.type, {{"file", e.file}}); },
                        [&](const DialectApproved& e) {
                          return write(
                              e.type,
                              {{"station", e.station}, {"what", e.what}, {"approved", e.approved}});
                        },
                        [&](const KeyDestroyed& e) {
                          return write(e.type, {{"case", e.case_id},
                                                {"reason", e.reason},
                                                {"over", iso_utc(e.over)},
                                                {"kept_days", e.kept_days}});
                        },
                    },
                    event);
}

Result<Claimed> decode_claim(std::string_view json_body) {
  json::Scratch scratch;
  const auto value = json::parse(json_body, scratch);
  if (!value) return std::unexpected(value.error());
  json::Fields in(*value, bad_body);
  Claimed e{position_if(in, "parent"), count_of(in, "saw"), in.text_or("reason", "")};
  if (!in.ok()) return std::unexpected(in.error());
  return e;
}

log::Written encode(const Claimed& e) {
  json::Object o{{"saw", e.saw}, {"reason", e.reason}};
  if (e.parent) o["parent"] = log::text_of(*e.parent);
  return {std::string(Claimed::type), 1, json::print(o)};
}

Office evolve(Office o, const Event& event, const log::Meta& meta) {
  std::visit(overloaded{
                 [&](const LogOpened&) {},
                 [&](const Restored&) {
                   o.held = true;
                   o.held_since = meta.at;
                 },
                 [&](const Released&) {
                   o.held = false;
                   o.released_at = meta.at;
                   o.released_by = meta.by;
                 },
                 [&](const ReadingsSealed& e) { o.sealed.push_back(e.file); },
                 [&](const ReadingsRemoved& e) {
                   std::erase_if(o.sealed, [&](const auto& f) { return f.name == e.file; });
                 },
                 [&](const DialectApproved& e) {
                   const std::pair key(e.station, e.what);
                   std::erase(o.dialects, key);
                   if (e.approved) o.dialects.push_back(key);
                 },
                 [&](const KeyDestroyed& e) { o.destroyed.insert(e.case_id); },
             },
             event);
  return o;
}

}  // namespace tocsin::office
