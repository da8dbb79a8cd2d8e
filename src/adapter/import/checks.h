#pragma once
// What several importers ask of the other registers.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/import/import.h"
#include "adapter/import/table.h"

namespace tocsin::importing {

/// "register.divisions_not_loaded", "register.area_unknown" (the detail says which editions know
/// the code). One problem for the whole file in the first case.
class AreaCheck {
 public:
  AreaCheck(const Standing& standing, Table& table, ImportResult& result);
  void operator()(std::size_t row, std::string_view column, const AreaId& area);
  /// Note "division.other_edition": how many rows use codes of an edition that is not in use.
  void add_note() const;

 private:
  const place::Divisions* divisions_;
  Table& table_;
  ImportResult& result_;
  std::string in_use_;
  std::size_t others_ = 0;
};

/// Why a position cannot be believed, for a note: "place.outside_boundary" with the division whose
/// outline leaves it out (that of `area` or the nearest above that has one); empty when it lies
/// inside or there is no outline to ask.
std::string outside_of(const Standing& standing, const AreaId& area, LonLat position);

/// The outline of a division in whatever edition it was drawn for.
const place::Boundary* outline_of(const Standing& standing, const AreaId& area);

/// Brings problems into the order of the lines.
void sort_by_line(ImportResult& result);

/// "a, b, c and 4 more".
std::string some_of(const std::vector<std::string>& texts, std::size_t shown = 5);

}  // namespace tocsin::importing
