#include "server/board/boards.h"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "server/board/words.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;

constexpr std::size_t feed_max = 200;
constexpr std::size_t shown_max = 5000;  // rows of one board; what is left out is in its list

constexpr Duration shown_after_end = std::chrono::hours(24);

StreamRow stream_row(const BoardRow& row) { return {row.id, bj::serialize(row.body), row.areas}; }

std::pair<std::string, std::string> split(const std::string& entity) {
  const std::size_t slash = entity.find('/');
  if (slash == std::string::npos) return {entity, ""};
  return {entity.substr(0, slash), entity.substr(slash + 1)};
}

Text warning_words(const node::Node& node, const warning::Warning& w) {
  const std::string place =
      w.issued.areas.empty() ? "" : node.books().area_name(w.issued.areas.front());
  const Text hazard = hazard_words(node, w);
  const Text level = level_text(static_cast<int>(w.level));
  if (w.phase == warning::Phase::cancelled)
    return {fmt::format("{}{}预警解除：{}", place, hazard.zh, w.ended_reason),
            fmt::format("{}: {} warning cancelled: {}", place, hazard.en, w.ended_reason)};
  if (w.phase == warning::Phase::expired)
    return {fmt::format("{}{}预警到期", place, hazard.zh),
            fmt::format("{}: {} warning expired", place, hazard.en)};
  if (!w.acknowledged_by.empty())
    return {fmt::format("{}{}预警：值班已确认", place, hazard.zh),
            fmt::format("{}: {} warning acknowledged at the desk", place, hazard.en)};
  if (w.levels.size() > 1) {
    const Text why = reason_words(node, w, w.levels.back());
    const std::string& why_en = why.en.empty() ? why.zh : why.en;
    if (warning::was_prolonged(w, w.levels.size() - 1)) {
      const std::string until = text_beijing(w.issued.expires);
      return {fmt::format("{}{}{}预警延长到 {}：{}", place, hazard.zh, level.zh, until, why.zh),
              fmt::format("{}: {} {} warning prolonged to {}: {}", place, level.en, hazard.en,
                          until, why_en)};
    }
    return {fmt::format("{}{}预警调为{}：{}", place, hazard.zh, level.zh, why.zh),
            fmt::format("{}: {} warning now {}: {}", place, hazard.en, level.en, why_en)};
  }
  return {fmt::format("{}{}{}预警发布", place, hazard.zh, level.zh),
          fmt::format("{}: {} {} warning issued", place, level.en, hazard.en)};
}

/// 待审. The first records a person has to look at.
bj::array first_of(const std::vector<node::ForReview>& review) {
  constexpr std::size_t most = 50;
  bj::array out;
  for (const node::ForReview& one : review) {
    if (out.size() == most) break;
    out.push_back(bj::object{{"entity", one.entity}, {"position", one.position}, {"why", one.why}});
  }
  return out;
}

}  // namespace

bool shown(const warning::Warning& w, Instant now) {
  if (w.phase == warning::Phase::none) return false;
  return w.phase == warning::Phase::in_force || now - w.ended_at < shown_after_end;
}

std::vector<std::string> shown_warnings(const node::Node& node, Instant now) {
  const node::WarningTimes& times = node.warning_times();
  std::vector<std::string> out(times.in_force().begin(), times.in_force().end());
  for (auto over = times.ended().rbegin(); over != times.ended().rend(); ++over) {
    if (now - over->first >= shown_after_end) break;
    out.push_back(over->second);
  }
  return out;
}

Boards::Boards(Hub& hub, std::function<RimFacts()> rim) : hub_(hub), rim_(std::move(rim)) {}

void Boards::declare() {
  const auto operates = [](const access::Principal& who) {
    return access::rights(who.role).has(access::Access::operate);
  };
  for (const char* board : {"warnings", "proposals", "calls", "riskpoints", "townships", "feed",
                            "holes", "node", "stations"})
    hub_.add_board(board);
  hub_.add_board("outbox", "starting", operates);
  hub_.add_board("ingest", "starting", operates);
}

void Boards::touched(const std::set<std::string>& entities) {
  const std::lock_guard lock(mutex_);
  waiting_.insert(entities.begin(), entities.end());
}

bool Boards::waiting() const {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

void Boards::publish(std::string_view board, std::vector<BoardRow> rows, Instant now) {
  StreamBoard whole{{}, now};
  const std::string prefix = std::string(board) + " ";
  std::erase_if(last_rows_, [&](const auto& row) { return row.first.starts_with(prefix); });
  for (const BoardRow& row : rows) {
    whole.rows.push_back(stream_row(row));
    last_rows_[prefix + row.id] = whole.rows.back().json;
  }
  hub_.reset(board, std::move(whole));
}

void Boards::put_or_drop(std::string_view board, const std::string& id,
                         const std::optional<BoardRow>& row, Instant now) {
  const std::string key = std::string(board) + " " + id;
  if (!row) {
    if (last_rows_.erase(key) > 0) hub_.publish(board, {{}, {id}, now});
    return;
  }
  StreamRow out = stream_row(*row);
  std::string& last = last_rows_[key];
  if (last == out.json) return;
  last = out.json;
  hub_.publish(board, {{std::move(out)}, {}, now});
}

void Boards::whole(const node::Node& node, Instant now) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
  }
  std::vector<BoardRow> warnings, calls, proposals, outbox;
  const auto add = [](std::vector<BoardRow>& rows, std::optional<BoardRow> row) {
    if (row && rows.size() < shown_max) rows.push_back(std::move(*row));
  };
  for (const std::string& id : shown_warnings(node, now)) {
    add(warnings, warning_row(node, id));
    for (const std::string& call : node.calls_of({id})) {
      add(calls, call_row(node, call));
      add(outbox, outbox_row(node, call));
    }
  }
  for (const auto& [id, entry] : node.alarms().all()) {
    const bool open =
        entry.state.phase == alarm::Phase::waiting || entry.state.phase == alarm::Phase::noted;
    if (open && !entry.state.withdrawn) add(proposals, proposal_row(node, id));
  }
  publish("warnings", std::move(warnings), now);
  publish("calls", std::move(calls), now);
  publish("proposals", std::move(proposals), now);
  publish("outbox", std::move(outbox), now);
  publish("riskpoints", riskpoint_rows(node), now);
  publish("townships", township_rows(node), now);
  publish("holes", hole_rows(node), now);
  first_feed(node);
  StreamBoard feed{{}, now};
  for (const Feed& line : feed_)
    feed.rows.push_back({line.id, bj::serialize(line.body), line.areas});
  hub_.reset("feed", std::move(feed));
  render_node(node, now);
}

void Boards::places(const node::Node& node, Instant now) {
  for (const BoardRow& row : riskpoint_rows(node)) put_or_drop("riskpoints", row.id, row, now);
  for (const BoardRow& row : township_rows(node)) put_or_drop("townships", row.id, row, now);
}

void Boards::render(const node::Node& node, Instant now) {
  std::set<std::string> entities;
  {
    const std::lock_guard lock(mutex_);
    entities.swap(waiting_);
  }
  const bool registers = std::ranges::any_of(entities, [](const std::string& entity) {
    return entity == "*" || entity.starts_with("register/");
  });
  if (registers) return whole(node, now);
  std::vector<StreamRow> lines;
  bool moved = false;
  for (const std::string& entity : entities) {
    const auto [kind, id] = split(entity);
    if (kind == "warning") {
      const bool there = shown(node.warnings().state(id), now);
      put_or_drop("warnings", id, there ? warning_row(node, id) : std::nullopt, now);
      moved = true;
      if (!there) continue;  // over long ago: no news
    } else if (kind == "call") {
      const WarningId& about = node.calls().state(id).opened.warning;
      const bool there = shown(node.warnings().state(about.text), now);
      put_or_drop("calls", id, there ? call_row(node, id) : std::nullopt, now);
      put_or_drop("outbox", id, there ? outbox_row(node, id) : std::nullopt, now);
      moved = true;
      if (!there) continue;
    } else if (kind == "alarm") {
      put_or_drop("proposals", id, proposal_row(node, id), now);
    } else if (kind == "node") {
      render_node(node, now);
    }
    feed_of(node, entity, now, lines);
  }
  if (moved) places(node, now);
  if (!lines.empty()) hub_.publish("feed", {std::move(lines), {}, now});
}

void Boards::feed(std::string_view kind, Instant at, const Text& text, int level,
                  std::string_view warning, std::string_view station,
                  std::vector<std::string> areas, std::vector<StreamRow>* out) {
  Feed line{std::to_string(++feed_count_), {}, std::move(areas), at};
  line.body = {{"id", line.id},
               {"at", iso_utc(at)},
               {"kind", kind},
               {"level", level > 0 ? bj::value(level) : bj::value(nullptr)},
               {"text", text_json(text.zh, text.en)},
               {"warning", warning.empty() ? bj::value(nullptr) : bj::value(warning)},
               {"station", station.empty() ? bj::value(nullptr) : bj::value(station)}};
  feed_.push_back(std::move(line));
  if (feed_.size() > feed_max) feed_.pop_front();
  if (out != nullptr)
    out->push_back({feed_.back().id, bj::serialize(feed_.back().body), feed_.back().areas});
}

void Boards::feed_of(const node::Node& node, const std::string& entity, Instant now,
                     std::vector<StreamRow>& out) {
  const auto [kind, id] = split(entity);
  Text text;
  int level = 0;
  std::string warning, station;
  std::vector<std::string> areas;
  if (kind == "warning") {
    const warning::Warning& w = node.warnings().state(id);
    text = warning_words(node, w);
    level = static_cast<int>(w.level);
    warning = id;
    areas = areas_of(node, w);
  } else if (kind == "call") {
    const call::Call& call = node.calls().state(id);
    text = words_on_call(node, id);
    warning = call.opened.warning.text;
    level = call.opened.level;
    areas = {area_of(node, call)};
  } else if (kind == "alarm") {
    const alarm::Alarm& a = node.alarms().state(id);
    text = a.withdrawn ? Text{a.raised.name.zh + "：迟到数据表明未发生",
                              a.raised.name.en + ": late data show it was not so"}
           : a.cleared ? Text{a.raised.name.zh + "：已恢复", a.raised.name.en + ": over"}
                       : Text{a.raised.name.zh, a.raised.name.en};
    level = a.raised.level;
    warning = a.warning.text;
    station = a.raised.station;
  } else if (kind == "node" && node.held()) {
    text = {"已从备份恢复，外发全部暂停，等人放行",
            "Restored from a backup; nothing goes out until released"};
  } else if (kind == "account" &&
             now - node.accounts().state(id).code_used_at < std::chrono::minutes(1)) {
    text = {"有人用应急码登录：" + id, "Break-glass login: " + id};
  }
  if (text.zh.empty()) return;
  std::string& said = said_[entity];
  if (said == text.zh) return;
  said = text.zh;
  feed(kind, now, text, level, warning, station, std::move(areas), &out);
}

namespace {

/// Warnings that can stand among the newest lines: those in force, and as many of those that ended
/// last as there are lines.
std::vector<std::string> latest_warnings(const node::Node& node) {
  const node::WarningTimes& times = node.warning_times();
  std::vector<std::string> out(times.in_force().begin(), times.in_force().end());
  std::size_t left = feed_max;
  for (auto over = times.ended().rbegin(); over != times.ended().rend() && left > 0; ++over, --left)
    out.push_back(over->second);
  return out;
}

}  // namespace

void Boards::first_feed(const node::Node& node) {
  if (!feed_.empty()) return;
  std::vector<std::tuple<Instant, std::string, Text, int, std::string, std::vector<std::string>>>
      lines;
  for (const std::string& id : latest_warnings(node)) {
    const warning::Warning& w = node.warnings().state(id);
    const Instant at = w.phase == warning::Phase::in_force ? w.changed_at : w.ended_at;
    said_["warning/" + id] = warning_words(node, w).zh;  // no news when it is next touched
    lines.emplace_back(at, "warning", warning_words(node, w), static_cast<int>(w.level), id,
                       areas_of(node, w));
    for (const std::string& call_id : node.calls_of({id})) {
      const call::Call& call = node.calls().state(call_id);
      const auto answers = node.answers_to({call_id});
      const call::Answer* answer = call::settling(call::last_words(answers));
      said_["call/" + call_id] = words_on_call(node, call_id).zh;
      if (answer != nullptr)
        lines.emplace_back(answer->at, "call", words_on_call(node, call_id), call.opened.level, id,
                           std::vector<std::string>{area_of(node, call)});
    }
  }
  std::ranges::sort(lines, {}, [](const auto& line) { return std::get<0>(line); });
  const std::size_t skip = lines.size() > feed_max ? lines.size() - feed_max : 0;
  for (std::size_t i = skip; i < lines.size(); ++i) {
    auto& [at, kind, text, level, warning, areas] = lines[i];
    feed(kind, at, text, level, warning, "", std::move(areas), nullptr);
  }
}

void Boards::render_node(const node::Node& node, Instant now) {
  const RimFacts rim = rim_();
  const std::vector<node::ForReview> review = node.review();
  const node::Books& books = node.books();
  bj::object head;
  for (const node::Tail& tail : node.journal().tails())
    if (tail.ours)
      head[tail.log] = bj::object{{"seq", tail.seq}, {"hash", log::text_of(tail.hash)}};
  bj::value held = nullptr;
  if (node.held()) held = bj::object{{"since", iso_utc(node.office().held_since)}, {"by", ""}};
  bj::value glass = nullptr;
  for (const auto& [login, entry] : node.accounts().all())
    if (now - entry.state.code_used_at < std::chrono::hours(12))
      glass = bj::object{{"at", iso_utc(entry.state.code_used_at)}, {"login", login}};
  const bool villages = std::ranges::any_of(books.places.all(), [](const auto& p) {
    return level_of(p.area.code) == AreaLevel::village;
  });
  BoardRow row{"node", {}, {}};
  row.body = {
      {"id", "node"},
      {"name", node.setup().name},
      {"sender", node.setup().sender},
      {"exercise", node.setup().exercise},
      {"held", held},
      {"epoch", node.journal().epoch()},
      {"version", TOCSIN_VERSION},
      {"head", std::move(head)},
      {"stored_at", iso_utc(now)},
      {"disk", {{"free_mb", rim.disk_free_mb}, {"full", rim.disk_full}, {"low", rim.disk_low}}},
      {"trouble", rim.trouble},
      {"readings_per_s", rim.readings_per_s},
      {"ingest_lag_ms", rim.ingest_lag_ms},
      {"review", review.size()},
      {"review_first", first_of(review)},
      {"loaded",
       {{"divisions", !books.divisions.empty()},
        {"boundaries", !books.boundaries.empty()},
        {"places", !books.places.empty()},
        {"villages_placed", villages},
        {"streams", rim.streams_loaded},
        {"relief", rim.relief_loaded},
        {"directory", books.directory_open}}},
      {"peers", bj::array{}},
      {"break_glass", glass}};
  hub_.reset("node", {{stream_row(row)}, now});
}

}  // namespace tocsin::server
