#pragma once
// 行政区划. The tree of divisions of a county, several editions side by side. Always looked up by
// code and edition together. A division lies under its parent within one edition; across editions
// two divisions are the same place when their names from the root down are the same.
//
// A package of kind "divisions" is {"divisions":[{"code","edition","name","level","parent"}]},
// sorted by code, then edition.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/area.h"
#include "base/result.h"
#include "base/row_problem.h"

namespace tocsin::place {

/// 区划. `level` is the one its code's length says; `parent` is a code of the same edition, empty
/// at the root.
struct Division {
  AreaId id;
  std::string name;
  AreaLevel level = AreaLevel::county;
  std::string parent;

  bool operator==(const Division&) const = default;
};

/// 区划登记. An immutable register; pointers it hands out are good as long as it lives.
class Divisions {
 public:
  Divisions() = default;

  /// What keeps these rows from being a register: "division.bad_code", "division.bad_edition",
  /// "division.no_name", "division.duplicate", "division.level" (not the code's),
  /// "division.parent_unknown" (not in that edition), "division.parent_not_above" (the parent's
  /// code does not begin the code).
  static std::vector<RowProblem> check(const std::vector<Division>& rows);
  /// Error: the first problem of `check`.
  static Result<Divisions> make(std::vector<Division> rows);

  bool empty() const { return rows_.empty(); }
  /// Sorted by code, then edition.
  const std::vector<Division>& all() const { return rows_; }
  const Division* find(const AreaId& id) const;
  /// Name, or the code itself when it is not in the register.
  std::string name_of(const AreaId& id) const;
  std::vector<std::string> editions() const;
  /// 现行版本. The edition whose codes are meant where only a code is kept: of the editions that
  /// reach down the furthest (a list of townships alone cannot carry villages), the latest. Empty
  /// when nothing is loaded.
  std::string in_use() const;
  /// The latest edition that holds this code, by the edition's text.
  std::optional<AreaId> latest(std::string_view code) const;
  /// Divisions of an edition that have no parent.
  std::vector<const Division*> roots(std::string_view edition) const;
  /// Directly below, by code.
  std::vector<const Division*> children(const AreaId& id) const;
  /// From the root down to the division itself; empty when it is not in the register.
  std::vector<const Division*> path(const AreaId& id) const;
  /// The names of `path`, joined: "庆元县 · 松源街道 · 会溪村".
  std::string path_name(const AreaId& id) const;

  /// The same place in another edition: equal names from the root down. Itself in its own edition.
  std::optional<AreaId> in_edition(const AreaId& id, std::string_view edition) const;
  /// True when `area` is `ancestor` or lies under it; across editions by `in_edition` of any
  /// division above. What is not in the register covers nothing and is covered by nothing.
  bool covers(const AreaId& ancestor, const AreaId& area) const;

  /// The bytes of a package.
  std::string encode() const;
  /// Error "place.bad_package", field the member.
  static Result<Divisions> decode(std::string_view bytes);

 private:
  std::optional<std::size_t> index_of(const AreaId& id) const;

  std::vector<Division> rows_;
  std::vector<std::optional<std::size_t>> parents_;  // as rows_
  std::vector<std::vector<std::size_t>> children_;   // as rows_
};

}  // namespace tocsin::place
