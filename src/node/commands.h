#pragma once
// What a node can be asked to do. Each command is idempotent by its Command-Id: the same id again
// gets the same receipt and nothing is done twice.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "domain/account/account.h"
#include "domain/alarm/alarm.h"
#include "domain/audit/audit.h"
#include "domain/call/call.h"
#include "domain/office/office.h"
#include "domain/register/register.h"
#include "domain/warning/warning.h"
#include "log/store.h"

namespace tocsin::node {

/// Issues a warning by hand. Of `what` the office fills in identifier, sender and status.
struct IssueWarning {
  warning::Issued what;
};
struct ChangeLevel {
  WarningId warning;
  warning::Level level{};
  std::string reason;
  warning::NewWords words{};
};
struct CancelWarning {
  WarningId warning;
  std::string reason;
};
struct AcknowledgeWarning {
  WarningId warning;
};
/// 再呼. Calls again all who have not answered.
struct RecallWarning {
  WarningId warning;
};

/// What rules found. The id is derived from rule, point and instant: told twice, kept once.
struct RaiseAlarm {
  AlarmId alarm;
  alarm::Raised what;
};
struct ClearAlarm {
  AlarmId alarm;
  alarm::Cleared what;
};
struct ResumeAlarm {
  AlarmId alarm;
};
struct WithdrawAlarm {
  AlarmId alarm;
  std::string reason;
};
struct ReviseAlarm {
  AlarmId alarm;
  alarm::Revised what;
};
/// A person lets a proposal go out, with other words or another level if he likes.
struct IssueProposal {
  AlarmId alarm;
  std::optional<warning::Level> level;
  std::string headline, instruction;
  std::optional<Instant> expires;
};
struct DeclineProposal {
  AlarmId alarm;
  std::string reason;
};

struct GiveAnswer {
  CallId call;
  int rung = 0;
  call::AnswerKind kind{};
  std::optional<int> moved;
  std::string words;
  call::Channel channel = call::Channel::phone;
};
struct NoteAttempt {
  CallId call;
  int rung = 0;
  std::string outcome, words;
};
struct ReportDelivery {
  CallId call;
  call::Delivered what;
};
/// Tries a mail again that was given up.
struct Resend {
  CallId call;
};

struct AdoptRegister {
  registers::Adopted what;
  log::Package package;
  std::optional<log::Package> source;
};
/// `directory`: plain bytes of the part (person::Directory::encode).
struct AdoptPeople {
  std::string directory;
  std::vector<registers::Reach> people;
};

struct ChangeAccount {
  std::string login;
  account::Event what;
  bool first = false;  ///< only while nobody has an account: the first operator
};
struct Note {
  audit::Noted what;
};
/// Files of readings closed or removed, dialects.
struct TellOffice {
  office::Event what;
};
struct Release {
  std::string reason;
};
/// 指挥权移交. This node takes command of an entity ("warning/…").
struct AssumeCommand {
  std::string entity;
  std::string reason;
};

using Command =
    std::variant<IssueWarning, ChangeLevel, CancelWarning, AcknowledgeWarning, RecallWarning,
                 RaiseAlarm, ClearAlarm, ResumeAlarm, WithdrawAlarm, ReviseAlarm, IssueProposal,
                 DeclineProposal, GiveAnswer, NoteAttempt, ReportDelivery, Resend, AdoptRegister,
                 AdoptPeople, ChangeAccount, Note, TellOffice, Release, AssumeCommand>;

/// Who asks: "post/…", "person/…", "node/…", "account/…"; header alphabet.
struct Request {
  std::string by;
  std::string command_id;  ///< empty: nobody will ask again (timers, the node itself)
  Command command;
};

/// 回执. "Received" means: on disk here, once the batch is flushed.
struct Receipt {
  std::string command, log, id;
  std::uint64_t seq = 0;
  Instant at;
};

}  // namespace tocsin::node
