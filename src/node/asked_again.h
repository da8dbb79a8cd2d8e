#pragma once
// 重复命令. A Command-Id that was used before stands for the same command or is refused: nobody
// gets the receipt of something else.

#include <string>
#include <string_view>

#include "base/result.h"
#include "log/event.h"
#include "node/commands.h"

namespace tocsin::node {

/// Whether `first`, the first record written under a Command-Id, can be of `command`: of its kind,
/// and about what it names. Where a kind may begin with different events, true.
inline bool may_be_of(const Command& command, const log::Header& first) {
  const auto is = [&](std::string_view type, std::string_view kind, const std::string& id) {
    return first.type == type && (id.empty() || first.entity == std::string(kind) + "/" + id);
  };
  return std::visit(
      overloaded{
          [&](const IssueWarning&) { return is(warning::Issued::type, "warning", ""); },
          [&](const ChangeLevel& c) {
            return is(warning::LevelChanged::type, "warning", c.warning.text);
          },
          [&](const CancelWarning& c) {
            return is(warning::Cancelled::type, "warning", c.warning.text);
          },
          [&](const AcknowledgeWarning& c) {
            return is(warning::Acknowledged::type, "warning", c.warning.text);
          },
          [&](const DeclineProposal& c) {
            return is(alarm::Declined::type, "alarm", c.alarm.text);
          },
          [&](const GiveAnswer&) { return is(call::Given::type, "answer", ""); },
          [&](const NoteAttempt& c) { return is(call::Attempted::type, "call", c.call.text); },
          [&](const ChangeAccount& c) { return first.entity == "account/" + c.login; },
          [&](const AdoptRegister& c) { return first.entity == "register/" + c.what.kind; },
          [](const auto&) { return true; },
      },
      command);
}

}  // namespace tocsin::node
