#pragma once
// A CSV file as a table with known columns. The order of columns is free; headings are English or
// Chinese; a column nobody knows is told, a missing one refuses the file.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/import/csv.h"
#include "adapter/import/result.h"
#include "base/geo.h"
#include "base/row_problem.h"

namespace tocsin::importing {

/// One column: `names` are its headings, the first one its own; earlier ones win where a file has
/// several.
struct Column {
  std::vector<std::string_view> names;
  bool required = true;
};

class Table;

/// One row being read. What does not fit becomes a problem of this line; the value returned then is
/// empty or zero.
class Row {
 public:
  Row(Table& table, const CsvRecord& record) : table_(table), record_(record) {}

  std::size_t line() const { return record_.line; }
  /// Without blanks around it; empty where the file has no such column.
  std::string text(std::string_view column) const;
  /// As text, but "csv.empty" when there is nothing.
  std::string need(std::string_view column);
  /// A decimal number; "csv.empty", "csv.bad_number".
  double number(std::string_view column);
  /// "csv.empty", "csv.bad_number", "csv.out_of_range". A missing column or blank field is
  /// `otherwise` where one is given.
  int integer(std::string_view column, int least, int most, std::optional<int> otherwise = {});
  /// 1/0, true/false, yes/no, 是/否; blank is no. "csv.bad_flag".
  bool flag(std::string_view column);
  /// Parts between ; ； 、 or |, without blanks.
  std::vector<std::string> list(std::string_view column) const;
  /// lon, lat and crs (column or `stated`) as WGS 84, on the grid registers keep.
  /// "geo.crs_missing", "geo.crs_unknown", "geo.out_of_range".
  LonLat position(std::optional<Crs> stated);
  /// True, and "csv.excel_number", where a spreadsheet wrote 3.31E+11 for a long number.
  bool shortened(std::string_view column);
  /// A division code in its shortest form; "csv.excel_number", "csv.bad_area".
  std::string area_code(std::string_view column);

  void problem(std::string_view column, std::string code, std::string detail = {});
  bool ok() const { return ok_; }

 private:
  Table& table_;
  const CsvRecord& record_;
  bool ok_ = true;
};

class Table {
 public:
  /// Reads the file; everything that is wrong with it as a table goes to `result`, which must
  /// outlive this: "text.…", "csv.…", "csv.no_heading", "csv.column_missing", "csv.column_twice",
  /// "csv.row_width". Notes: "text.gb18030", "csv.column_unknown".
  Table(std::string_view bytes, std::span<const Column> columns, ImportResult& result);

  bool has(std::string_view column) const { return index_of(column).has_value(); }
  /// How the file heads a column; the column's own name where the file has none.
  std::string heading(std::string_view column) const;

  /// Calls `read(Row&)` for each row and collects what it returns. Rows with problems are kept, so
  /// that others may refer to them.
  template <class T, class Read>
  std::vector<T> rows(Read read) {
    std::vector<T> out;
    out.reserve(records_.size());
    for (const CsvRecord& record : records_) {
      Row row(*this, record);
      out.push_back(read(row));
      lines_.push_back(record.line);
      bad_.push_back(!row.ok());
    }
    result_.rows = out.size();
    return out;
  }

  /// Takes what a register found wrong with the rows just read, but nothing more about a row that
  /// has a problem already.
  void add(const std::vector<RowProblem>& problems);
  /// One more problem of row `row`.
  void problem(std::size_t row, std::string_view column, std::string code, std::string detail);
  std::size_t line_of(std::size_t row) const { return lines_[row]; }
  bool bad(std::size_t row) const { return bad_[row]; }
  /// Tells how many positions were converted from GCJ-02.
  void note_converted();

 private:
  friend class Row;

  std::optional<std::size_t> index_of(std::string_view column) const;
  void load(std::string_view bytes, std::span<const Column> columns);
  void read_heading(const CsvRecord& record, std::span<const Column> columns);

  ImportResult& result_;
  std::vector<std::string> heading_;
  std::vector<std::pair<std::string_view, std::size_t>> index_;  // column name, field
  std::vector<CsvRecord> records_;
  std::vector<std::size_t> lines_;
  std::vector<bool> bad_;
  std::size_t converted_ = 0;
};

}  // namespace tocsin::importing
