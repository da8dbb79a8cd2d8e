#include <boost/json/array.hpp>
#include <ranges>

#include "domain/person/person.h"
#include "server/board/rows.h"
#include "server/board/words.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;

bj::value instant_json(const std::optional<Instant>& at) {
  return at ? bj::value(iso_utc(*at)) : bj::value(nullptr);
}

/// The state of one rung as the desk names it.
std::string_view rung_state(const call::Call& call, std::size_t i, const call::LastWords& words) {
  if (!call.opened.rungs[i].skip.empty()) return "skipped";
  const auto said = words.find(static_cast<int>(i));
  if (said != words.end())
    return said->second->given.kind == call::AnswerKind::cannot ? "cannot" : "answered";
  // Above the one whose turn it is: who answered a call before this one is asked beside him.
  const bool beside = call.phase == call::Phase::open && call.current &&
                      static_cast<int>(i) > *call.current && call.rungs[i].times_asked > 0;
  if (beside || call.current == static_cast<int>(i)) return "asking";
  if (call.rungs[i].left == "closed") return "released";  // over before his time was
  if (never_reached(call, i)) return "skipped";
  return call.rungs[i].times_asked > 0 ? "silent" : "waiting";
}

/// The newest try by phone to ask him; nullptr where there was none.
const call::Attempt* last_in_vain(const call::RungState& state) {
  for (const call::Attempt& one : state.attempts | std::views::reverse)
    if (one.outcome != call::Attempted::told) return &one;
  return nullptr;
}

bj::array channels_json(const call::Rung& rung, const call::RungState& state) {
  bj::array out;
  for (const call::Channel channel : rung.channels) {
    bj::object c{{"channel", call::text_of(channel)},
                 {"state", "queued"},
                 {"at", nullptr},
                 {"error", nullptr}};
    if (channel == call::Channel::mail) {
      if (state.handed_over_at) {
        c["state"] = "handed_over";
        c["at"] = iso_utc(*state.handed_over_at);
      } else if (state.failed_at) {
        c["state"] = "failed";
        c["at"] = iso_utc(*state.failed_at);
        c["error"] = state.error;
      }
    } else if (const call::Attempt* last = last_in_vain(state)) {
      c["state"] = "failed";
      c["at"] = iso_utc(last->at);
      c["error"] = last->outcome;
    }
    out.push_back(std::move(c));
  }
  return out;
}

/// What somebody said, or why it can no longer be read: "key.destroyed" by the rule on personal
/// data.
void put_words(const node::Node& node, const std::optional<log::PartRef>& words, bj::object& out) {
  out["words"] = "";
  if (!words) return;
  const auto plain = node.open(*words);
  if (plain) {
    out["words"] = *plain;
  } else {
    out["words_state"] = plain.error().code;
  }
}

/// What he was told of the end or the lowering of the warning; "by_phone" where no mail reaches
/// him and he is to be phoned, "told" once he was. Nothing where it was overtaken before it went
/// out: he was asked anew, or the level changed again.
bj::value news_json(const node::Node& node, const call::Call& call, std::size_t i) {
  const call::Rung& rung = call.opened.rungs[i];
  const call::RungState& state = call.rungs[i];
  if (!state.news) return nullptr;
  const call::News& news = *state.news;
  const warning::Warning& w = node.warnings().state(call.opened.warning.text);
  const bool stale = call::of_the_level(news) && news.change != static_cast<int>(w.levels.size());
  if (call::untold(state) && (stale || (news.given_up && !news.failed_at))) return nullptr;
  const bool mail = std::ranges::find(rung.channels, call::Channel::mail) != rung.channels.end();
  if (!mail && news.about == "prolonged") return nullptr;  // at the phone he heard of no end
  bj::object o{{"about", news.about},
               {"level", news.level},
               {"state", "queued"},
               {"at", nullptr},
               {"error", nullptr}};
  if (news.told_at) {
    o["state"] = "told";
    o["at"] = iso_utc(*news.told_at);
  } else if (!mail) {
    o["state"] = "by_phone";
  } else if (news.handed_over_at) {
    o["state"] = "handed_over";
    o["at"] = iso_utc(*news.handed_over_at);
  } else if (news.failed_at && news.given_up) {  // else it is tried again
    o["state"] = "failed";
    o["at"] = iso_utc(*news.failed_at);
    o["error"] = news.error;
  } else if (!node.is_fresh(news)) {  // it did not go out while it was news
    o["state"] = "failed";
    o["at"] = iso_utc(news.since);
  }
  return o;
}

bj::value answer_json(const node::Node& node, const call::Answer* answer) {
  if (answer == nullptr) return nullptr;
  bj::object o{{"kind", call::text_of(answer->given.kind)},
               {"moved", nullptr},
               {"channel", call::text_of(answer->given.channel)},
               {"rung", answer->given.rung},
               {"name", node.books().person_name(answer->given.person.text)},
               {"by", actor_json(node, answer->by)},
               {"at", iso_utc(answer->at)}};
  if (answer->given.moved) o["moved"] = *answer->given.moved;
  put_words(node, answer->given.words, o);
  return o;
}

/// Attempts of a rung that a row of the board lists.
constexpr std::size_t attempts_on_the_board = 20;

/// When the asking was first answered that this, the last word, answers: who reports his people
/// later on did not answer late.
Instant first_answer(const node::Node& node, const call::Answer& last) {
  Instant out = last.at;
  for (const call::Answer* one : node.answers_to(last.given.call)) {
    const bool same = one->given.rung == last.given.rung && one->given.asked == last.given.asked;
    if (same) out = std::min(out, one->at);
  }
  return out;
}

bj::object rung_json(const node::Node& node, const call::Call& call, std::size_t i,
                     const call::LastWords& words, std::size_t attempts_max) {
  const call::Rung& rung = call.opened.rungs[i];
  const call::RungState& state = call.rungs[i];
  const node::Books& books = node.books();
  const person::Post* post = books.posts.find(rung.post.text);
  const person::Person* who = books.directory.find(rung.person.text);
  const auto said = words.find(static_cast<int>(i));
  bj::object o{{"post", rung.post.text},
               {"title", post == nullptr ? rung.post.text : post->title},
               {"person", rung.person.text},
               {"name", rung.person.empty() ? "" : books.person_name(rung.person.text)},
               {"kind", call::text_of(rung.kind)},
               {"state", rung_state(call, i, words)},
               {"why", nullptr},
               {"channels", channels_json(rung, state)},
               {"asked_at", instant_json(state.asked_at)},
               {"due_at", nullptr},
               {"answered_at", nullptr},
               {"seconds", nullptr},
               {"said", nullptr},
               {"news", news_json(node, call, i)},
               {"times_asked", state.times_asked},
               {"phone_masked", who == nullptr ? "" : person::mask_phone(who->phone)}};
  if (!rung.skip.empty()) o["why"] = rung.skip;
  if (o["state"] == "skipped" && rung.skip.empty()) o["why"] = "unreachable";
  if (state.asked_at) o["due_at"] = iso_utc(*state.asked_at + rung.wait);
  bj::array attempts;
  const std::size_t before = state.attempts.size() - std::min(state.attempts.size(), attempts_max);
  for (const call::Attempt& attempt : state.attempts | std::views::drop(before)) {
    bj::object one{{"at", iso_utc(attempt.at)}, {"outcome", attempt.outcome}};
    put_words(node, attempt.words, one);
    attempts.push_back(std::move(one));
  }
  o["attempts"] = std::move(attempts);
  o["attempts_before"] = before;
  if (said == words.end()) return o;
  o["answered_at"] = iso_utc(said->second->at);
  o["said"] = answer_json(node, said->second);
  if (state.asked_at) {
    const Instant first = first_answer(node, *said->second);
    o["seconds"] = static_cast<double>((first - *state.asked_at).count()) / 1000.0;
  }
  return o;
}

/// The last word of any rung, whatever it was: "cannot" is shown until somebody settles the call.
const call::Answer* latest(const call::LastWords& words) {
  const call::Answer* out = call::settling(words);
  if (out != nullptr) return out;
  for (const auto& [rung, answer] : words)
    if (out == nullptr || out->at < answer->at) out = answer;
  return out;
}

std::string_view call_state(const call::Call& call, const call::LastWords& words) {
  if (call::settling(words) != nullptr) return "answered";
  if (call.phase == call::Phase::closed) return "closed";
  return call.phase == call::Phase::exhausted ? "exhausted" : "open";
}

std::optional<BoardRow> row_of(const node::Node& node, const std::string& id,
                               std::size_t attempts_max) {
  const auto* entry = node.calls().find(id);
  if (entry == nullptr) return std::nullopt;
  const call::Call& call = entry->state;
  const warning::Warning& w = node.warnings().state(call.opened.warning.text);
  const auto answers = node.answers_to({id});
  const call::LastWords words = call::last_words(answers);
  bj::array rungs, places;
  for (std::size_t i = 0; i < call.rungs.size(); ++i)
    rungs.push_back(rung_json(node, call, i, words, attempts_max));
  for (const RiskPointId& place : call.opened.riskpoints) {
    const place::RiskPoint* p = node.books().riskpoints.find(place.text);
    if (p != nullptr) places.push_back(bj::object{{"id", p->id}, {"name", p->name}});
  }
  const auto wait = call::waiting(call, words);
  const Text script = script_of(node, call);
  const bool silence = is_silence(node, w);
  BoardRow row{id, {}, {area_of(node, call)}};
  row.body = {
      {"id", id},
      {"warning", call.opened.warning.text},
      {"round", call.opened.round},
      {"level", static_cast<int>(w.level)},
      {"hazard_name", hazard_json(hazard_words(node, w))},
      {"riskpoints", std::move(places)},
      {"area", area_json(node.books(), row.areas.front())},
      {"state", call_state(call, words)},
      {"closed_why", call.closed_why},
      {"current", call.current ? bj::value(*call.current) : bj::value(nullptr)},
      {"due_at", wait ? bj::value(iso_utc(wait->since + wait->length)) : bj::value(nullptr)},
      {"opened_at", iso_utc(call.opened_at)},
      {"rungs", std::move(rungs)},
      {"answer", answer_json(node, latest(words))},
      {"script", text_json(script.zh, script.en)},
      {"expected_people", silence ? 0 : call.opened.people},
      {"silence", silence}};
  return row;
}

}  // namespace

bool never_reached(const call::Call& call, std::size_t rung) {
  const std::vector<call::Channel>& ways = call.opened.rungs[rung].channels;
  return call.rungs[rung].given_up && std::ranges::find(ways, call::Channel::phone) == ways.end();
}

std::optional<BoardRow> call_row(const node::Node& node, const std::string& id) {
  return row_of(node, id, attempts_on_the_board);
}
std::optional<BoardRow> call_row_in_full(const node::Node& node, const std::string& id) {
  return row_of(node, id, SIZE_MAX);
}

std::optional<BoardRow> outbox_row(const node::Node& node, const std::string& call_id) {
  const auto* entry = node.calls().find(call_id);
  if (entry == nullptr) return std::nullopt;
  const call::Call& call = entry->state;
  const auto answers = node.answers_to({call_id});
  const auto words = call::last_words(answers);
  const std::vector<int> waiting = call::mails_wait(call, words);
  if (call::settling(words) != nullptr || (waiting.empty() && !call.current)) return std::nullopt;
  const int shown = waiting.empty() ? *call.current : waiting.front();
  const auto i = static_cast<std::size_t>(shown);
  const call::Rung& rung = call.opened.rungs[i];
  const call::RungState& state = call.rungs[i];
  if (std::ranges::find(rung.channels, call::Channel::mail) == rung.channels.end())
    return std::nullopt;
  const person::Person* who = node.books().directory.find(rung.person.text);
  const std::string_view now = state.handed_over_at ? "handed_over"
                               : state.given_up     ? "failed"
                               : node.held()        ? "held"
                                                    : "queued";
  BoardRow row{call_id, {}, {area_of(node, call)}};
  row.body = {{"id", call_id},
              {"call", call_id},
              {"rung", shown},
              {"channel", "mail"},
              {"name", node.books().person_name(rung.person.text)},
              {"to_masked", who == nullptr ? "" : person::mask_email(who->email)},
              {"state", now},
              {"tries", state.failures + (state.handed_over_at ? 1 : 0)},
              {"last_error", state.error.empty() ? bj::value(nullptr) : bj::value(state.error)},
              {"next_at", nullptr}};
  return row;
}

std::optional<BoardRow> proposal_row(const node::Node& node, const std::string& id) {
  const auto* entry = node.alarms().find(id);
  if (entry == nullptr) return std::nullopt;
  const alarm::Alarm& a = entry->state;
  const alarm::Raised known = alarm::as_known(a);
  const bool ever_waited = a.raised.level >= 1 && !a.raised.automatic;
  // An automatic alarm whose words could not go out waits for a person just the same.
  const bool stuck = a.raised.level >= 1 && a.raised.automatic && a.phase == alarm::Phase::noted;
  if (!ever_waited && !stuck) return std::nullopt;
  const observation::Station* station = node.books().stations.find_station(a.raised.station);
  bj::array areas;
  std::vector<std::string> codes;
  for (const RiskPointId& place : a.raised.riskpoints)
    if (const place::RiskPoint* p = node.books().riskpoints.find(place.text)) {
      std::string code = node.books().code_of(p->area);
      if (std::ranges::find(codes, code) == codes.end()) codes.push_back(std::move(code));
    }
  if (codes.empty() && station != nullptr) codes.push_back(node.books().code_of(station->area));
  for (const std::string& code : codes) areas.push_back(area_json(node.books(), code));
  const std::string_view state = a.withdrawn                         ? "withdrawn"
                                 : a.phase == alarm::Phase::linked   ? "issued"
                                 : a.phase == alarm::Phase::declined ? "declined"
                                                                     : "waiting";
  BoardRow row{id, {}, codes};
  row.body = {
      {"id", id},
      {"rule", a.raised.rule},
      {"rule_name", text_json(a.raised.name.zh, a.raised.name.en)},
      {"hazard", a.raised.hazard},
      {"hazard_name", hazard_json(hazard_words(node.books(), a.raised.hazard, a.raised.missing))},
      {"level", a.raised.level},
      {"areas", std::move(areas)},
      {"station", a.raised.station},
      {"station_name", station == nullptr ? a.raised.station : station->name},
      {"point", a.raised.point},
      {"at", iso_utc(known.at)},
      {"raised_at", iso_utc(a.raised_at)},
      {"found_late", a.raised.found_late},
      {"by_hand", known.by_hand},
      {"cleared", a.cleared.has_value()},
      {"cleared_at", a.cleared ? bj::value(iso_utc(a.cleared->at)) : bj::value(nullptr)},
      {"lapses_at", a.raised.valid.count() > 0 ? bj::value(iso_utc(a.raised_at + a.raised.valid))
                                               : bj::value(nullptr)},
      {"state", state},
      {"warning", a.warning.empty() ? bj::value(nullptr) : bj::value(a.warning.text)},
      {"decided_by", a.decided_by.empty() ? bj::value(nullptr) : actor_json(node, a.decided_by)},
      {"reason", a.reason},
      {"headline", a.raised.name.zh},
      {"instruction", a.raised.instruction.zh},
      {"headline_text", text_json(a.raised.name.zh, a.raised.name.en)},
      {"instruction_text", text_json(a.raised.instruction.zh, a.raised.instruction.en)}};
  put_figure(known.value, known.unit, known.change, a.raised.missing, row.body);
  add_issuers(node, a.raised.hazard, codes, a.raised_at, row.body);
  // A rule that wanted to go out by itself and may not: a person reads which row keeps it back.
  const auto no = node.refusal_to_issue("node/rules", a.raised.hazard,
                                        warning::Audience::responsible, a.raised_at);
  row.body["held_back"] =
      stuck && no ? bj::value{{"code", no->code}, {"detail", no->detail}} : bj::value(nullptr);
  return row;
}

}  // namespace tocsin::server
