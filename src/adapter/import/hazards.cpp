// hazards.csv: code, zh, en. Laid over the built-in table; replaces the county's own list.

#include <map>

#include "adapter/import/checks.h"
#include "adapter/import/importers.h"
#include "adapter/import/table.h"

namespace tocsin::importing {
namespace {

std::map<std::string, hazard::Hazard> by_code(const std::vector<hazard::Hazard>& rows) {
  std::map<std::string, hazard::Hazard> out;
  for (const hazard::Hazard& row : rows) out.emplace(row.code, row);
  return out;
}

}  // namespace

ImportResult import_hazards(const Request& request, const Standing& standing) {
  static const std::vector<Column> columns{
      {{"code", "事件编码", "编码", "代码"}, true},
      {{"zh", "中文名称", "名称"}, true},
      {{"en", "英文名称"}, true},
  };
  ImportResult result{.kind = "hazards"};
  Table table(request.bytes, columns, result);
  const auto rows = table.rows<hazard::Hazard>([](Row& row) {
    return hazard::Hazard{.code = row.need("code"), .zh = row.need("zh"), .en = row.need("en")};
  });
  table.add(hazard::Hazards::check(rows));
  if (rows.empty() && result.whole()) result.problem(0, "", "import.empty");
  sort_by_line(result);
  static const std::vector<hazard::Hazard> nothing;
  result.changes = changes_between(
      by_code(standing.hazards == nullptr ? nothing : *standing.hazards), by_code(rows));
  if (result.whole()) result.package = hazard::encode(rows);
  return result;
}

}  // namespace tocsin::importing
