#pragma once
// 岗位. Who answers for what. People log in to a post, calls go to a post, and a post says who
// holds it, who stands in (AB 角) and who is above. A post without a holder, or whose holder nobody
// can reach, is a hole that is shown from the first day.
//
// A package of kind "posts" is {"posts":[{"id","title","role","area","edition","person","deputy",
// "superior"}]}, sorted by id.

#include <string>
#include <string_view>
#include <vector>

#include "base/area.h"
#include "base/result.h"
#include "base/row_problem.h"
#include "domain/person/person.h"

namespace tocsin::person {

/// 岗位. `role` is one of role.h; `person` (主责) and `deputy` (AB 角) are person ids, `superior` a
/// post id; each is empty when there is none.
struct Post {
  std::string id;
  std::string title;
  std::string role;
  AreaId area;
  std::string person;
  std::string deputy;
  std::string superior;

  bool operator==(const Post&) const = default;
};

/// 缺口. Why nobody answers at a post.
struct Hole {
  enum class Why { no_holder, unreachable };
  std::string post;
  Why why = Why::no_holder;

  bool operator==(const Hole&) const = default;
};

/// "no_holder", "unreachable".
std::string_view name_of(Hole::Why why);

/// 岗位登记. Immutable; pointers are good as long as it lives.
class Posts {
 public:
  Posts() = default;

  /// Problems: "post.bad_id", "post.duplicate", "post.no_title", "post.bad_role", "post.bad_area",
  /// "post.bad_person", "post.deputy_is_holder", "post.superior_unknown", "post.superior_cycle".
  static std::vector<RowProblem> check(const std::vector<Post>& rows);
  static Result<Posts> make(std::vector<Post> rows);

  bool empty() const { return rows_.empty(); }
  /// Sorted by id.
  const std::vector<Post>& all() const { return rows_; }
  const Post* find(std::string_view id) const;
  /// Posts a person holds or stands in for, by post id.
  std::vector<const Post*> of_person(std::string_view person) const;
  /// The post itself and those above it, nearest first; empty when it is unknown.
  std::vector<const Post*> chain(std::string_view id) const;
  /// By post id. A holder who is not in `reach` is a holder nobody can reach. A deputy does not
  /// close the hole: he is called, and the hole still stands.
  std::vector<Hole> holes(const ReachMap& reach) const;

  std::string encode() const;
  /// Error "person.bad_package", field the member.
  static Result<Posts> decode(std::string_view bytes);

 private:
  std::vector<Post> rows_;
};

}  // namespace tocsin::person
