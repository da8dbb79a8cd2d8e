#include "domain/warning/issuing.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/area.h"
#include "log/rows.h"

namespace tocsin::warning {
namespace {

/// A row that leaves a hazard's public warnings to another office.
IssuingRow theirs(std::string id, std::string hazard, std::string whose, std::string instrument,
                  std::string article) {
  IssuingRow row;
  row.id = std::move(id);
  row.hazard = std::move(hazard);
  row.audience = Audience::everyone;
  row.whose = std::move(whose);
  row.instrument = std::move(instrument);
  row.article = std::move(article);
  return row;
}

IssuingRow ours(std::string id, Audience audience, std::vector<std::string> roles, bool automatic,
                std::string article) {
  IssuingRow row;
  row.id = std::move(id);
  row.audience = audience;
  row.roles = std::move(roles);
  row.automatic = automatic;
  row.instrument = "突发事件应对法";
  row.article = std::move(article);
  return row;
}

std::vector<IssuingRow> national() {
  return {
      ours("CALL-ALL", Audience::responsible, {"duty_officer", "leader", "liaison"}, true,
           "第六十六条"),
      theirs("PUBLIC-AIR", "12Q02", "设区的市或者省人民政府", "大气污染防治法", "第九十五条"),
      ours("PUBLIC-ALL", Audience::everyone, {"duty_officer", "leader"}, false, "第六十三条"),
      theirs("PUBLIC-GEOLOGY", "11D", "自然资源主管部门会同气象主管机构", "地质灾害防治条例",
             "第十七条"),
      theirs("PUBLIC-QUAKE", "11C", "地震工作主管部门", "防震减灾法", "第二十九条"),
      theirs("PUBLIC-WEATHER", "11B", "气象主管机构所属的气象台站", "气象灾害防御条例", "第三十条"),
  };
}

bool is_prefix(std::string_view text) {
  if (text.empty()) return true;
  const bool klass = text.size() >= 2 && text[0] == '1' && text[1] >= '1' && text[1] <= '4';
  return klass && text.size() <= 5 && std::ranges::all_of(text.substr(2), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

bool is_day(std::string_view text) {
  if (text.empty()) return true;
  return text.size() == 10 && parse_iso(std::string(text) + "T00:00:00+08:00").has_value();
}

/// Both are in force on some day.
bool meet(const IssuingRow& a, const IssuingRow& b) {
  const auto before = [](const IssuingRow& x, const IssuingRow& y) {
    return !x.valid_to.empty() && !y.valid_from.empty() && x.valid_to < y.valid_from;
  };
  return !before(a, b) && !before(b, a);
}

/// What is wrong with one row by itself; an empty code when nothing is.
RowProblem problem_of(const IssuingRow& row) {
  if (!is_register_id(row.id)) return {0, "row", "issuing.bad_id", row.id};
  if (!is_prefix(row.hazard)) return {0, "hazard", "issuing.bad_hazard", row.hazard};
  for (const std::string& post : row.posts)
    if (!is_register_id(post)) return {0, "posts", "issuing.bad_post", post};
  if (row.automatic && row.audience == Audience::everyone)
    return {0, "automatic", "issuing.automatic_public", row.id};
  if (!row.ours() && row.whose.empty()) return {0, "whose", "issuing.no_whose", row.id};
  if (row.instrument.empty()) return {0, "instrument", "issuing.no_instrument", row.id};
  if (!is_day(row.valid_from)) return {0, "valid_from", "issuing.bad_date", row.valid_from};
  const bool ends_first =
      !row.valid_to.empty() && !row.valid_from.empty() && row.valid_to < row.valid_from;
  if (!is_day(row.valid_to) || ends_first) return {0, "valid_to", "issuing.bad_date", row.valid_to};
  return {};
}

std::string words_of(const IssuingRow& row) {
  std::string out = row.id + "，" + row.instrument;
  if (!row.article.empty()) out += " " + row.article;
  if (!row.whose.empty()) out += "，" + row.whose;
  return out;
}

IssuingRow read_row(json::Fields& in) {
  IssuingRow row;
  row.id = in.text("id");
  row.hazard = in.text("hazard");
  const auto audience = parse_audience(in.text("audience"));
  if (!audience) in.refuse("audience", "responsible or everyone");
  row.audience = audience.value_or(Audience::responsible);
  row.roles = in.texts("roles");
  row.posts = in.texts("posts");
  row.automatic = in.flag_or("automatic", false);
  row.whose = in.text("whose");
  row.instrument = in.text("instrument");
  row.article = in.text("article");
  row.valid_from = in.text("valid_from");
  row.valid_to = in.text("valid_to");
  return row;
}

json::Object write_row(const IssuingRow& row) {
  return {{"id", row.id},
          {"hazard", row.hazard},
          {"audience", name_of(row.audience)},
          {"roles", json::Array(row.roles.begin(), row.roles.end())},
          {"posts", json::Array(row.posts.begin(), row.posts.end())},
          {"automatic", row.automatic},
          {"whose", row.whose},
          {"instrument", row.instrument},
          {"article", row.article},
          {"valid_from", row.valid_from},
          {"valid_to", row.valid_to}};
}

}  // namespace

std::string_view name_of(Audience audience) {
  return audience == Audience::everyone ? "everyone" : "responsible";
}

std::optional<Audience> parse_audience(std::string_view text) {
  if (text == "responsible" || text == "责任人") return Audience::responsible;
  if (text == "everyone" || text == "公众") return Audience::everyone;
  return std::nullopt;
}

bool in_force(const IssuingRow& row, Instant now) {
  const std::string today = text_beijing(now).substr(0, 10);
  return row.valid_from <= today && (row.valid_to.empty() || today <= row.valid_to);
}

IssuingRights::IssuingRights() : rows_(national()) {}

std::vector<RowProblem> IssuingRights::check(const std::vector<IssuingRow>& rows) {
  std::vector<RowProblem> problems;
  std::set<std::string_view> ids;
  std::map<std::pair<std::string_view, Audience>, std::vector<const IssuingRow*>> by_subject;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const IssuingRow& row = rows[i];
    RowProblem problem = problem_of(row);
    if (problem.code.empty() && !ids.insert(row.id).second)
      problem = {i, "row", "issuing.duplicate", row.id};
    auto& others = by_subject[{row.hazard, row.audience}];
    const auto twin =
        std::ranges::find_if(others, [&](const IssuingRow* other) { return meet(*other, row); });
    if (problem.code.empty() && twin != others.end())
      problem = {i, "hazard", "issuing.overlap", (*twin)->id};
    problem.row = i;
    if (!problem.code.empty()) problems.push_back(std::move(problem));
    others.push_back(&row);
  }
  return problems;
}

Result<IssuingRights> IssuingRights::make(std::vector<IssuingRow> rows) {
  if (const auto problems = check(rows); !problems.empty())
    return std::unexpected(error_of(problems.front()));
  std::ranges::sort(rows, {}, &IssuingRow::id);
  IssuingRights made;
  made.rows_ = std::move(rows);
  return made;
}

const IssuingRow* IssuingRights::row_for(std::string_view hazard, Audience audience,
                                         Instant now) const {
  const IssuingRow* best = nullptr;
  for (const IssuingRow& row : rows_) {
    const bool fits =
        row.audience == audience && hazard.starts_with(row.hazard) && in_force(row, now);
    if (fits && (best == nullptr || row.hazard.size() > best->hazard.size())) best = &row;
  }
  return best;
}

std::optional<Error> IssuingRights::refusal(std::string_view hazard, Audience audience,
                                            const Issuer& who, Instant now) const {
  const IssuingRow* row = row_for(hazard, audience, now);
  if (row == nullptr) return Error{"warning.no_issuing_row", "hazard", std::string(hazard)};
  if (!row->ours()) return Error{"warning.not_ours_to_publish", "hazard", words_of(*row)};
  if (who.rule) {
    if (row->automatic) return std::nullopt;
    return Error{"warning.not_automatic", "hazard", words_of(*row)};
  }
  const bool listed =
      (!who.role.empty() && std::ranges::find(row->roles, who.role) != row->roles.end()) ||
      (!who.post.empty() && std::ranges::find(row->posts, who.post) != row->posts.end());
  if (listed) return std::nullopt;
  return Error{"warning.not_this_post", "hazard", words_of(*row)};
}

std::string IssuingRights::encode() const {
  json::Array rows;
  for (const IssuingRow& row : rows_) rows.push_back(write_row(row));
  return json::print(json::Object{{"issuing", std::move(rows)}});
}

Result<IssuingRights> IssuingRights::decode(std::string_view bytes) {
  auto rows = json::read_rows<IssuingRow>(bytes, "issuing", "issuing.bad_package", read_row);
  if (!rows) return std::unexpected(rows.error());
  return make(std::move(*rows));
}

}  // namespace tocsin::warning
