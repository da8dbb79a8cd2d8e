#include "adapter/rulebook/rulebook_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <set>

#include "adapter/rulebook/map_reader.h"
#include "adapter/rulebook/yaml.h"
#include "log/hash.h"

namespace tocsin::rulebook_file {
namespace {

using rulebook::Limit;
using rulebook::Missing;
using rulebook::NOfM;
using rulebook::Rate;
using rulebook::Rule;
using rulebook::Rulebook;
using rulebook::Side;

constexpr std::size_t rules_max = 2000, points_max = 1000, riskpoints_max = 200;

bool is_id(std::string_view text) {
  const auto ok = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 64 && ok(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return ok(c) || c == '-'; });
}

bool is_hazard(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 5 && digit(text[0]) && digit(text[1]) &&
         std::ranges::all_of(text, [&](char c) { return digit(c) || (c >= 'A' && c <= 'Z'); });
}

/// `above` or `below`, and `clear` on the right side of it.
struct Band {
  Side side = Side::above;
  double limit = 0, clear = 0;
};

Band read_band(MapReader& map) {
  const bool above = map.has("above"), below = map.has("below");
  if (above == below) {
    map.refuse("above", "rulebook.missing_key", "either above or below");
    if (below) map.number("below");  // taken note of
  }
  Band band{.side = above ? Side::above : Side::below};
  band.limit = map.number(above ? "above" : "below");
  band.clear = map.has("clear") ? map.number("clear") : band.limit;
  const bool wrong = above ? band.clear > band.limit : band.clear < band.limit;
  if (wrong && map.ok(above ? "above" : "below") && map.ok("clear"))
    map.refuse("clear", "rulebook.bad_value", "beyond the limit itself");
  return band;
}

Limit read_limit(MapReader& map) {
  const Band band = read_band(map);
  return {.side = band.side, .limit = band.limit, .clear = band.clear};
}

Rate read_rate(MapReader& map) {
  const bool rise = map.has("rise"), fall = map.has("fall");
  if (rise == fall) map.refuse("rise", "rulebook.missing_key", "either rise or fall");
  if (rise && fall) map.number("fall");
  Rate rate{.direction = rise ? Rate::Direction::rise : Rate::Direction::fall};
  rate.change = map.number(rise ? "rise" : "fall");
  if (map.ok(rise ? "rise" : "fall") && rate.change <= 0)
    map.refuse(rise ? "rise" : "fall", "rulebook.bad_value", "must be more than 0");
  rate.per = map.duration("per", std::chrono::days(7));
  rate.clear = map.has("clear") ? map.number("clear") : rate.change;
  if (rate.change > 0 && (rate.clear <= 0 || rate.clear > rate.change))
    map.refuse("clear", "rulebook.bad_value", "must be more than 0 and not more than the change");
  return rate;
}

NOfM read_n_of_m(MapReader& map) {
  const Band band = read_band(map);
  NOfM condition{.side = band.side, .limit = band.limit, .clear = band.clear};
  condition.m = map.integer("m", 1, 100);
  condition.n = map.integer("n", 1, 100);
  if (condition.n > condition.m) map.refuse("n", "rulebook.bad_value", "more than m");
  return condition;
}

Missing read_missing(MapReader& map) {
  Missing condition;
  if (map.has("after")) condition.after = map.duration("after", std::chrono::days(30));
  const std::string scope = map.one_of("scope", {"station", "point"}, "station");
  condition.scope = scope == "point" ? Missing::Scope::point : Missing::Scope::station;
  return condition;
}

void read_condition(MapReader& map, Rule& rule) {
  const std::string kind = map.one_of("kind", {"limit", "rate", "n_of_m", "missing"});
  if (kind == "limit")
    rule.condition = read_limit(map);
  else if (kind == "rate")
    rule.condition = read_rate(map);
  else if (kind == "n_of_m")
    rule.condition = read_n_of_m(map);
  else if (kind == "missing")
    rule.condition = read_missing(map);
  else
    map.forgive();  // without the kind nobody can say which keys belong
  if (kind == "missing" || kind.empty()) return;
  if (map.has("for")) rule.hold_for = map.duration("for", std::chrono::days(7));
  if (map.has("clear_for")) rule.clear_for = map.duration("clear_for", std::chrono::days(7));
}

/// Refuses what nobody registered.
void check_known(const std::vector<std::string>& ids, std::string_view key, std::string_view code,
                 const std::function<bool(const std::string&)>& known, MapReader& map) {
  if (!known || !map.ok(key)) return;
  for (const std::string& id : ids)
    if (!known(id)) map.refuse(key, code, id);
}

void check_known(const Rule& rule, const Known& known, MapReader& map) {
  check_known({rule.hazard}, "hazard", "rulebook.unknown_hazard", known.hazard, map);
  check_known(rule.points, "points", "rulebook.unknown_point", known.point, map);
  check_known(rule.riskpoints, "riskpoints", "rulebook.unknown_riskpoint", known.riskpoint, map);
}

Rule read_rule(MapReader& map) {
  Rule rule;
  rule.id = map.text("id", 64);
  if (map.ok("id") && !is_id(rule.id))
    map.refuse("id", "rulebook.bad_id", "small letters, digits and -");
  rule.name = map.both("name", 100);
  rule.family = map.text("family", 64);
  if (map.ok("family") && !is_id(rule.family))
    map.refuse("family", "rulebook.bad_id", "small letters, digits and -");
  rule.hazard = map.text("hazard", 5);
  if (map.ok("hazard") && !is_hazard(rule.hazard))
    map.refuse("hazard", "rulebook.bad_value", "a code of GB/T 35561 has five characters");
  rule.points = map.texts("points", 1, points_max);
  read_condition(map, rule);
  if (map.has("gap")) rule.gap = map.integer("gap", 1, 100);
  const auto level = parse_level(map.one_of("level", {"red", "orange", "yellow", "blue"}));
  rule.level = level.value_or(Level::blue);
  rule.issue = map.one_of("issue", {"auto", "person"}) == "auto" ? rulebook::Issue::automatic
                                                                 : rulebook::Issue::person;
  if (map.has("riskpoints")) rule.riskpoints = map.texts("riskpoints", 0, riskpoints_max);
  rule.instruction = map.both("instruction", 1000);
  using namespace std::chrono_literals;
  rule.group_window = map.has("group_window") ? map.duration("group_window", std::chrono::days(7))
                                              : Duration(30min);
  rule.expires = map.has("expires") ? map.duration("expires", std::chrono::days(30)) : Duration(6h);
  map.refuse_the_rest();
  return rule;
}

void read_rules(const Node& list, const Known& known, Rulebook& book,
                std::vector<Problem>& problems) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    MapReader map(list.items[i], "rules[" + std::to_string(i) + "]", problems);
    Rule rule = read_rule(map);
    check_known(rule, known, map);
    if (map.ok("id") && !ids.insert(rule.id).second)
      map.refuse("id", "rulebook.duplicate_id", rule.id);
    book.rules.push_back(std::move(rule));
  }
}

}  // namespace

std::string text_of(const Problem& p) {
  std::string text = p.line > 0 ? "line " + std::to_string(p.line) : std::string("rulebook");
  if (!p.rule.empty()) text += ", " + p.rule;
  if (!p.key.empty()) text += ", " + p.key;
  text += ": " + p.code;
  if (!p.detail.empty()) text += " (" + p.detail + ")";
  return text;
}

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 8) return std::nullopt;
  std::int64_t count = 0;
  const char* const unit = text.data() + text.size() - 1;
  if (std::from_chars(text.data(), unit, count).ptr != unit || count < 1) return std::nullopt;
  std::int64_t seconds = 0;
  switch (*unit) {
    case 's':
      seconds = 1;
      break;
    case 'm':
      seconds = 60;
      break;
    case 'h':
      seconds = 3600;
      break;
    case 'd':
      seconds = 86400;
      break;
    default:
      return std::nullopt;
  }
  const auto whole = std::chrono::seconds(count * seconds);
  if (whole > std::chrono::days(3650)) return std::nullopt;
  return whole;
}

std::expected<Rulebook, std::vector<Problem>> read(std::string_view text, const Known& known) {
  const auto tree = parse_yaml(text);
  std::vector<Problem> problems;
  if (!tree) {
    int line = 0;
    const std::string_view field = tree.error().field;
    if (field.starts_with("line "))
      std::from_chars(field.data() + 5, field.data() + field.size(), line);
    problems.push_back({line, "", "", tree.error().code, tree.error().detail});
    return std::unexpected(std::move(problems));
  }
  Rulebook book;
  MapReader map(*tree, "", problems);
  book.version = map.integer("version", 1, 1'000'000'000);
  if (map.has("lateness")) book.lateness = map.duration("lateness", std::chrono::days(7));
  if (const Node* const list = map.list("rules", rules_max))
    read_rules(*list, known, book, problems);
  map.refuse_the_rest();
  std::ranges::sort(problems, {}, &Problem::line);
  if (!problems.empty()) return std::unexpected(std::move(problems));
  book.hash = log::text_of(log::sha256(text));
  return book;
}

}  // namespace tocsin::rulebook_file
