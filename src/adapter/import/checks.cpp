#include "adapter/import/checks.h"

#include <algorithm>
#include <tuple>

namespace tocsin::importing {

AreaCheck::AreaCheck(const Standing& standing, Table& table, ImportResult& result)
    : divisions_(standing.divisions), table_(table), result_(result) {
  if (divisions_ != nullptr) in_use_ = divisions_->in_use();
  if (divisions_ == nullptr || divisions_->empty())
    result.problem(0, "", "register.divisions_not_loaded", "import the divisions first");
}

void AreaCheck::operator()(std::size_t row, std::string_view column, const AreaId& area) {
  if (divisions_ == nullptr || divisions_->empty() || table_.bad(row)) return;
  if (area.edition != in_use_) ++others_;
  if (divisions_->find(area) != nullptr) return;
  std::vector<std::string> known;
  for (const std::string& edition : divisions_->editions())
    if (divisions_->find({area.code, edition}) != nullptr) known.push_back(edition);
  table_.problem(row, column, "register.area_unknown",
                 text_of(area) + (known.empty() ? "" : ", known in " + some_of(known)));
}

void AreaCheck::add_note() const {
  if (others_ > 0)
    result_.note("division.other_edition", std::to_string(others_) + " rows, in use is " + in_use_);
}

const place::Boundary* outline_of(const Standing& standing, const AreaId& area) {
  if (standing.boundaries == nullptr) return nullptr;
  if (const auto* exact = standing.boundaries->find(area)) return exact;
  if (standing.divisions == nullptr) return nullptr;
  for (const std::string& edition : standing.divisions->editions())
    if (const auto there = standing.divisions->in_edition(area, edition))
      if (const auto* outline = standing.boundaries->find(*there)) return outline;
  return nullptr;
}

std::string outside_of(const Standing& standing, const AreaId& area, LonLat position) {
  if (standing.divisions == nullptr) return {};
  auto path = standing.divisions->path(area);
  std::ranges::reverse(path);
  for (const place::Division* division : path)
    if (const auto* outline = outline_of(standing, division->id))
      return place::contains(*outline, position) ? "" : division->name;
  return {};
}

void sort_by_line(ImportResult& result) {
  const auto order = [](const Finding& a, const Finding& b) {
    return std::tie(a.line, a.column, a.code, a.detail) <
           std::tie(b.line, b.column, b.code, b.detail);
  };
  std::ranges::sort(result.problems, order);
  std::ranges::sort(result.notes, order);
}

std::string some_of(const std::vector<std::string>& texts, std::size_t shown) {
  std::string out;
  for (std::size_t i = 0; i < std::min(shown, texts.size()); ++i)
    out += (out.empty() ? "" : ", ") + texts[i];
  if (texts.size() > shown) out += " and " + std::to_string(texts.size() - shown) + " more";
  return out;
}

}  // namespace tocsin::importing
