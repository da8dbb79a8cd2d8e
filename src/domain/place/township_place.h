#pragma once
// 驻地位置. Where a division's seat stands, for its label and mark on the map. A division without a
// row is "not placed", never at 0,0.
//
// A package of kind "places" is {"places":[{"area","edition","lon","lat","sample"}]}, sorted by
// area, then edition.

#include <string>
#include <string_view>
#include <vector>

#include "base/area.h"
#include "base/geo.h"
#include "base/result.h"
#include "base/row_problem.h"

namespace tocsin::place {

/// 驻地. `sample`: an invented position, said so on screen.
struct TownshipPlace {
  AreaId area;
  LonLat position;
  bool sample = false;

  bool operator==(const TownshipPlace&) const = default;
};

class Places {
 public:
  Places() = default;

  /// Problems: "place.bad_area", "place.duplicate", "place.out_of_range".
  static std::vector<RowProblem> check(const std::vector<TownshipPlace>& rows);
  static Result<Places> make(std::vector<TownshipPlace> rows);

  bool empty() const { return rows_.empty(); }
  /// Sorted by area.
  const std::vector<TownshipPlace>& all() const { return rows_; }
  /// nullptr when the division is not placed.
  const TownshipPlace* find(const AreaId& area) const;

  std::string encode() const;
  /// Error "place.bad_package", field the member.
  static Result<Places> decode(std::string_view bytes);

 private:
  std::vector<TownshipPlace> rows_;
};

}  // namespace tocsin::place
