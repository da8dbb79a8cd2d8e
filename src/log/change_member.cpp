#include "log/change_member.h"

namespace tocsin::log {

std::optional<ChangeWithin> change_if(json::Fields& in) {
  const json::Value* value = in.any("change");
  if (value == nullptr) return std::nullopt;
  json::Fields change(*value, "event.bad_body");
  ChangeWithin out;
  out.per = Duration(change.integer("per_ms", 1, INT64_C(1) << 40));
  out.level = change.number_if("level");
  if (!change.ok()) in.refuse("change." + change.error().field, change.error().detail);
  return out;
}

void put_change(const std::optional<ChangeWithin>& change, json::Object& body) {
  if (!change) return;
  json::Object o{{"per_ms", change->per.count()}};
  if (change->level) o["level"] = *change->level;
  body["change"] = std::move(o);
}

}  // namespace tocsin::log
