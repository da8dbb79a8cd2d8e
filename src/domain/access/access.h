#pragma once
// 权限. Who may do what: place in the division tree x role. Pure tables; the one place that applies
// them to a request is the server's gate.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::access {

/// 角色. What a post is for. The words stand in `posts.csv` and in events.
enum class Role : std::uint8_t {
  duty_officer,      // 值班员
  leader,            // 带班领导
  liaison,           // 部门联络员
  township_officer,  // 乡镇值班员
  village_head,      // 村主任
  responsible,       // 责任人
  operator_,         // 系统管理员; written "operator"
  auditor,           // 审计员
};
inline constexpr std::uint8_t role_count = 8;

std::string_view name_of(Role role);
std::optional<Role> parse_role(std::string_view name);

/// 访问类别. Every HTTP route states one; docs/formats/http.md says what each means.
enum class Access : std::uint8_t {
  open,     // anybody
  session,  // any logged-in post
  read,     // posts whose area covers the rows
  answer,   // may answer calls in its area
  issue,    // may issue, raise, lower, cancel; which hazard and area is data (issuing rights)
  operate,  // operator: import, users, stations, dialects, release
  audit,    // reads the audit lane
  ingest,   // an ingest key, or the operator
  link,     // a signed link, on the link listener only
  local,    // loopback only
};
inline constexpr std::uint8_t access_count = 10;

std::string_view name_of(Access access);
std::optional<Access> parse_access(std::string_view name);

/// The classes a role opens by itself. `open`, `link` and `local` are never a matter of role.
class Rights {
 public:
  constexpr Rights() = default;
  constexpr Rights(std::initializer_list<Access> classes) {
    for (const Access access : classes) bits_ |= bit(access);
  }
  constexpr bool has(Access access) const { return (bits_ & bit(access)) != 0; }
  /// In the order of Access, for the desk: {"session", "read", …}.
  std::vector<std::string_view> names() const;

 private:
  static constexpr std::uint16_t bit(Access access) {
    return static_cast<std::uint16_t>(1u << static_cast<unsigned>(access));
  }
  std::uint16_t bits_ = 0;
};

Rights rights(Role role);

/// The significant digits of a division code (GB/T 2260 + GB/T 10114): province 2, city 4, county
/// 6, township 9, village 12; "331126000000" and "331126" are the same county. Empty when the text
/// is no division code.
std::string_view significant(std::string_view area_code);

/// True when `row_area` is `post_area` or lies under it. An empty or malformed code covers nothing
/// and is covered by nothing.
bool covers(std::string_view post_area, std::string_view row_area);

/// A row may be read when the post covers one of its areas, or lies in one of them (a township sees
/// a warning over the whole county). Rows without an area concern every post.
bool concerns(std::string_view post_area, std::span<const std::string> row_areas);

/// 当事岗位. Who does a thing: a person at a post, for as long as the session lasts. A program with
/// an ingest key has a login "key:<name>" and no person.
struct Principal {
  std::string login{};
  std::string person{};       // PersonId, empty for a program
  std::string person_name{};  // for the person's own screen only
  std::string post{};         // PostId
  std::string post_title{};
  Role role = Role::responsible;
  std::string area{};  // division code of the post
  std::string area_name{};
  bool break_glass = false;

  bool operator==(const Principal&) const = default;
};

}  // namespace tocsin::access
