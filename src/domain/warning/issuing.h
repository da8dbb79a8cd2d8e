#pragma once
// 发布权限. Who may issue which hazard to whom. A register like the others: the rows built in are
// the national defaults (sample/qingyuan/issuing.csv is the same file), a county's own list
// replaces them whole, and each version is a package the log names. A public weather warning is the
// weather service's (气象灾害防御条例 第三十条); ours may only call those responsible.
//
// Of the rows in force for an audience the one with the longest prefix of the hazard decides,
// alone. A package of kind "issuing" is
// {"issuing":[{"id","hazard","audience","roles","posts","automatic",
// "whose","instrument","article","valid_from","valid_to"}]}, sorted by id.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/row_problem.h"
#include "domain/warning/events.h"

namespace tocsin::warning {

/// 权限条目. Who may issue is anybody whose role or post is listed; nobody is listed where the
/// right is another office's (`whose`).
struct IssuingRow {
  std::string id;      ///< named by refusals
  std::string hazard;  ///< GB/T 35561 code or a prefix of it ("11B"); empty: every hazard
  Audience audience = Audience::responsible;
  std::vector<std::string> roles;  ///< of posts.csv: "duty_officer" …
  std::vector<std::string> posts;  ///< post ids
  bool automatic = false;          ///< a rule may let it go out without a person
  std::string whose;               ///< office whose right it is, where it is not ours
  std::string instrument, article;
  std::string valid_from, valid_to;  ///< "2024-11-01", Beijing days, both inclusive; empty: open

  bool ours() const { return automatic || !roles.empty() || !posts.empty(); }
  bool operator==(const IssuingRow&) const = default;
};

/// 签发者. Who asks: somebody at a post, or a rule by itself.
struct Issuer {
  std::string post, role;
  bool rule = false;
};

/// "responsible", "everyone".
std::string_view name_of(Audience audience);
/// The name or its Chinese ("责任人", "公众"); nullopt when it is neither.
std::optional<Audience> parse_audience(std::string_view text);

/// 发布权限表. Immutable; pointers are good as long as it lives.
class IssuingRights {
 public:
  /// The national defaults.
  IssuingRights();

  /// Problems: "issuing.bad_id", "issuing.duplicate", "issuing.bad_hazard", "issuing.bad_post",
  /// "issuing.automatic_public", "issuing.no_whose" (neither anybody here nor another office),
  /// "issuing.no_instrument", "issuing.bad_date", "issuing.overlap" (two rows for one hazard and
  /// audience at one time).
  static std::vector<RowProblem> check(const std::vector<IssuingRow>& rows);
  static Result<IssuingRights> make(std::vector<IssuingRow> rows);

  /// Sorted by id.
  const std::vector<IssuingRow>& all() const { return rows_; }
  /// The row that decides, or nullptr when none covers it: then nobody may.
  const IssuingRow* row_for(std::string_view hazard, Audience audience, Instant now) const;
  /// Nothing when he may. "warning.not_ours_to_publish" (another office's right),
  /// "warning.not_this_post" (somebody else's here), "warning.not_automatic" (a person's),
  /// "warning.no_issuing_row"; field "hazard", detail row, instrument, article and whose it is.
  std::optional<Error> refusal(std::string_view hazard, Audience audience, const Issuer& who,
                               Instant now) const;

  std::string encode() const;
  /// Error "issuing.bad_package", field the member, or the first problem of `check`.
  static Result<IssuingRights> decode(std::string_view bytes);

 private:
  std::vector<IssuingRow> rows_;
};

/// True when the row is in force at `now`.
bool in_force(const IssuingRow& row, Instant now);

}  // namespace tocsin::warning
