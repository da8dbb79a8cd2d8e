#include "server/board/words.h"

#include <fmt/format.h>

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

Text script_of(const node::Node& node, const call::Call& call) {
  const warning::Warning& w = node.warnings().state(call.opened.warning.text);
  const Text level = level_text(static_cast<int>(w.level));
  const std::string place = node.books().area_name(call.opened.area);
  const bool exercise = w.issued.status != warning::Status::actual;
  const Text hazard = hazard_words(node, w);
  const std::string& instruction_en =
      w.issued.instruction_en.empty() ? w.issued.instruction : w.issued.instruction_en;
  const std::string& headline_en =
      w.issued.headline_en.empty() ? w.issued.headline : w.issued.headline_en;
  return {fmt::format("{}我是{}值班室。现对{}发布{}{}预警：{}。{}", exercise ? "这是演练。" : "",
                      w.issued.sender, place, hazard.zh, level.zh, w.issued.headline,
                      w.issued.instruction),
          fmt::format("{}This is the duty room of {}. {} warning for {}, {}: {}. {}",
                      exercise ? "This is an exercise. " : "", w.issued.sender,
                      capitalised(level.en), place, hazard.en, headline_en, instruction_en)};
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
  if (call.phase == call::Phase::exhausted)
    return {fmt::format("{} 全部未应答，请打电话", place),
            fmt::format("{}: nobody answered; phone them", place)};
  if (!call.current) return {};
  const call::Rung& rung = call.opened.rungs[static_cast<std::size_t>(*call.current)];
  const std::string who = books.person_name(rung.person.text);
  if (*call.current == 0)
    return {fmt::format("{} 呼叫 {}", place, who), fmt::format("{}: calling {}", place, who)};
  return {fmt::format("{} 上一位没有应答，转 {}", place, who),
          fmt::format("{}: no answer, now {}", place, who)};
}

}  // namespace tocsin::server
