#pragma once
// 风险点. Where a warning becomes a call: a place that floods, slides or spills, the people who
// live in its way, and the posts that must move them.
//
// A package of kind "riskpoints" is
// {"riskpoints":[{"id","name","kind","area","edition","lon","lat",
// "people","responsible","sample"}]}, sorted by id.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/area.h"
#include "base/geo.h"
#include "base/result.h"
#include "base/row_problem.h"

namespace tocsin::place {

/// 风险点. `people`: how many may have to move. `responsible`: post ids, first called first.
struct RiskPoint {
  std::string id;
  std::string name;
  std::string kind;
  AreaId area;
  LonLat position;
  int people = 0;
  std::vector<std::string> responsible;
  bool sample = false;

  bool operator==(const RiskPoint&) const = default;
};

struct RiskKind {
  std::string_view name, zh, en;
};

/// 风险点类别. "other" is for what has no word yet.
inline constexpr std::array<RiskKind, 7> risk_kinds{{
    {"flash_flood", "山洪沟", "flash flood gully"},
    {"landslide", "滑坡点", "landslide"},
    {"debris_flow", "泥石流沟", "debris flow gully"},
    {"river", "沿河低洼段", "low river bank"},
    {"reservoir", "水库", "reservoir"},
    {"outfall", "排口", "outfall"},
    {"other", "其他", "other"},
}};

/// 风险点登记. Immutable; pointers are good as long as it lives.
class RiskPoints {
 public:
  RiskPoints() = default;

  /// Problems: "riskpoint.bad_id", "riskpoint.duplicate", "riskpoint.no_name",
  /// "riskpoint.bad_kind", "riskpoint.bad_area", "riskpoint.out_of_range", "riskpoint.bad_people"
  /// (0 to 10,000,000), "riskpoint.bad_post", "riskpoint.post_twice".
  static std::vector<RowProblem> check(const std::vector<RiskPoint>& rows);
  static Result<RiskPoints> make(std::vector<RiskPoint> rows);

  bool empty() const { return rows_.empty(); }
  /// Sorted by id.
  const std::vector<RiskPoint>& all() const { return rows_; }
  const RiskPoint* find(std::string_view id) const;
  /// Risk points a post answers for, by id.
  std::vector<const RiskPoint*> of_post(std::string_view post) const;

  std::string encode() const;
  /// Error "place.bad_package", field the member.
  static Result<RiskPoints> decode(std::string_view bytes);

 private:
  std::vector<RiskPoint> rows_;
};

}  // namespace tocsin::place
