#include "adapter/import/result.h"

#include <algorithm>

#include "base/code_text.h"

namespace tocsin::importing {
namespace {

json::Array array_of(const std::vector<Finding>& findings) {
  json::Array out;
  for (std::size_t i = 0; i < std::min(findings.size(), findings_shown_max); ++i) {
    const CodeText text = text_for(findings[i].code);
    out.push_back(json::Object{{"line", findings[i].line},
                               {"column", findings[i].column},
                               {"code", findings[i].code},
                               {"text", json::Object{{"zh", text.zh}, {"en", text.en}}},
                               {"detail", findings[i].detail}});
  }
  return out;
}

}  // namespace

void ImportResult::problem(std::size_t line, std::string column, std::string code,
                           std::string detail) {
  problems.push_back({line, std::move(column), std::move(code), std::move(detail)});
}

void ImportResult::note(std::string code, std::string detail, std::size_t line,
                        std::string column) {
  notes.push_back({line, std::move(column), std::move(code), std::move(detail)});
}

json::Object to_json(const ImportResult& result) {
  return {{"kind", result.kind},
          {"rows", result.rows},
          {"problems", array_of(result.problems)},
          {"problems_total", result.problems.size()},
          {"notes", array_of(result.notes)},
          {"notes_total", result.notes.size()},
          {"changes", json::Object{{"added", result.changes.added},
                                   {"changed", result.changes.changed},
                                   {"removed", result.changes.removed}}}};
}

std::string to_text(const Finding& finding, bool chinese) {
  const CodeText text = text_for(finding.code);
  std::string out;
  if (finding.line > 0)
    out = chinese ? "第 " + std::to_string(finding.line) + " 行"
                  : "line " + std::to_string(finding.line);
  if (!finding.column.empty()) out += (out.empty() ? "" : chinese ? "，" : ", ") + finding.column;
  if (!out.empty()) out += chinese ? "：" : ": ";
  out += chinese ? text.zh : text.en;
  if (!finding.detail.empty())
    out += (chinese ? "（" : " (") + finding.detail + (chinese ? "）" : ")");
  return out;
}

}  // namespace tocsin::importing
