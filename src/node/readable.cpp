#include "node/readable.h"

#include "domain/account/account.h"
#include "domain/alarm/alarm.h"
#include "domain/call/call.h"
#include "domain/office/office.h"
#include "domain/register/register.h"
#include "domain/warning/warning.h"
#include "log/event.h"
#include "log/limits.h"
#include "node/ids.h"

namespace tocsin::node {
namespace {

template <class Made>
std::optional<Error> problem_of(const Result<Made>& made) {
  return made ? std::nullopt : std::optional(made.error());
}

/// Reads the event as a fold would. Notes of the audit lane are folded by nobody: they are kept
/// whatever a stranger has typed.
std::optional<Error> read_again(std::string_view kind, const log::Written& event) {
  const auto into = [&]<class Room>(Room) {
    return problem_of(Room::decode(event.type, event.version, event.body));
  };
  if (event.type == office::Claimed::type) return problem_of(office::decode_claim(event.body));
  if (kind == warning::Warnings::kind) return into(warning::Warnings{});
  if (kind == call::Calls::kind) return into(call::Calls{});
  if (kind == call::Answers::kind) return into(call::Answers{});
  if (kind == alarm::Alarms::kind) return into(alarm::Alarms{});
  if (kind == registers::Registers::kind) return into(registers::Registers{});
  if (kind == account::Accounts::kind) return into(account::Accounts{});
  if (kind == office::Offices::kind) return into(office::Offices{});
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> refusal_to_keep(std::string_view entity, const log::Written& event) {
  if (event.body.size() > log::record_size_max - log::header_size_max)
    return Refusal{"command.too_large", ""};
  if (const auto problem = read_again(split_entity(entity).first, event))
    return Refusal{"command.not_readable", problem->field};
  return std::nullopt;
}

}  // namespace tocsin::node
