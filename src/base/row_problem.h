#pragma once
// What is wrong with one row of a register, so that an import can show every problem at once.

#include <cstddef>
#include <string>

#include "base/result.h"

namespace tocsin {

/// `row` counts from 0 in the order the rows were given; `code` as in Error.
struct RowProblem {
  std::size_t row = 0;
  std::string column;
  std::string code;
  std::string detail;

  bool operator==(const RowProblem&) const = default;
};

/// The most rows an import takes, and the most bytes a package of a register has. JSON is wider
/// than CSV; a package is read back with more room than an import can fill.
inline constexpr std::size_t register_rows_max = 100'000;
inline constexpr std::size_t register_size_max = 64 << 20;

inline Error error_of(const RowProblem& problem) {
  return {problem.code, "row " + std::to_string(problem.row + 1) + ", " + problem.column,
          problem.detail};
}

}  // namespace tocsin
