#include "server/board/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <ranges>

#include "server/board/head_count.h"
#include "server/board/words.h"

namespace tocsin::server {

namespace bj = boost::json;

bj::object text_json(std::string_view zh, std::string_view en) {
  return {{"zh", zh}, {"en", en.empty() ? zh : en}};
}

bj::object area_json(const node::Books& books, std::string_view code) {
  return {{"code", code}, {"name", books.area_name(code)}};
}

bj::object hazard_json(const Text& words) { return text_json(words.zh, capitalised(words.en)); }

bool is_silence(const node::Node& node, const warning::Source& source) {
  return node.alarms().state(source.alarm.text).raised.missing;
}

bool is_silence(const node::Node& node, const warning::Warning& w) {
  if (!w.source || !is_silence(node, *w.source)) return false;
  for (std::size_t step = 1; step < w.levels.size(); ++step)
    if (w.levels[step].by.starts_with("post/") && !warning::was_prolonged(w, step)) return false;
  return true;
}

Text hazard_words(const node::Books& books, std::string_view code, bool silence) {
  if (silence) return {"测站静默", "station silence"};
  const hazard::Hazard found = books.hazards.describe(code);
  return {found.zh, found.en};
}

Text hazard_words(const node::Node& node, const warning::Warning& w) {
  return hazard_words(node.books(), w.issued.hazard, is_silence(node, w));
}

void put_figure(double value, std::string_view unit, const std::optional<ChangeWithin>& change,
                bool silence, bj::object& row) {
  row["unit"] = unit;
  row["value"] = row["change"] = row["figure"] = nullptr;
  if (silence) return;
  row["value"] = value;
  const Text words = figure_text(value, unit, change);
  row["figure"] = text_json(words.zh, words.en);
  if (!change) return;
  row["change"] =
      bj::object{{"per_s", std::chrono::duration<double>(change->per).count()},
                 {"level", change->level ? bj::value(*change->level) : bj::value(nullptr)}};
}

bj::value actor_json(const node::Node& node, std::string_view by) {
  const std::size_t slash = by.find('/');
  const std::string_view kind = by.substr(0, slash);
  const std::string_view id = slash == by.npos ? by : by.substr(slash + 1);
  if (kind == "node") return nullptr;
  if (kind == "person") return bj::value(node.books().person_name(id));
  const person::Post* post = kind == "post" ? node.books().posts.find(id) : nullptr;
  if (post == nullptr) return bj::value(id);
  if (post->person.empty()) return bj::value(post->title);
  return bj::value(post->title + " " + node.books().person_name(post->person));
}

namespace {

bool answered(const node::Node& node, const std::string& call_id) {
  const auto answers = node.answers_to({call_id});
  return call::settling(call::last_words(answers)) != nullptr;
}

}  // namespace

CallCount count_calls(const node::Node& node, const WarningId& warning) {
  CallCount out;
  int round = 0;
  for (const std::string& id : node.calls_of(warning))
    round = std::max(round, node.calls().state(id).opened.round);
  for (const std::string& id : node.calls_of(warning)) {
    const call::Call& call = node.calls().state(id);
    if (call.opened.round != round) continue;
    ++out.asked;
    out.answered += answered(node, id);
  }
  return out;
}

namespace {

bj::value source_json(const node::Node& node, const std::optional<warning::Source>& source) {
  if (!source) return nullptr;
  const observation::Station* station = node.books().stations.find_station(source->station);
  bj::object out{{"rule", source->rule},
                 {"station", source->station},
                 {"station_name", station == nullptr ? source->station : station->name},
                 {"point", source->point},
                 {"alarm", source->alarm.text},
                 {"at", iso_utc(source->at)}};
  put_figure(source->value, source->unit, source->change, is_silence(node, *source), out);
  return out;
}

bj::array riskpoints_json(const node::Node& node, const std::string& id, const warning::Warning& w,
                          const HeadCount& people) {
  std::map<std::string, CallCount> counts;
  for (const std::string& call_id : node.calls_of({id})) {
    const call::Call& call = node.calls().state(call_id);
    if (call.closed_why == "superseded") continue;
    const bool said = answered(node, call_id);
    for (const RiskPointId& place : call.opened.riskpoints) {
      CallCount& count = counts[place.text];
      ++count.asked;
      count.answered += said;
    }
  }
  bj::array out;
  for (const RiskPointId& place : w.issued.riskpoints) {
    const place::RiskPoint* p = node.books().riskpoints.find(place.text);
    if (p == nullptr) continue;
    const CallCount& count = counts[place.text];
    out.push_back(bj::object{{"id", p->id},
                             {"name", p->name},
                             {"lon", p->position.lon},
                             {"lat", p->position.lat},
                             {"people", p->people},
                             {"area", area_json(node.books(), node.books().code_of(p->area))},
                             {"asked", count.asked},
                             {"answered", count.answered},
                             {"moved", people.at(place).moved}});
  }
  return out;
}

void put_words(const node::Node& node, bj::object& row, const warning::Warning& w) {
  row["headline"] = w.issued.headline;
  row["headline_text"] = text_json(w.issued.headline, w.issued.headline_en);
  row["description"] = w.issued.description;
  const Text description = description_words(node, w);
  row["description_text"] = text_json(description.zh, description.en);
  row["instruction"] = w.issued.instruction;
  row["instruction_text"] = text_json(w.issued.instruction, w.issued.instruction_en);
  row["sender"] = w.issued.sender;
}

}  // namespace

std::vector<std::string> areas_of(const node::Node& node, const std::vector<std::string>& codes,
                                  const std::string& edition) {
  std::vector<std::string> out;
  for (const std::string& code : codes) out.push_back(node.books().code_of({code, edition}));
  return out;
}

std::vector<std::string> areas_of(const node::Node& node, const warning::Warning& w) {
  return areas_of(node, w.issued.areas, w.issued.edition);
}

std::string area_of(const node::Node& node, const call::Call& call) {
  const warning::Warning& w = node.warnings().state(call.opened.warning.text);
  return node.books().code_of({call.opened.area, w.issued.edition});
}

std::string_view phase_name(warning::Phase phase) {
  return phase == warning::Phase::in_force    ? "in_force"
         : phase == warning::Phase::cancelled ? "cancelled"
                                              : "expired";
}

std::optional<BoardRow> warning_row(const node::Node& node, const std::string& id) {
  const auto* entry = node.warnings().find(id);
  if (entry == nullptr) return std::nullopt;
  const warning::Warning& w = entry->state;
  BoardRow row{id, {}, areas_of(node, w)};
  bj::array areas, levels;
  for (const std::string& code : row.areas) areas.push_back(area_json(node.books(), code));
  for (const warning::LevelEntry& l : w.levels) {
    const Text reason = reason_words(node, w, l);
    levels.push_back(bj::object{{"at", iso_utc(l.at)},
                                {"level", static_cast<int>(l.level)},
                                {"reason", l.reason},
                                {"reason_text", text_json(reason.zh, reason.en)},
                                {"by", actor_json(node, l.by)}});
  }
  const CallCount count = count_calls(node, {id});
  HeadCount people;
  people.add(node, {id});
  row.body = {
      {"id", id},
      {"identifier", w.issued.identifier},
      {"hazard", w.issued.hazard},
      {"hazard_name", hazard_json(hazard_words(node, w))},
      {"level", static_cast<int>(w.level)},
      {"status", status_name(w.issued.status)},
      {"audience", w.issued.audience == warning::Audience::everyone ? "everyone" : "responsible"},
      {"phase", phase_name(w.phase)},
      {"areas", std::move(areas)},
      {"onset", iso_utc(w.issued.onset)},
      {"expires", iso_utc(w.issued.expires)},
      {"issued_at", iso_utc(w.issued_at)},
      {"issued_by", actor_json(node, w.issued_by)},
      {"acknowledged_by", nullptr},
      {"source", source_json(node, w.source)},
      {"levels", std::move(levels)},
      {"cancelled", nullptr},
      {"asked", count.asked},
      {"answered", count.answered},
      {"silent", count.silent()},
      {"moved", people.total().moved},
      {"to_move", people.total().to_move},
      {"silence", is_silence(node, w)},
      {"riskpoints", riskpoints_json(node, id, w, people)}};
  put_words(node, row.body, w);
  if (!w.acknowledged_by.empty()) row.body["acknowledged_by"] = actor_json(node, w.acknowledged_by);
  if (w.phase != warning::Phase::in_force)
    row.body["cancelled"] = bj::object{{"at", iso_utc(w.ended_at)},
                                       {"by", actor_json(node, w.ended_by)},
                                       {"reason", w.ended_reason}};
  return row;
}

std::map<std::string, int> levels_by_riskpoint(const node::Node& node) {
  std::map<std::string, int> out;
  for (const std::string& id : node.warning_times().in_force()) {
    const warning::Warning& w = node.warnings().state(id);
    for (const RiskPointId& place : w.issued.riskpoints) {
      const int level = static_cast<int>(w.level);
      const auto [at, made] = out.try_emplace(place.text, level);
      if (!made) at->second = std::min(at->second, level);
    }
  }
  return out;
}

namespace {

std::string_view post_state(const node::Books& books, const person::Post& post) {
  if (post.person.empty()) return "no_holder";
  const auto reach = books.reach.find(post.person);
  return reach == books.reach.end() || !reach->second.any() ? "unreachable" : "ok";
}

bj::value level_json(const std::map<std::string, int>& levels, const std::string& id) {
  const auto at = levels.find(id);
  return at == levels.end() ? bj::value(nullptr) : bj::value(at->second);
}

}  // namespace

std::vector<BoardRow> riskpoint_rows(const node::Node& node) {
  const auto levels = levels_by_riskpoint(node);
  const node::Books& books = node.books();
  std::vector<BoardRow> out;
  for (const place::RiskPoint& p : books.riskpoints.all()) {
    bj::array responsible;
    for (const std::string& id : p.responsible) {
      const person::Post* post = books.posts.find(id);
      bj::object who{{"post", id}, {"title", id}, {"name", ""}, {"state", "no_holder"}};
      if (post != nullptr) {
        who["title"] = post->title;
        who["name"] = post->person.empty() ? "" : books.person_name(post->person);
        who["state"] = post_state(books, *post);
      }
      responsible.push_back(std::move(who));
    }
    out.push_back({p.id,
                   {{"id", p.id},
                    {"name", p.name},
                    {"kind", p.kind},
                    {"area", area_json(books, books.code_of(p.area))},
                    {"lon", p.position.lon},
                    {"lat", p.position.lat},
                    {"people", p.people},
                    {"level", level_json(levels, p.id)},
                    {"responsible", std::move(responsible)},
                    {"sample", p.sample}},
                   {books.code_of(p.area)}});
  }
  return out;
}

std::vector<BoardRow> township_rows(const node::Node& node) {
  const node::Books& books = node.books();
  std::map<std::string, CallCount> counts;
  std::map<std::string, int> levels;
  HeadCount people;
  for (const std::string& id : node.warning_times().in_force()) {
    const warning::Warning& w = node.warnings().state(id);
    people.add(node, {id});
    for (const std::string& code : areas_of(node, w)) {
      const auto [at, made] = levels.try_emplace(code.substr(0, 9), static_cast<int>(w.level));
      if (!made) at->second = std::min(at->second, static_cast<int>(w.level));
    }
    for (const std::string& call_id : node.calls_of({id})) {
      const call::Call& call = node.calls().state(call_id);
      if (call.closed_why == "superseded") continue;
      CallCount& count = counts[area_of(node, call).substr(0, 9)];
      ++count.asked;
      count.answered += answered(node, call_id);
    }
  }
  std::map<std::string, HeadCount::Sum> moving = people.by_township();
  std::vector<BoardRow> out;
  const std::string edition = books.divisions.in_use();
  for (const place::Division& d : books.divisions.all()) {
    if (d.level != AreaLevel::township || d.id.edition != edition) continue;
    const place::TownshipPlace* place = books.places.find(d.id);
    const CallCount& count = counts[d.id.code];
    out.push_back({d.id.code,
                   {{"id", d.id.code},
                    {"name", d.name},
                    {"lon", place == nullptr ? bj::value(nullptr) : bj::value(place->position.lon)},
                    {"lat", place == nullptr ? bj::value(nullptr) : bj::value(place->position.lat)},
                    {"level", level_json(levels, d.id.code)},
                    {"asked", count.asked},
                    {"answered", count.answered},
                    {"moved", moving[d.id.code].moved},
                    {"to_move", moving[d.id.code].to_move},
                    {"sample", place != nullptr && place->sample}},
                   {d.id.code}});
  }
  return out;
}

std::vector<BoardRow> hole_rows(const node::Node& node) {
  const node::Books& books = node.books();
  std::vector<BoardRow> out;
  for (const person::Hole& hole : books.posts.holes(books.reach)) {
    const person::Post* post = books.posts.find(hole.post);
    if (post == nullptr) continue;
    bj::array places;
    for (const place::RiskPoint* p : books.riskpoints.of_post(hole.post))
      places.push_back(bj::object{{"id", p->id}, {"name", p->name}});
    out.push_back({hole.post,
                   {{"id", hole.post},
                    {"post", hole.post},
                    {"title", post->title},
                    {"area", area_json(books, books.code_of(post->area))},
                    {"why", person::name_of(hole.why)},
                    {"riskpoints", std::move(places)}},
                   {books.code_of(post->area)}});
  }
  return out;
}

}  // namespace tocsin::server
