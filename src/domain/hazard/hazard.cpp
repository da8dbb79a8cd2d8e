#include "domain/hazard/hazard.h"

#include <algorithm>
#include <array>
#include <set>

#include "log/rows.h"

namespace tocsin::hazard {
namespace {

struct Entry {
  std::string_view code, zh, en;
};

// The classes, their families, and the events a county meets. Names as GB/T 35561-2017 has them.
constexpr Entry table[] = {
    {"11000", "自然灾害", "natural disaster"},
    {"11A00", "水旱灾害", "flood and drought"},
    {"11A01", "洪水", "flood"},
    {"11A03", "水库险情", "reservoir emergency"},
    {"11A51", "山洪灾害", "mountain flood"},
    {"11B00", "气象灾害", "severe weather"},
    {"11B01", "台风", "typhoon"},
    {"11B03", "暴雨", "rainstorm"},
    {"11B06", "大风", "gale"},
    {"11B09", "高温", "heat"},
    {"11B14", "雷电", "lightning"},
    {"11C00", "地震灾害", "earthquake"},
    {"11D00", "地质灾害", "geological disaster"},
    {"11D01", "滑坡", "landslide"},
    {"11D02", "泥石流", "debris flow"},
    {"11E00", "海洋灾害", "marine disaster"},
    {"11F00", "生物灾害", "biological disaster"},
    {"11G00", "森林草原火灾", "forest and grassland fire"},
    {"12000", "事故灾难", "accident"},
    {"12D02", "危险化学品泄漏", "chemical leak"},
    {"12D03", "危险化学品火灾", "chemical fire"},
    {"12G00", "火灾", "fire"},
    {"12H00", "道路交通事故", "road accident"},
    {"12Q00", "突发环境事件", "environmental emergency"},
    {"12Q01", "水环境污染", "water pollution"},
    {"12Q02", "大气环境污染", "air pollution"},
    {"12Q03", "土壤环境污染", "soil pollution"},
    {"12Q05", "污染致供水中断", "water supply cut by pollution"},
    {"12T00", "辐射事故", "radiation accident"},
    {"13000", "公共卫生事件", "public-health event"},
    {"13A00", "传染病疫情", "epidemic"},
    {"13E00", "动物疫情", "animal disease"},
    {"14000", "社会安全事件", "social-security event"},
    {"14A00", "群体性事件", "mass event"},
};

// CAP 1.2: Met is "meteorological (inc. flood)", Geo "geophysical (inc. landslide)". Longest prefix
// wins.
constexpr std::array<std::pair<std::string_view, std::string_view>, 19> categories{{
    {"12D02", "CBRNE"}, {"12D03", "Fire"},  {"11A", "Met"},  {"11B", "Met"},
    {"11C", "Geo"},     {"11D", "Geo"},     {"11E", "Met"},  {"11F", "Env"},
    {"11G", "Fire"},    {"12D", "CBRNE"},   {"12G", "Fire"}, {"12H", "Transport"},
    {"12Q", "Env"},     {"12T", "CBRNE"},   {"11", "Geo"},   {"12", "Safety"},
    {"13", "Health"},   {"14", "Security"}, {"", "Other"},
}};

}  // namespace

std::string_view prefix_of(std::string_view family) {
  if (family.size() == 5 && family.ends_with("000")) return family.substr(0, 2);
  if (family.size() == 5 && family.ends_with("00")) return family.substr(0, 3);
  return family;
}

bool is_hazard_code(std::string_view code) {
  return code.size() == 5 && code[0] == '1' && code[1] >= '1' && code[1] <= '4' &&
         std::ranges::all_of(code.substr(2), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

bool covers(std::string_view family, std::string_view code) {
  return code.starts_with(prefix_of(family));
}

std::string_view cap_category(std::string_view code) {
  if (!is_hazard_code(code)) return "Other";
  const auto found = std::ranges::find_if(
      categories, [&](const auto& entry) { return code.starts_with(entry.first); });
  return found->second;
}

std::vector<RowProblem> Hazards::check(const std::vector<Hazard>& rows) {
  std::vector<RowProblem> problems;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Hazard& row = rows[i];
    if (!is_hazard_code(row.code))
      problems.push_back({i, "code", "hazard.bad_code", row.code});
    else if (row.zh.empty() || row.en.empty())
      problems.push_back({i, row.zh.empty() ? "zh" : "en", "hazard.no_name", row.code});
    else if (!seen.insert(row.code).second)
      problems.push_back({i, "code", "hazard.duplicate", row.code});
  }
  return problems;
}

Hazards Hazards::with(const std::vector<Hazard>& own) {
  Hazards made;
  for (const Entry& entry : table)
    made.entries_[std::string(entry.code)] = {std::string(entry.code), std::string(entry.zh),
                                              std::string(entry.en)};
  for (const Hazard& row : own) made.entries_[row.code] = row;
  return made;
}

const Hazard* Hazards::find(std::string_view code) const {
  const auto found = entries_.find(code);
  return found == entries_.end() ? nullptr : &found->second;
}

Hazard Hazards::describe(std::string_view code) const {
  const std::string text(code);
  if (const Hazard* found = find(code)) return *found;
  if (is_hazard_code(code))
    for (const std::string& family : {text.substr(0, 3) + "00", text.substr(0, 2) + "000"})
      if (const Hazard* found = find(family))
        return {text, found->zh + " " + text, found->en + " " + text};
  return {text, text.empty() ? "未分类" : text, text.empty() ? "unclassified" : text};
}

std::string encode(std::vector<Hazard> own) {
  std::ranges::sort(own, {}, &Hazard::code);
  json::Array rows;
  for (const Hazard& row : own)
    rows.push_back(json::Object{{"code", row.code}, {"zh", row.zh}, {"en", row.en}});
  return json::print(json::Object{{"hazards", std::move(rows)}});
}

Result<std::vector<Hazard>> decode(std::string_view bytes) {
  auto rows =
      json::read_rows<Hazard>(bytes, "hazards", "hazard.bad_package", [](json::Fields& row) {
        return Hazard{.code = row.text("code"), .zh = row.text("zh"), .en = row.text("en")};
      });
  if (!rows) return rows;
  if (const auto problems = Hazards::check(*rows); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  return rows;
}

}  // namespace tocsin::hazard
