// people.csv: person, name, phone, email, note. Personal data: nothing of it stands in a finding
// but the id, and what comes out is to be sealed.

#include <map>
#include <set>

#include "adapter/import/checks.h"
#include "adapter/import/importers.h"
#include "adapter/import/table.h"

namespace tocsin::importing {
namespace {

using person::Directory;
using person::Person;
using ById = std::map<std::string, Person>;

/// The event that adopts the directory lists every id; it has to fit in one record.
constexpr std::size_t reach_bytes_max = 240'000;  // of log::record_size_max

const std::vector<Column>& columns() {
  static const std::vector<Column> list{
      {{"person", "人员编号", "工号", "人员"}, true},
      {{"name", "姓名"}, true},
      {{"phone", "手机号", "手机", "联系电话", "电话"}, true},
      {{"email", "电子邮箱", "邮箱", "邮件"}, false},
      {{"note", "备注"}, false},
  };
  return list;
}

Person read_row(Row& row) {
  Person person{.id = row.need("person"),
                .name = row.need("name"),
                .phone = {},
                .email = row.text("email"),
                .note = row.text("note")};
  if (const std::string phone = row.text("phone"); !phone.empty()) {
    person.phone = person::plain_phone(phone);
    if (person.phone.empty() && !row.shortened("phone"))
      row.problem("phone", "person.bad_phone", person.id);
  }
  return person;
}

/// Posts that name somebody who is no longer in the list.
void note_left(const Standing& standing, const person::ReachMap& reach, ImportResult& result) {
  if (standing.posts == nullptr) return;
  std::vector<std::string> posts;
  for (const person::Post& post : standing.posts->all())
    for (const std::string& who : {post.person, post.deputy})
      if (!who.empty() && !reach.contains(who)) posts.push_back(post.id);
  if (!posts.empty()) result.note("person.still_named", some_of(posts));
}

Changes changes_of(const Standing& standing, const std::vector<Person>& rows) {
  ById before, after;
  for (const Person& row : rows) after.emplace(row.id, row);
  if (standing.directory != nullptr) {
    for (const Person& row : standing.directory->all()) before.emplace(row.id, row);
  } else if (standing.people != nullptr) {
    for (const auto& [id, reach] : *standing.people) {
      const auto now = after.find(id);
      before.emplace(id, now == after.end() ? Person{} : now->second);
    }
  }
  return changes_between(before, after);
}

}  // namespace

ImportResult import_people(const Request& request, const Standing& standing) {
  ImportResult result{.kind = "people"};
  Table table(request.bytes, columns(), result);
  const auto rows = table.rows<Person>([](Row& row) { return read_row(row); });
  table.add(Directory::check(rows));
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  std::size_t bytes = 0;
  std::vector<std::string> unreachable;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bytes += rows[i].id.size() + 46;
    if (rows[i].phone.empty() && rows[i].email.empty()) unreachable.push_back(rows[i].id);
  }
  if (bytes > reach_bytes_max)
    result.problem(0, "", "person.too_many", std::to_string(rows.size()) + " people");
  if (!unreachable.empty()) result.note("person.unreachable", some_of(unreachable));
  sort_by_line(result);
  result.changes = changes_of(standing, rows);
  if (!result.whole()) return result;
  const auto directory = Directory::make(rows);
  result.reach = directory->reach();
  note_left(standing, result.reach, result);
  result.package = directory->encode();
  return result;
}

}  // namespace tocsin::importing
