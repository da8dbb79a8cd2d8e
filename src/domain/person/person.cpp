#include "domain/person/person.h"

#include <algorithm>
#include <set>

#include "base/area.h"
#include "base/encode.h"
#include "log/rows.h"

namespace tocsin::person {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// RFC 5321 in the narrow form every mail server takes: no quotes, no comments, one '@'.
bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > 254 || at == 0 || at == std::string_view::npos || at > 64) return false;
  const std::string_view domain = text.substr(at + 1);
  constexpr std::string_view allowed = "!#$%&'*+/=?^_`{|}~.-";
  const auto plain = [&](char c, std::string_view extra) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || extra.contains(c);
  };
  return !domain.empty() && !domain.starts_with('.') && !domain.ends_with('.') &&
         std::ranges::all_of(text.substr(0, at), [&](char c) { return plain(c, allowed); }) &&
         std::ranges::all_of(domain, [&](char c) { return plain(c, ".-"); });
}

std::optional<RowProblem> problem_of(const Person& row) {
  const auto no = [](std::string column, std::string code, std::string detail) {
    return RowProblem{0, std::move(column), std::move(code), std::move(detail)};
  };
  if (!is_register_id(row.id)) return no("person", "person.bad_id", row.id);
  if (row.name.empty()) return no("name", "person.no_name", row.id);
  if (row.name.size() > 200) return no("name", "person.too_long", row.id);
  if (row.note.size() > 2000) return no("note", "person.too_long", row.id);
  if (!row.phone.empty() && plain_phone(row.phone) != row.phone)
    return no("phone", "person.bad_phone", mask_phone(row.phone));
  if (!row.email.empty() && !is_email(row.email))
    return no("email", "person.bad_email", mask_email(row.email));
  return std::nullopt;
}

}  // namespace

std::vector<RowProblem> Directory::check(const std::vector<Person>& rows) {
  std::vector<RowProblem> problems;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool twice = !seen.insert(rows[i].id).second;
    auto problem = problem_of(rows[i]);
    if (!problem && twice) problem = RowProblem{0, "person", "person.duplicate", rows[i].id};
    if (!problem) continue;
    problem->row = i;
    problems.push_back(std::move(*problem));
  }
  return problems;
}

Result<Directory> Directory::make(std::vector<Person> rows) {
  if (const auto problems = check(rows); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  Directory made;
  made.rows_ = std::move(rows);
  std::ranges::sort(made.rows_, {}, &Person::id);
  return made;
}

const Person* Directory::find(std::string_view id) const {
  const auto found = std::ranges::lower_bound(rows_, id, {}, &Person::id);
  return found == rows_.end() || found->id != id ? nullptr : &*found;
}

ReachMap Directory::reach() const {
  ReachMap reach;
  for (const Person& row : rows_)
    reach[row.id] = {.phone = !row.phone.empty(), .email = !row.email.empty()};
  return reach;
}

std::string Directory::encode() const {
  json::Array rows;
  for (const Person& row : rows_)
    rows.push_back(json::Object{{"id", row.id},
                                {"name", row.name},
                                {"phone", row.phone},
                                {"email", row.email},
                                {"note", row.note}});
  return json::print(json::Object{{"people", std::move(rows)}});
}

Result<Directory> Directory::decode(std::string_view plain) {
  auto rows =
      json::read_rows<Person>(plain, "people", "person.bad_directory", [](json::Fields& row) {
        return Person{.id = row.text("id"),
                      .name = row.text("name"),
                      .phone = row.text_or("phone", ""),
                      .email = row.text_or("email", ""),
                      .note = row.text_or("note", "")};
      });
  if (!rows) return std::unexpected(rows.error());
  return make(std::move(*rows));
}

std::string plain_phone(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c) || (c == '+' && digits.empty()))
      digits += c;
    else if (c != ' ' && c != '-' && c != '(' && c != ')')
      return {};
  }
  const std::size_t count = digits.size() - (digits.starts_with('+') ? 1 : 0);
  return count >= 3 && count <= 20 ? digits : std::string();
}

std::string mask_phone(std::string_view phone) {
  std::string digits = plain_phone(phone);
  if (digits.starts_with("+86")) digits.erase(0, 3);
  const std::string_view all = digits;
  if (all.size() == 11 && all.starts_with('1'))
    return std::string(all.substr(0, 3)) + " **** " + std::string(all.substr(7));
  if (all.size() >= 8) return "**** " + std::string(all.substr(all.size() - 4));
  return all.empty() && phone.empty() ? "" : "****";
}

std::string mask_email(std::string_view email) {
  const std::size_t at = email.find('@');
  if (email.empty()) return "";
  if (at == std::string_view::npos || at == 0) return "***";
  std::size_t first = 1;
  while (first < at && is_continuation(email[first])) ++first;
  return std::string(email.substr(0, first)) + "***" + std::string(email.substr(at));
}

std::string initials(std::string_view name) {
  std::string out;
  if (!name.empty() && static_cast<unsigned char>(name.front()) < 0x80) {
    bool begins = true;
    for (const char c : name) {
      if (begins && c != ' ') out += (out.empty() ? "" : " ") + std::string(1, c) + ".";
      begins = c == ' ';
    }
    return out;
  }
  std::size_t characters = 0;
  for (const char c : name) {
    if (!is_continuation(c)) ++characters;
    if (characters == 1)
      out += c;
    else if (!is_continuation(c))
      out += '*';
  }
  return out;
}

}  // namespace tocsin::person
