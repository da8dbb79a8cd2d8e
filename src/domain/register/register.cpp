#include "domain/register/register.h"

#include "log/json.h"

namespace tocsin::registers {
namespace {

constexpr std::string_view bad_body = "event.bad_body";

log::Hash hash_of(json::Fields& in, std::string_view name) {
  const auto hash = log::parse_hash(in.text(name, 43));
  if (!hash) in.refuse(name, "43 characters of base64url are wanted");
  return hash.value_or(log::Hash{});
}

int count_of(json::Fields& in, std::string_view name) {
  return static_cast<int>(in.integer_if(name, 0, 1 << 30).value_or(0));
}

Adopted adopted_of(json::Fields& in) {
  Adopted e;
  e.kind = in.text("kind", 100);
  e.package = hash_of(in, "package");
  if (in.has("source")) e.source = hash_of(in, "source");
  e.file = in.text_or("file", "", 300);
  e.rows = count_of(in, "rows");
  e.added = count_of(in, "added");
  e.changed = count_of(in, "changed");
  e.removed = count_of(in, "removed");
  return e;
}

PeopleAdopted people_of(json::Fields& in) {
  PeopleAdopted e;
  e.part = {hash_of(in, "part"), in.text("case", 200),
            static_cast<std::uint64_t>(in.integer("size", 0, 1 << 30))};
  for (const json::Value& item : in.objects("people", 100000)) {
    json::Fields p(item, bad_body);
    e.people.push_back(
        {{p.text("person", 200)}, p.flag_or("phone", false), p.flag_or("mail", false)});
    if (!p.ok()) in.refuse("people." + p.error().field, p.error().detail);
  }
  return e;
}

}  // namespace

Result<Event> decode(std::string_view type, int /*version*/, std::string_view json_body) {
  json::Scratch scratch;
  const auto value = json::parse(json_body, scratch);
  if (!value) return std::unexpected(value.error());
  json::Fields in(*value, bad_body);
  Event event;
  if (type == Adopted::type) {
    event = adopted_of(in);
  } else if (type == PeopleAdopted::type) {
    event = people_of(in);
  } else {
    return fail("event.unknown_type", "", std::string(type));
  }
  if (!in.ok()) return std::unexpected(in.error());
  return event;
}

log::Written encode(const Event& event) {
  json::Object o;
  if (const auto* e = std::get_if<Adopted>(&event)) {
    o = {{"kind", e->kind},      {"package", log::text_of(e->package)},
         {"file", e->file},      {"rows", e->rows},
         {"added", e->added},    {"changed", e->changed},
         {"removed", e->removed}};
    if (e->source) o["source"] = log::text_of(*e->source);
    return {std::string(Adopted::type), 1, json::print(o)};
  }
  const auto& e = std::get<PeopleAdopted>(event);
  json::Array people;
  for (const Reach& r : e.people)
    people.push_back({{"person", r.person.text}, {"phone", r.phone}, {"mail", r.mail}});
  o = {{"part", log::text_of(e.part.hash)},
       {"case", e.part.case_id},
       {"size", e.part.size},
       {"people", std::move(people)}};
  return {std::string(PeopleAdopted::type), 1, json::print(o)};
}

Register evolve(Register r, const Event& event, const log::Meta& meta) {
  if (const auto* adopted = std::get_if<Adopted>(&event)) r.adopted = *adopted;
  if (const auto* people = std::get_if<PeopleAdopted>(&event)) r.people = *people;
  r.since = meta.at;
  r.by = meta.by;
  ++r.versions;
  return r;
}

}  // namespace tocsin::registers
