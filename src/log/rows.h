#pragma once
// Reading a package that is one list of rows: {"stations":[{…},…]}.

#include <string_view>
#include <utility>
#include <vector>

#include "base/row_problem.h"
#include "log/json.h"

namespace tocsin::json {

/// The rows of member `member`, each made by `read(Fields&)`. Error: the first that does not fit,
/// under `code`, field "member[3].name".
template <class Row, class Read>
Result<std::vector<Row>> read_rows(std::string_view bytes, std::string_view member,
                                   std::string_view code, Read read) {
  const auto document = parse(bytes, register_size_max);
  if (!document) return std::unexpected(document.error());
  Fields fields(*document, code);
  std::vector<Row> rows;
  for (const Value& value : fields.objects(member, register_rows_max)) {
    Fields row(value, code);
    rows.push_back(read(row));
    if (row.ok()) continue;
    const std::string at = std::string(member) + "[" + std::to_string(rows.size() - 1) + "]";
    const Error& error = row.error();
    return fail(error.code, error.field.empty() ? at : at + "." + error.field, error.detail);
  }
  if (!fields.ok()) return std::unexpected(fields.error());
  return rows;
}

}  // namespace tocsin::json
