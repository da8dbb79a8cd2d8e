#pragma once
// 人员. Names and numbers of the staff. Personal data: never in an event and never in a package
// named by hash, but in one sealed part of the case "directory" that can be replaced and destroyed.
// Elsewhere a person is his id, and how he can be reached is two flags.
//
// The part holds {"people":[{"id","name","phone","email","note"}]}, sorted by id.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/row_problem.h"

namespace tocsin::person {

/// 人员. `phone` is digits with an optional leading '+', empty when there is none; so is `email`.
struct Person {
  std::string id;
  std::string name;
  std::string phone;
  std::string email;
  std::string note;

  bool operator==(const Person&) const = default;
};

/// 可达性. What an event may say of a person: which ways lead to him, not where they lead.
struct Reach {
  bool phone = false;
  bool email = false;

  bool any() const { return phone || email; }
  bool operator==(const Reach&) const = default;
};

/// By person id.
using ReachMap = std::map<std::string, Reach, std::less<>>;

/// 通讯录. The opened part.
class Directory {
 public:
  Directory() = default;

  /// Problems: "person.bad_id", "person.duplicate", "person.no_name", "person.bad_phone",
  /// "person.bad_email", "person.too_long".
  static std::vector<RowProblem> check(const std::vector<Person>& rows);
  static Result<Directory> make(std::vector<Person> rows);

  bool empty() const { return rows_.empty(); }
  /// Sorted by id.
  const std::vector<Person>& all() const { return rows_; }
  const Person* find(std::string_view id) const;
  ReachMap reach() const;

  /// The plain bytes of the part.
  std::string encode() const;
  /// Error "person.bad_directory", field the member.
  static Result<Directory> decode(std::string_view plain);

 private:
  std::vector<Person> rows_;
};

/// "139 0000 0107", "0578-612 3456" or "+86 139-0000-0107" as its digits, '+' kept; empty when it
/// is no number of 3 to 20 digits.
std::string plain_phone(std::string_view text);

/// For screens: "139 **** 0107"; other numbers keep their last four digits, short ones nothing.
std::string mask_phone(std::string_view phone);
/// "p***@sample.invalid".
std::string mask_email(std::string_view email);
/// "沈一禾" → "沈**", "Mary Ann Lee" → "M. A. L.".
std::string initials(std::string_view name);

}  // namespace tocsin::person
