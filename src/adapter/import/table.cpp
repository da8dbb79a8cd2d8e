#include "adapter/import/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "adapter/import/text.h"
#include "base/area.h"

namespace tocsin::importing {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view ideographic_space = "\xE3\x80\x80", no_break_space = "\xC2\xA0";
  while (true) {
    if (text.starts_with(' ') || text.starts_with('\t'))
      text.remove_prefix(1);
    else if (text.ends_with(' ') || text.ends_with('\t'))
      text.remove_suffix(1);
    else if (text.starts_with(ideographic_space))
      text.remove_prefix(3);
    else if (text.ends_with(ideographic_space))
      text.remove_suffix(3);
    else if (text.starts_with(no_break_space))
      text.remove_prefix(2);
    else if (text.ends_with(no_break_space))
      text.remove_suffix(2);
    else
      return text;
  }
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "3.31126E+11": what a spreadsheet makes of a long code.
bool is_shortened(std::string_view text) {
  return text.find_first_of("eE") != std::string_view::npos && number_of<double>(text).has_value();
}

std::string joined(std::span<const std::string> texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

}  // namespace

Table::Table(std::string_view bytes, std::span<const Column> columns, ImportResult& result)
    : result_(result) {
  load(bytes, columns);
}

void Table::load(std::string_view bytes, std::span<const Column> columns) {
  auto text = read_text(bytes);
  if (!text) return result_.problem(0, text.error().field, text.error().code, text.error().detail);
  if (text->from_gb18030) result_.note("text.gb18030", "the file was GB18030 and was converted");
  auto records = parse_csv(text->utf8);
  if (!records) return result_.problems.push_back(std::move(records.error()));
  if (records->empty()) return result_.problem(0, "", "csv.no_heading");
  read_heading(records->front(), columns);
  if (!result_.whole()) return;
  for (std::size_t i = 1; i < records->size(); ++i) {
    CsvRecord& record = (*records)[i];
    if (std::ranges::all_of(record.fields, [](const auto& f) { return trimmed(f).empty(); }))
      continue;  // a spreadsheet's empty rows: ",,,,"
    if (record.fields.size() != heading_.size())
      result_.problem(record.line, std::to_string(record.fields.size()), "csv.row_width",
                      std::to_string(heading_.size()) + " fields are wanted");
    else
      records_.push_back(std::move(record));
  }
}

void Table::read_heading(const CsvRecord& record, std::span<const Column> columns) {
  std::set<std::string> seen;
  std::set<std::size_t> used;
  for (const std::string& field : record.fields) {
    heading_.emplace_back(trimmed(field));
    if (!heading_.back().empty() && !seen.insert(lower(heading_.back())).second)
      result_.problem(record.line, heading_.back(), "csv.column_twice");
  }
  for (const Column& column : columns) {
    const auto found = std::ranges::find_if(column.names, [&](std::string_view name) {
      return std::ranges::any_of(heading_, [&](const auto& h) { return lower(h) == lower(name); });
    });
    if (found == column.names.end()) {
      if (column.required)
        result_.problem(record.line, std::string(column.names.front()), "csv.column_missing");
      continue;
    }
    const auto at = std::ranges::find_if(
        heading_, [&](const std::string& h) { return lower(h) == lower(*found); });
    index_.emplace_back(column.names.front(), at - heading_.begin());
    used.insert(index_.back().second);
  }
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < heading_.size(); ++i)
    if (!used.contains(i)) unknown.push_back(heading_[i]);
  if (!unknown.empty()) result_.note("csv.column_unknown", joined(unknown), record.line);
}

std::optional<std::size_t> Table::index_of(std::string_view column) const {
  const auto found = std::ranges::find(index_, column, &decltype(index_)::value_type::first);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

std::string Table::heading(std::string_view column) const {
  const auto index = index_of(column);
  return index ? heading_[*index] : std::string(column);
}

void Table::add(const std::vector<RowProblem>& problems) {
  for (const RowProblem& p : problems)
    if (!bad_[p.row]) problem(p.row, p.column, p.code, p.detail);
}

void Table::problem(std::size_t row, std::string_view column, std::string code,
                    std::string detail) {
  result_.problem(lines_[row], heading(column), std::move(code), std::move(detail));
  bad_[row] = true;
}

void Table::note_converted() {
  if (converted_ > 0)
    result_.note("geo.converted", std::to_string(converted_) + " positions from GCJ-02 to WGS 84");
}

std::string Row::text(std::string_view column) const {
  const auto index = table_.index_of(column);
  return index ? std::string(trimmed(record_.fields[*index])) : std::string();
}

void Row::problem(std::string_view column, std::string code, std::string detail) {
  ok_ = false;
  table_.result_.problem(line(), table_.heading(column), std::move(code), std::move(detail));
}

std::string Row::need(std::string_view column) {
  std::string value = text(column);
  if (value.empty()) problem(column, "csv.empty");
  return value;
}

double Row::number(std::string_view column) {
  const std::string value = need(column);
  if (value.empty()) return 0;
  const auto number = number_of<double>(value);
  if (!number || !std::isfinite(*number)) problem(column, "csv.bad_number", value);
  return number && std::isfinite(*number) ? *number : 0;
}

int Row::integer(std::string_view column, int least, int most, std::optional<int> otherwise) {
  if (otherwise && text(column).empty()) return *otherwise;
  const std::string value = need(column);
  if (value.empty()) return least;
  const auto number = number_of<int>(value);
  if (!number) {
    problem(column, "csv.bad_number", value);
  } else if (*number < least || *number > most) {
    problem(column, "csv.out_of_range",
            value + ", wanted " + std::to_string(least) + " to " + std::to_string(most));
  } else {
    return *number;
  }
  return least;
}

bool Row::flag(std::string_view column) {
  constexpr std::string_view yes[] = {"1", "true", "yes", "y", "是"};
  constexpr std::string_view no[] = {"", "0", "false", "no", "n", "否"};
  const std::string value = lower(text(column));
  if (std::ranges::find(yes, value) != std::end(yes)) return true;
  if (std::ranges::find(no, value) == std::end(no)) problem(column, "csv.bad_flag", value);
  return false;
}

std::vector<std::string> Row::list(std::string_view column) const {
  std::string value = text(column);
  for (const std::string_view mark : {"；", "、", "|"})
    for (auto at = value.find(mark); at != std::string::npos; at = value.find(mark))
      value.replace(at, mark.size(), ";");
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find(';', at), value.size());
    if (const auto part = trimmed(std::string_view(value).substr(at, end - at)); !part.empty())
      parts.emplace_back(part);
    at = end + 1;
  }
  return parts;
}

LonLat Row::position(std::optional<Crs> stated) {
  const LonLat given{number("lon"), number("lat")};
  auto crs = stated;
  if (const std::string own = text("crs"); !own.empty() || !stated) {
    const auto parsed = parse_crs(own);
    if (!parsed) {
      problem("crs", parsed.error().code, own);
      return {};
    }
    crs = *parsed;
  }
  const auto position = to_wgs84(given, *crs);
  if (!position) {
    problem(position.error().field, position.error().code, text(position.error().field));
    return {};
  }
  if (*crs == Crs::gcj02) ++table_.converted_;
  return on_grid(*position);
}

bool Row::shortened(std::string_view column) {
  const std::string value = text(column);
  const bool is = is_shortened(value);
  if (is) problem(column, "csv.excel_number", value);
  return is;
}

std::string Row::area_code(std::string_view column) {
  const std::string value = need(column);
  if (value.empty()) return value;
  if (shortened(column)) return {};
  const std::string_view code = short_area_code(value);
  if (code.empty()) problem(column, "csv.bad_area", value);
  return std::string(code);
}

}  // namespace tocsin::importing
