#include "server/access/session_file.h"

#include <algorithm>
#include <filesystem>

#include "adapter/keyring_file/private_file.h"
#include "log/json.h"

namespace tocsin::server {
namespace {

constexpr std::string_view file_kind = "sessions 1", bad = "session.file_bad";
constexpr std::size_t hash_size = 64, text_max = 16u << 20, sessions_max = 10'000;

json::Object object_of(const KeptSession& one) {
  const access::Principal& who = one.principal;
  return {
      {"hash", one.hash},   {"opened", iso_utc(one.opened)}, {"used", iso_utc(one.used)},
      {"login", who.login}, {"person", who.person},          {"person_name", who.person_name},
      {"post", who.post},   {"post_title", who.post_title},  {"role", access::name_of(who.role)},
      {"area", who.area},   {"area_name", who.area_name},    {"break_glass", who.break_glass}};
}

Result<KeptSession> session_of(const json::Value& value) {
  json::Fields in(value, bad);
  KeptSession out;
  out.hash = in.text("hash", hash_size);
  if (out.hash.size() != hash_size) in.refuse("hash", "64 digits are wanted");
  out.opened = in.instant("opened");
  out.used = in.instant("used");
  access::Principal& who = out.principal;
  who.login = in.text("login");
  who.person = in.text("person");
  who.person_name = in.text("person_name");
  who.post = in.text("post");
  who.post_title = in.text("post_title");
  const auto role = access::parse_role(in.text("role"));
  if (!role) in.refuse("role", "no role of ours");
  who.role = role.value_or(access::Role::responsible);
  who.area = in.text("area");
  who.area_name = in.text("area_name");
  who.break_glass = in.flag_or("break_glass", false);
  if (!in.ok()) return std::unexpected(in.error());
  return out;
}

}  // namespace

std::string print_sessions(const std::vector<KeptSession>& sessions) {
  json::Array rows;
  for (const KeptSession& one : sessions) rows.push_back(object_of(one));
  return json::print(json::Object{{"tocsin", file_kind}, {"sessions", std::move(rows)}}) + "\n";
}

Result<std::vector<KeptSession>> parse_sessions(std::string_view text) {
  const auto value = json::parse(text, text_max);
  if (!value) return fail(std::string(bad), value.error().field, value.error().detail);
  json::Fields in(*value, bad);
  if (in.text("tocsin") != file_kind) in.refuse("tocsin", "not sessions of this version");
  const json::Array& rows = in.objects("sessions", sessions_max);
  if (!in.ok()) return std::unexpected(in.error());
  std::vector<KeptSession> out;
  for (const json::Value& row : rows) {
    auto one = session_of(row);
    if (!one) return std::unexpected(one.error());
    out.push_back(std::move(*one));
  }
  return out;
}

Result<std::vector<KeptSession>> SessionFile::read() const {
  const auto text = keyring_file::read_private(path_);
  if (!text) return std::unexpected(text.error());
  if (!*text) return std::vector<KeptSession>{};
  return parse_sessions(**text);
}

Result<void> SessionFile::keep() {
  const std::lock_guard lock(mutex_);
  auto sessions = sessions_.kept();
  std::ranges::sort(sessions, {}, &KeptSession::hash);
  std::string text = print_sessions(sessions);
  if (text == written_) return {};
  auto done = keyring_file::replace_private(path_, text, false);
  written_ = done ? std::move(text) : std::string();
  std::error_code problem;
  if (!done) std::filesystem::remove(path_, problem);
  return done;
}

}  // namespace tocsin::server
