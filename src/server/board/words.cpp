#include "server/board/words.h"

#include <fmt/format.h>

#include "base/figure.h"
#include "server/board/rows.h"

namespace tocsin::server {

std::string_view status_name(warning::Status status) {
  return status == warning::Status::actual     ? "Actual"
         : status == warning::Status::exercise ? "Exercise"
                                               : "Test";
}

Text level_text(int level) {
  switch (level) {
    case 1:
      return {"红色", "red"};
    case 2:
      return {"橙色", "orange"};
    case 3:
      return {"黄色", "yellow"};
    default:
      return {"蓝色", "blue"};
  }
}

namespace {

/// Why the rung before the one being asked is not the one that answers. Somebody who was never
/// asked is not somebody who did not answer.
Text why_the_next(const call::Call& call, std::size_t now) {
  for (std::size_t i = now; i-- > 0;) {
    const std::string& left = call.rungs[i].left;
    if (left == "cannot") return {"上一位说做不到", "the one before cannot"};
    if (left == "unreachable") return {"上一位的邮件没有送到", "mail to the one before failed"};
    if (call.rungs[i].times_asked > 0) return {"上一位没有应答", "no answer"};
  }
  if (call.opened.rungs.front().skip == "unreachable")
    return {"前一位没有联系方式，没有叫", "the one before has no number or mail and was not asked"};
  return {"前一岗空缺，没有叫", "the post before has no holder, nobody was asked"};
}

/// Nobody is left to ask: who said what, or that there was nobody.
Text why_exhausted(const call::Call& call, const call::LastWords& words) {
  bool asked = false, silent = false;
  for (std::size_t i = 0; i < call.rungs.size(); ++i) {
    if (call.rungs[i].times_asked == 0 || never_reached(call, i)) continue;
    asked = true;
    silent |= !words.contains(static_cast<int>(i));  // who answered said he cannot
  }
  if (!asked)
    return {"没有叫到人：岗位空缺或联系不上，请另找人",
            "nobody was asked: no holder, or no way to reach one; find somebody else"};
  if (!silent)
    return {"叫到的人都说做不到，请另找人", "all who were asked cannot; find somebody else"};
  return {"没有人应答，请打电话", "nobody answered; phone them"};
}

}  // namespace

namespace {

/// Who phones about a warning that is over says so, and nothing of what was to be done.
Text script_of_the_end(const warning::Warning& w, const std::string& place, const Text& hazard) {
  const Text level = level_text(static_cast<int>(w.level));
  const bool exercise = w.issued.status != warning::Status::actual;
  const bool lifted = w.phase == warning::Phase::cancelled;
  const std::string why = lifted && !w.ended_reason.empty() ? w.ended_reason : std::string();
  return {sentence(fmt::format("{}我是{}值班室。{}的{}{}预警{}{}{}", exercise ? "这是演练。" : "",
                               w.issued.sender, place, hazard.zh, level.zh,
                               lifted ? "已经解除" : "已经到期", why.empty() ? "" : "：", why),
                   "。"),
          sentence(fmt::format("{}This is the duty room of {}. The {} warning for {}, {}, {}{}{}",
                               exercise ? "This is an exercise. " : "", w.issued.sender, level.en,
                               place, hazard.en, lifted ? "has been lifted" : "has run out",
                               why.empty() ? "" : ": ", why),
                   ".")};
}

}  // namespace

Text description_words(const node::Node& node, const warning::Warning& w) {
  Text out{w.issued.description, {}};
  if (!w.source) return out;
  const observation::Station* station = node.books().stations.find_station(w.source->station);
  const std::string where = station == nullptr ? w.source->station : station->name;
  const std::string at = text_beijing(w.source->at);
  if (is_silence(node, *w.source)) {
    if (out.zh == fmt::format("{}，到 {} 没有数据", where, at))
      out.en = fmt::format("{}, nothing received by {}", where, at);
    return out;
  }
  const Text found = figure_text(w.source->value, w.source->unit, w.source->change);
  if (out.zh == fmt::format("{}，{} 测，{}", where, at, found.zh))
    out.en = fmt::format("{}, measured {}, {}", where, at, found.en);
  return out;
}

Text reason_words(const node::Node& node, const warning::Warning& w,
                  const warning::LevelEntry& level) {
  Text out{level.reason, {}};
  if (level.reason == warning::goes_on) out.en = "what it was issued for goes on";
  for (const AlarmId& id : w.alarms) {
    const alarm::Raised& rule = node.alarms().state(id.text).raised;
    if (rule.name.en.empty() || !level.reason.starts_with(rule.name.zh)) continue;
    const std::string rest = level.reason.substr(rule.name.zh.size());
    if (!rest.empty() && rest.front() != ' ') continue;
    const Text found = figure_text(rule.value, rule.unit, rule.change);
    out.en = rule.name.en + (rest == " " + found.zh ? " " + found.en : rest);
    return out;
  }
  return out;
}

Text script_of(const node::Node& node, const call::Call& call) {
  const warning::Warning& w = node.warnings().state(call.opened.warning.text);
  const Text level = level_text(static_cast<int>(w.level));
  const std::string place = node.books().area_name(call.opened.area);
  const bool exercise = w.issued.status != warning::Status::actual;
  const Text hazard = hazard_words(node, w);
  const bool over = w.phase == warning::Phase::cancelled || w.phase == warning::Phase::expired;
  if (over) return script_of_the_end(w, place, hazard);
  // What a rule wrote there is the reading, which helps nobody at the phone.
  const std::string told = w.source ? std::string() : sentence(w.issued.description, "。");
  const std::string& instruction_en =
      w.issued.instruction_en.empty() ? w.issued.instruction : w.issued.instruction_en;
  const std::string& headline_en =
      w.issued.headline_en.empty() ? w.issued.headline : w.issued.headline_en;
  const Text ask = is_silence(node, w)
                       ? Text{"请问：能派人到站上看看吗？现场看到什么？",
                              " Can somebody go and look at the station? What is seen there?"}
                       : Text{};
  return {
      fmt::format("{}我是{}值班室。现对{}发布{}{}预警：{}{}{}{}", exercise ? "这是演练。" : "",
                  w.issued.sender, place, hazard.zh, level.zh, sentence(w.issued.headline, "。"),
                  told, sentence(w.issued.instruction, "。"), ask.zh),
      fmt::format("{}This is the duty room of {}. {} warning for {}, {}: {}. {}{}",
                  exercise ? "This is an exercise. " : "", w.issued.sender, capitalised(level.en),
                  place, hazard.en, headline_en, instruction_en, ask.en)};
}

Text words_on_call(const node::Node& node, const std::string& call_id) {
  const call::Call& call = node.calls().state(call_id);
  const node::Books& books = node.books();
  const std::string place = books.area_name(call.opened.area);
  const auto answers = node.answers_to({call_id});
  const call::LastWords words = call::last_words(answers);
  if (const call::Answer* answer = call::settling(words)) {
    const std::string who = books.person_name(answer->given.person.text);
    if (answer->given.kind == call::AnswerKind::done)
      return {fmt::format("{} {}：已转移 {} 人", place, who, answer->given.moved.value_or(0)),
              fmt::format("{} {}: moved {}", place, who, answer->given.moved.value_or(0))};
    return {fmt::format("{} {}：收到", place, who), fmt::format("{} {}: received", place, who)};
  }
  if (call.phase == call::Phase::exhausted) {
    const Text why = why_exhausted(call, words);
    return {fmt::format("{} {}", place, why.zh), fmt::format("{}: {}", place, why.en)};
  }
  if (!call.current) return {};
  const call::Rung& rung = call.opened.rungs[static_cast<std::size_t>(*call.current)];
  const std::string who = books.person_name(rung.person.text);
  if (*call.current == 0)
    return {fmt::format("{} 呼叫 {}", place, who), fmt::format("{}: calling {}", place, who)};
  const Text why = why_the_next(call, static_cast<std::size_t>(*call.current));
  return {fmt::format("{} {}，转 {}", place, why.zh, who),
          fmt::format("{}: {}, now {}", place, why.en, who)};
}

}  // namespace tocsin::server
