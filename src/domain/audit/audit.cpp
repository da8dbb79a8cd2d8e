#include "domain/audit/audit.h"

#include <algorithm>

#include "log/json.h"

namespace tocsin::audit {

Result<Noted> decode(std::string_view type, int /*version*/, std::string_view json_body) {
  if (type != Noted::type) return fail("event.unknown_type", "", std::string(type));
  json::Scratch scratch;
  const auto value = json::parse(json_body, scratch);
  if (!value) return std::unexpected(value.error());
  json::Fields in(*value, "event.bad_body");
  Noted n{in.text("kind", 40),
          in.text_or("login", "", 200),
          in.text_or("person", "", 200),
          in.text_or("post", "", 200),
          in.text_or("source", "", 100),
          in.text_or("what", ""),
          in.text_or("code", "", 100),
          static_cast<int>(in.integer_if("repeats", 1, 1 << 30).value_or(1))};
  if (!in.ok()) return std::unexpected(in.error());
  return n;
}

log::Written encode(const Noted& n) {
  json::Object o{{"kind", n.kind}};
  const auto put = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) o[name] = text;
  };
  put("login", n.login);
  put("person", n.person);
  put("post", n.post);
  put("source", n.source);
  put("what", n.what);
  put("code", n.code);
  if (n.repeats > 1) o["repeats"] = n.repeats;
  return {std::string(Noted::type), 1, json::print(o)};
}

bool tells_of_login(std::string_view json_body) {
  return json_body.contains(R"("kind":"login")") || json_body.contains(R"("kind":"break_glass")");
}

void LastLogins::take(const Noted& note, Instant at) {
  if (note.kind != "login" && note.kind != "break_glass") return;
  Instant& last = at_[note.login];
  last = std::max(last, at);
}

std::optional<Instant> LastLogins::of(std::string_view login) const {
  const auto found = at_.find(login);
  return found == at_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace tocsin::audit
