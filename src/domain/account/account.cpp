#include "domain/account/account.h"

#include <algorithm>

#include "log/json.h"

namespace tocsin::account {
namespace {

Created created_of(json::Fields& in) {
  Created e;
  e.login = in.text("login", 100);
  e.password_hash = in.text("password_hash", 200);
  e.person = {in.text_or("person", "", 200)};
  e.operates = in.flag_or("operates", false);
  for (std::string& id : in.texts("posts")) e.posts.push_back({std::move(id)});
  return e;
}

Result<Event> decode_members(std::string_view type, json::Fields& in) {
  if (type == Created::type) return created_of(in);
  if (type == PasswordSet::type) return PasswordSet{in.text("password_hash", 200)};
  if (type == PostChanged::type)
    return PostChanged{{in.text_or("gives", "", 200)}, {in.text_or("takes", "", 200)}};
  if (type == Disabled::type) return Disabled{in.flag_or("disabled", true)};
  if (type == CodesSet::type) return CodesSet{in.texts("hashes", 100)};
  if (type == CodeUsed::type) return CodeUsed{in.text("hash", 200), in.text_or("reason", "")};
  if (type == IngestKeySet::type)
    return IngestKeySet{in.text("name", 100), in.text("key_hash", 200), in.text_or("area", "", 40)};
  return fail("event.unknown_type", "", std::string(type));
}

json::Object body_of(const Created& e) {
  json::Array posts;
  for (const PostId& id : e.posts) posts.emplace_back(id.text);
  return {{"login", e.login},
          {"password_hash", e.password_hash},
          {"person", e.person.text},
          {"operates", e.operates},
          {"posts", std::move(posts)}};
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
          [&](const Created& e) { return write(e.type, body_of(e)); },
          [&](const PasswordSet& e) { return write(e.type, {{"password_hash", e.password_hash}}); },
          [&](const PostChanged& e) {
            return write(e.type, {{"gives", e.gives.text}, {"takes", e.takes.text}});
          },
          [&](const Disabled& e) { return write(e.type, {{"disabled", e.disabled}}); },
          [&](const CodesSet& e) {
            return write(e.type, {{"hashes", json::Array(e.hashes.begin(), e.hashes.end())}});
          },
          [&](const CodeUsed& e) {
            return write(e.type, {{"hash", e.hash}, {"reason", e.reason}});
          },
          [&](const IngestKeySet& e) {
            return write(e.type, {{"name", e.name}, {"key_hash", e.key_hash}, {"area", e.area}});
          },
      },
      event);
}

std::expected<Event, Refusal> decide(const Account& a, const PostChanged& change) {
  const auto holds = [&](const PostId& post) {
    return std::ranges::find(a.created.posts, post) != a.created.posts.end();
  };
  if (!change.takes.empty() && !holds(change.takes))
    return std::unexpected(Refusal{"account.post_not_held", "post"});
  if (change.gives == change.takes || (!change.gives.empty() && holds(change.gives)))
    return std::unexpected(Refusal{"account.no_change", "post"});
  return change;
}

Account evolve(Account a, const Event& event, const log::Meta& meta) {
  std::visit(overloaded{
                 [&](const Created& e) {
                   a.exists = true;
                   a.created = e;
                   a.password_hash = e.password_hash;
                 },
                 [&](const PasswordSet& e) {
                   a.password_hash = e.password_hash;
                   a.shut_at = meta.at;
                 },
                 [&](const PostChanged& e) {
                   std::erase(a.created.posts, e.takes);
                   if (!e.gives.empty()) a.created.posts.push_back(e.gives);
                 },
                 [&](const Disabled& e) {
                   a.disabled = e.disabled;
                   if (e.disabled) a.shut_at = meta.at;
                 },
                 [&](const CodesSet& e) { a.codes = e.hashes; },
                 [&](const CodeUsed& e) {
                   std::erase(a.codes, e.hash);
                   a.code_used_at = meta.at;
                   a.code_reason = e.reason;
                 },
                 [&](const IngestKeySet& e) {
                   a.exists = true;
                   a.ingest = e;
                 },
             },
             event);
  return a;
}

}  // namespace tocsin::account
