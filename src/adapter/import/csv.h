#pragma once
// CSV as RFC 4180 has it: comma, double quotes, a quote inside written twice; CR LF, LF or CR end a
// record. Pure: UTF-8 in, records with their line numbers out.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/import/result.h"

namespace tocsin::importing {

struct CsvLimits {
  std::size_t rows = 100'001;  ///< the heading included
  std::size_t columns = 200;
  std::size_t field_bytes = 20'000;
};

struct CsvRecord {
  std::size_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> fields;
};

/// Lines that hold nothing at all are no records. The problem names line and column number:
/// "csv.too_many_rows", "csv.too_many_columns", "csv.field_too_long", "csv.quote_open" (the file
/// ends inside quotes; the line is where they began), "csv.quote_stray" (a quote inside a field
/// that does not begin with one, or text behind a closing quote).
std::expected<std::vector<CsvRecord>, Finding> parse_csv(std::string_view utf8,
                                                         const CsvLimits& limits = {});

/// The field in quotes where it needs them.
std::string csv_field(std::string_view text);

}  // namespace tocsin::importing
