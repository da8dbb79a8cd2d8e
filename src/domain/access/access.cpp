#include "domain/access/access.h"

#include <algorithm>
#include <array>

namespace tocsin::access {
namespace {

constexpr std::array<std::string_view, role_count> role_names{
    "duty_officer", "leader",      "liaison",  "township_officer",
    "village_head", "responsible", "operator", "auditor"};

constexpr std::array<std::string_view, access_count> access_names{
    "open", "session", "read", "answer", "issue", "operate", "audit", "ingest", "link", "local"};

template <class E, std::size_t N>
std::optional<E> parse(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<E>(found - names.begin());
}

}  // namespace

std::string_view name_of(Role role) { return role_names.at(static_cast<std::size_t>(role)); }
std::optional<Role> parse_role(std::string_view name) { return parse<Role>(role_names, name); }

std::string_view name_of(Access access) {
  return access_names.at(static_cast<std::size_t>(access));
}
std::optional<Access> parse_access(std::string_view name) {
  return parse<Access>(access_names, name);
}

std::vector<std::string_view> Rights::names() const {
  std::vector<std::string_view> out;
  for (std::uint8_t i = 0; i < access_count; ++i)
    if (has(static_cast<Access>(i))) out.push_back(access_names.at(i));
  return out;
}

Rights rights(Role role) {
  using enum Access;
  switch (role) {
    case Role::duty_officer:
    case Role::leader:
      return {session, read, answer, issue};
    case Role::liaison:
      return {session, read, issue};
    case Role::township_officer:
      return {session, read, answer};
    case Role::village_head:
      return {session, read};
    case Role::responsible:
      return {session};
    case Role::operator_:
      return {session, read, operate, audit, ingest};
    case Role::auditor:
      return {session, read, audit};
  }
  return {};
}

std::string_view significant(std::string_view code) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (code.size() > 12 || !std::ranges::all_of(code, digit)) return {};
  for (const std::size_t level : {2u, 4u, 6u, 9u, 12u}) {
    if (code.size() < level) break;
    if (code.find_first_not_of('0', level) == std::string_view::npos) {
      const std::string_view head = code.substr(0, level);
      return head.find_first_not_of('0') == std::string_view::npos ? std::string_view() : head;
    }
  }
  return {};
}

bool covers(std::string_view post_area, std::string_view row_area) {
  const std::string_view post = significant(post_area), row = significant(row_area);
  return !post.empty() && !row.empty() && row.starts_with(post);
}

bool concerns(std::string_view post_area, std::span<const std::string> row_areas) {
  if (row_areas.empty()) return true;
  return std::ranges::any_of(row_areas, [&](const std::string& row) {
    return covers(post_area, row) || covers(row, post_area);
  });
}

}  // namespace tocsin::access
