#include "domain/person/post.h"

#include <algorithm>
#include <map>

#include "domain/person/role.h"
#include "log/rows.h"

namespace tocsin::person {
namespace {

using Index = std::map<std::string_view, std::size_t>;  // by post id

std::optional<RowProblem> problem_of(const Post& row, const Index& known) {
  const auto no = [](std::string column, std::string code, std::string detail) {
    return RowProblem{0, std::move(column), std::move(code), std::move(detail)};
  };
  if (!is_register_id(row.id)) return no("post", "post.bad_id", row.id);
  if (row.title.empty() || row.title.size() > 200) return no("title", "post.no_title", row.id);
  if (find_role(row.role) == nullptr || find_role(row.role)->name != row.role)
    return no("role", "post.bad_role", row.role);
  if (row.area.code.empty() || short_area_code(row.area.code) != row.area.code)
    return no("area", "post.bad_area", row.area.code);
  if (!is_register_id(row.area.edition, 32))
    return no("edition", "post.bad_area", row.area.edition);
  if (!row.person.empty() && !is_register_id(row.person))
    return no("person", "post.bad_person", row.person);
  if (!row.deputy.empty() && !is_register_id(row.deputy))
    return no("deputy", "post.bad_person", row.deputy);
  if (!row.deputy.empty() && row.deputy == row.person)
    return no("deputy", "post.deputy_is_holder", row.deputy);
  if (!row.superior.empty() && !known.contains(row.superior))
    return no("superior", "post.superior_unknown", row.superior);
  return std::nullopt;
}

/// True when going up from `start` comes back to it.
bool in_cycle(const std::vector<Post>& rows, const Index& known, std::size_t start) {
  auto next = known.find(rows[start].superior);
  for (std::size_t steps = 0; steps < rows.size() && next != known.end(); ++steps) {
    if (next->second == start) return true;
    next = known.find(rows[next->second].superior);
  }
  return false;
}

}  // namespace

std::string_view name_of(Hole::Why why) {
  return why == Hole::Why::no_holder ? "no_holder" : "unreachable";
}

std::vector<RowProblem> Posts::check(const std::vector<Post>& rows) {
  Index known;
  for (std::size_t i = 0; i < rows.size(); ++i) known.try_emplace(rows[i].id, i);
  std::vector<RowProblem> problems;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto problem = problem_of(rows[i], known);
    if (!problem && known.at(rows[i].id) != i)
      problem = RowProblem{0, "post", "post.duplicate", rows[i].id};
    if (!problem && in_cycle(rows, known, i))
      problem = RowProblem{0, "superior", "post.superior_cycle", rows[i].superior};
    if (!problem) continue;
    problem->row = i;
    problems.push_back(std::move(*problem));
  }
  return problems;
}

Result<Posts> Posts::make(std::vector<Post> rows) {
  if (const auto problems = check(rows); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  Posts made;
  made.rows_ = std::move(rows);
  std::ranges::sort(made.rows_, {}, &Post::id);
  return made;
}

const Post* Posts::find(std::string_view id) const {
  const auto found = std::ranges::lower_bound(rows_, id, {}, &Post::id);
  return found == rows_.end() || found->id != id ? nullptr : &*found;
}

std::vector<const Post*> Posts::of_person(std::string_view person) const {
  std::vector<const Post*> found;
  if (person.empty()) return found;
  for (const Post& row : rows_)
    if (row.person == person || row.deputy == person) found.push_back(&row);
  return found;
}

std::vector<const Post*> Posts::chain(std::string_view id) const {
  std::vector<const Post*> found;
  for (const Post* post = find(id); post != nullptr; post = find(post->superior))
    found.push_back(post);
  return found;
}

std::vector<Hole> Posts::holes(const ReachMap& reach) const {
  std::vector<Hole> holes;
  for (const Post& row : rows_) {
    const auto known = reach.find(row.person);
    if (row.person.empty())
      holes.push_back({row.id, Hole::Why::no_holder});
    else if (known == reach.end() || !known->second.any())
      holes.push_back({row.id, Hole::Why::unreachable});
  }
  return holes;
}

std::string Posts::encode() const {
  json::Array rows;
  for (const Post& row : rows_)
    rows.push_back(json::Object{{"id", row.id},
                                {"title", row.title},
                                {"role", row.role},
                                {"area", row.area.code},
                                {"edition", row.area.edition},
                                {"person", row.person},
                                {"deputy", row.deputy},
                                {"superior", row.superior}});
  return json::print(json::Object{{"posts", std::move(rows)}});
}

Result<Posts> Posts::decode(std::string_view bytes) {
  auto rows = json::read_rows<Post>(bytes, "posts", "person.bad_package", [](json::Fields& row) {
    return Post{.id = row.text("id"),
                .title = row.text("title"),
                .role = row.text("role"),
                .area = {row.text("area"), row.text("edition")},
                .person = row.text_or("person", ""),
                .deputy = row.text_or("deputy", ""),
                .superior = row.text_or("superior", "")};
  });
  if (!rows) return std::unexpected(rows.error());
  return make(std::move(*rows));
}

}  // namespace tocsin::person
