#include "adapter/hj212/values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

#include "adapter/hj212/frame.h"

namespace tocsin::hj212 {
namespace {

constexpr std::pair<std::string_view, Stat> stats[] = {
    {"Rtd", Stat::rtd},
    {"Avg", Stat::avg},
    {"Min", Stat::min},
    {"Max", Stat::max},
    {"Cou", Stat::cou},
    {"ZsRtd", Stat::zs_rtd},
    {"ZsAvg", Stat::zs_avg},
    {"ZsMin", Stat::zs_min},
    {"ZsMax", Stat::zs_max},
    {"RS", Stat::rs},
    {"RT", Stat::rt},
    {"Data", Stat::data},
    {"DayData", Stat::day_data},
    {"NightData", Stat::night_data},
    {"Ala", Stat::ala},
};

constexpr std::string_view other_attributes[] = {"Flag",     "EFlag",       "SampleTime",
                                                 "Info",     "SN",          "UpValue",
                                                 "LowValue", "DayStdValue", "NightStdValue"};

}  // namespace

std::string_view name_of(Stat stat) {
  for (const auto& [name, s] : stats)
    if (s == stat) return name;
  return {};
}

std::optional<Stat> stat_of(std::string_view attribute) {
  for (const auto& [name, s] : stats)
    if (name == attribute) return s;
  return std::nullopt;
}

bool known_attribute(std::string_view attribute) {
  return stat_of(attribute) ||
         std::ranges::find(other_attributes, attribute) != std::end(other_attributes);
}

/// Takes one item's text off `rest_` with the separator behind it; a ";" ends the group.
std::string_view ItemReader::cut() {
  std::size_t end = std::min(rest_.find_first_of(";,"), rest_.size());
  const std::size_t quote = rest_.substr(0, end).find("=//");
  if (quote != std::string_view::npos) {
    const std::size_t closing = rest_.find("//", quote + 3);
    if (closing != std::string_view::npos)
      end = std::min(rest_.find_first_of(";,", closing + 2), rest_.size());
  }
  const std::string_view text = trim(rest_.substr(0, end));
  const char separator = end < rest_.size() ? rest_[end] : '\0';
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  if (text.empty() && separator == ',') ++empty_items_;
  if (!text.empty()) group_open_ = true;
  if (separator == ';') {
    if (group_open_)
      ++group_;
    else
      ++empty_groups_;
    group_open_ = false;
  }
  return text;
}

bool ItemReader::next(Item& item) {
  std::string_view text;
  while (text.empty()) {
    if (rest_.empty()) return false;
    item.group = group_;
    text = cut();
  }
  const std::size_t equals = text.find('=');
  item.has_equals = equals != std::string_view::npos;
  item.code = item.attribute = {};
  item.value = item.has_equals ? trim(text.substr(equals + 1)) : text;
  if (!item.has_equals) return true;
  const std::string_view name = trim(text.substr(0, equals));
  const std::size_t dash = name.rfind('-');
  item.code = dash == std::string_view::npos ? name : trim(name.substr(0, dash));
  if (dash != std::string_view::npos) item.attribute = trim(name.substr(dash + 1));
  return true;
}

std::optional<double> parse_number(std::string_view text) {
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  if (text.empty() || (plus && text.front() == '-')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

const std::vector<Value>& ValueReader::read(std::string_view cp, std::size_t limit) {
  values_.clear();
  others_.clear();
  codes_.clear();
  code_of_.clear();
  group_start_ = group_ = 0;
  cut_short_ = false;
  ItemReader reader(cp);
  Item item;
  std::optional<std::size_t> before;  // the value the item before was, in the same group
  while (!cut_short_ && reader.next(item)) {
    if (item.group != group_) {
      close_group();
      before.reset();
    }
    group_ = item.group;
    if (!item.has_equals) {
      if (before) values_[*before].torn = true;
      continue;
    }
    before = item.attribute.empty() ? std::nullopt : take(item, limit);
    if (item.attribute.empty() || !known_attribute(item.attribute)) others_.push_back(item);
  }
  close_group();
  return values_;
}

/// Where the item's value stands among `values_`; nullopt when it is none.
std::optional<std::size_t> ValueReader::take(const Item& item, std::size_t limit) {
  auto code = std::ranges::find(codes_, item.code, &Code::code);
  if (code == codes_.end()) code = codes_.insert(codes_.end(), Code{item.code, {}, {}});
  if (item.attribute == "Flag") code->flag = item.value;
  if (item.attribute == "SampleTime") code->sample_time = item.value;
  const auto stat = stat_of(item.attribute);
  if (!stat) return std::nullopt;
  const auto index = static_cast<std::size_t>(code - codes_.begin());
  for (std::size_t i = group_start_; i < values_.size(); ++i) {
    if (values_[i].stat != *stat || code_of_[i - group_start_] != index) continue;
    values_[i].text = item.value;
    values_[i].number = parse_number(item.value);
    values_[i].torn = false;
    return i;
  }
  if (values_.size() >= limit) {
    cut_short_ = true;
    return std::nullopt;
  }
  values_.push_back({.code = item.code,
                     .stat = *stat,
                     .text = item.value,
                     .number = parse_number(item.value),
                     .torn = false,
                     .flag = {},
                     .sample_time = {},
                     .group = item.group});
  code_of_.push_back(index);
  return values_.size() - 1;
}

/// Gives the group's values their flags; where codes were mixed, puts each code's together.
void ValueReader::close_group() {
  for (std::size_t i = group_start_; i < values_.size(); ++i) {
    const Code& code = codes_[code_of_[i - group_start_]];
    values_[i].flag = code.flag;
    values_[i].sample_time = code.sample_time;
  }
  if (!std::ranges::is_sorted(code_of_)) {
    std::vector<std::size_t> order(code_of_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(code_of_[i], i); });
    std::vector<Value> sorted;
    sorted.reserve(order.size());
    for (const std::size_t i : order) sorted.push_back(values_[group_start_ + i]);
    std::ranges::copy(sorted, values_.begin() + static_cast<std::ptrdiff_t>(group_start_));
  }
  group_start_ = values_.size();
  codes_.clear();
  code_of_.clear();
}

}  // namespace tocsin::hj212
