#pragma once
// 节点. One state machine, no socket: commands, segments and ticks in; receipts, segments and
// things to send out. One thread owns it. What always holds:
//  - state is the fold of the log, nothing else; after a restart it is the same;
//  - a receipt is good once `flush` has returned, not before;
//  - folding never acts: what is to be sent is asked for with `outbox`, and is empty while the node
//    is held after a restore;
//  - timers are derived from state, so a crash loses none and none fires twice.

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text_key.h"
#include "engine/outreach/outreach.h"
#include "log/chain.h"
#include "node/books.h"
#include "node/commands.h"
#include "node/commands_done.h"
#include "node/journal.h"
#include "node/news_waits.h"
#include "node/shelf.h"
#include "node/timers.h"
#include "node/warning_times.h"

namespace tocsin::node {

/// What an office is told about itself (config, not log). Blank area, sender and identifier_head
/// are taken from the one county imported.
struct Setup {
  std::string name = "county";  ///< node name, header alphabet without '/'
  int rank = 1;                 ///< county 1, township 2, village 3
  std::string area;             ///< division code of the office
  std::string sender;           ///< 发布单位
  std::string identifier_head;  ///< 14 characters ZZZZZZDDDUUUXX of the warning identifier
  bool exercise = true;         ///< 演练: every warning is marked so
  std::string duty_post;        ///< who answers for a place nobody answers for
  outreach::Policy policy;
  /// 个人信息留存: how long after a warning has ended what people said about it can be read.
  Duration case_keep = std::chrono::days(90);
};

/// A message that waits to go out by mail.
struct Outgoing {
  CallId call;
  WarningId warning;
  int rung = 0;
  PersonRef person;
  int failures = 0;
  std::optional<Instant> failed_at;
  Instant asked_at;
  int asked = 0;  ///< which asking of the rung this is; stamps of a clock put back may be equal
  int level = 4;  ///< of the warning
  /// Of one that asks nothing but tells what became of the warning: as call::News has it; `asked`
  /// then counts the tellings.
  std::string news;
};
/// One name for one message, however often it is handed over.
std::string identity_of(const Outgoing& what);

/// 损坏的台账. A register in use whose bytes are gone or are not what was written; it is not used.
struct DamagedRegister {
  std::string kind;  ///< "riskpoints", "people" …
  log::Hash hash;    ///< of the package, or of the directory's part
  std::string why;   ///< "package.wrong_hash", "package.not_here", "part.wrong_hash" …
};

/// Where each log ends at a node: its last record, with the hash, since two offices may hold as
/// many records and not the same ones.
using Have = std::map<std::string, log::Head>;

class Node {
 public:
  Node(Setup setup, log::Store& store, log::Keyring& keyring, Dice& dice, log::SigningKey key);

  /// Folds the whole log. `progress(done, total)` now and then. Errors: the store's, such
  /// as "segment.broken_chain" naming the record. Opens this node's logs; the caller flushes.
  Result<void> load(Instant now, const std::function<void(std::uint64_t, std::uint64_t)>& progress);

  /// Decides, writes and folds. The receipt counts once flush() has returned.
  std::expected<Receipt, Refusal> submit(const Request& request, Instant now);
  /// Makes all that was submitted durable. After an error this node must be loaded anew.
  Result<void> flush() { return journal_.flush(); }
  bool dirty() const { return journal_.dirty(); }

  /// Fires the timers that are due. Does nothing while held.
  void tick(Instant now);
  std::optional<Instant> next_due() const { return timers_.next(); }
  /// Entities that wait for their time to be over, sorted.
  std::vector<std::string> waiting() const { return timers_.keys(); }
  /// Seals what was written; call now and then, before segments are handed out and at the end.
  void seal() { journal_.seal_all(); }
  bool unsealed() const { return journal_.unsealed(); }

  // --- other nodes ---
  /// Up to which record each log is held here.
  Have have() const;
  /// Segments that `have` lacks of the lanes `audience` names ("alert", "work/…"); own tails must
  /// be sealed and flushed first.
  std::vector<log::Segment> lacking(const Have& have,
                                    const std::function<bool(const log::LogId&)>& audience) const;
  /// Takes a segment. Errors of log::check; "sync.gap" (records before it are missing here),
  /// "sync.forked" (two records with one number; that log stops, a person decides),
  /// "sync.wrong_key" (not sealed by the key its log names), the store's (load the node anew). A
  /// segment of our own that we lack, or have otherwise, says that our disk is an older one or a
  /// copy: the node goes on in a new epoch, held.
  Result<void> accept(const log::Segment& segment, Instant now);
  /// Hash over what both nodes may see: every entity of the lanes `audience` names, as folded.
  log::Hash digest(const std::function<bool(const log::LogId&)>& audience) const;

  // --- looking ---
  const Setup& setup() const { return setup_; }
  const Books& books() const { return books_; }
  const Journal& journal() const { return journal_; }
  const Shelf<warning::Warnings>& warnings() const { return warnings_; }
  const Shelf<call::Calls>& calls() const { return calls_; }
  const Shelf<call::Answers>& answers() const { return answers_; }
  const Shelf<alarm::Alarms>& alarms() const { return alarms_; }
  const Shelf<registers::Registers>& registers() const { return registers_; }
  const Shelf<account::Accounts>& accounts() const { return accounts_; }
  /// True while the first operator is still to be made.
  bool nobody_has_an_account() const;
  const audit::LastLogins& logins() const { return logins_; }
  const office::Office& office() const { return offices_.state(setup_.name); }
  bool held() const { return office().held; }
  const WarningTimes& warning_times() const { return times_; }
  /// 发布权限. Why `by` ("post/…"; "node/…" is a rule by itself) may not issue, change or cancel a
  /// warning of this hazard to this audience now; nothing when he may. The one place that says so:
  /// decisions ask it, and the server's gate for its audit lane. Errors: IssuingRights::refusal.
  std::optional<Error> refusal_to_issue(std::string_view by, std::string_view hazard,
                                        warning::Audience audience, Instant now) const;
  const std::vector<std::string>& calls_of(const WarningId& warning) const;
  std::vector<const call::Answer*> answers_to(const CallId& call) const;
  /// What asks before what tells, the graver first, then what has waited longest.
  std::vector<Outgoing> outbox() const;
  /// Whether a mail may still tell it: what is a day old is told to nobody by mail. A node that was
  /// off or held for long must not write of nights gone by.
  bool is_fresh(const call::News& news) const;
  std::vector<ForReview> review() const;
  /// Plain text of a part. Errors "part.not_here", "key.unknown", "key.destroyed" (also while the
  /// rule wants it destroyed and the node is held, or a copy of the key came back).
  Result<std::string> open(const log::PartRef& ref) const;
  Result<log::Package> package_of(std::string_view kind) const;
  /// What this node must do without until it is imported again or restored.
  std::vector<DamagedRegister> damaged_registers() const;

  /// Entities ("warning/…", "register/people" …) that changed since this was last asked.
  std::set<std::string> take_touched() { return std::exchange(touched_, {}); }

 private:
  friend class Planner;
  struct Planned {
    std::string lane, entity;
    log::Written event;
  };
  /// What a command will write, worked out before anything is written.
  struct Plan {
    std::vector<Planned> events;
    std::vector<log::Part> parts;
    std::vector<log::Package> packages;
    std::string id;  ///< for the receipt: what the command made or changed
  };
  using Planning = std::expected<Plan, Refusal>;
  /// What a Command-Id (hashed) has led to: where its first event stands, and that event's kind.
  Planning plan(const IssueWarning&, const Request&, Instant);
  bool lies_elsewhere(const warning::Issued& what) const;
  Planning plan(const ChangeLevel&, const Request&, Instant);
  Planning plan(const CancelWarning&, const Request&, Instant);
  Planning plan(const AcknowledgeWarning&, const Request&, Instant);
  Planning plan(const RecallWarning&, const Request&, Instant);
  Planning plan(const RaiseAlarm&, const Request&, Instant);
  Planning plan(const ClearAlarm&, const Request&, Instant);
  Planning plan(const ResumeAlarm&, const Request&, Instant);
  Planning plan(const WithdrawAlarm&, const Request&, Instant);
  Planning plan(const ReviseAlarm&, const Request&, Instant);
  Planning plan(const IssueProposal&, const Request&, Instant);
  Planning plan(const DeclineProposal&, const Request&, Instant);
  Planning plan(const GiveAnswer&, const Request&, Instant);
  Planning plan(const NoteAttempt&, const Request&, Instant);
  Planning plan(const ReportDelivery&, const Request&, Instant);
  Planning plan(const Resend&, const Request&, Instant);
  Planning plan(const AdoptRegister&, const Request&, Instant);
  Planning plan(const AdoptPeople&, const Request&, Instant);
  Planning plan(const ChangeAccount&, const Request&, Instant);
  Planning plan(const Note&, const Request&, Instant);
  Planning plan(const TellOffice&, const Request&, Instant);
  Planning plan(const Release&, const Request&, Instant);
  Planning plan(const AssumeCommand&, const Request&, Instant);

  // parts of decisions that several commands share (node/decide_*.cpp)
  std::expected<log::PartRef, Refusal> seal_words(Plan& plan, const WarningId& warning,
                                                  std::string_view words);
  std::expected<WarningId, Refusal> issue(Plan& plan, WarningId id, warning::Issued what,
                                          Instant now);
  std::set<std::string> answered_before(const WarningId& id, const std::string& post) const;
  void raise_level(Plan& plan, const WarningId& id, warning::Level level,
                   const warning::LevelChanged& event);
  void open_calls(Plan& plan, const WarningId& id, int round, warning::Level level,
                  const warning::Issued& what);
  void close_calls(Plan& plan, const WarningId& id, std::string_view why) const;
  void inform(Plan& plan, const WarningId& id, std::string_view about, warning::Level level) const;
  int next_round(const WarningId& id) const;
  void add_news(std::vector<Outgoing>& out, const CallId& id) const;
  std::string edition_of(const std::string& code) const;
  std::vector<outreach::Place> places_of(const warning::Issued& what) const;
  bool says_nothing_new(const log::Segment& segment) const;
  bool fits(const log::Segment& segment, const Tail& tail) const;
  Result<void> take(const log::Segment& segment, Journal::LogIndex index, Instant now);
  std::expected<void, Refusal> take_alarm(Plan& plan, const AlarmId& id, const alarm::Raised& what,
                                          std::string_view by, warning::Issued words, Instant now);
  std::optional<WarningId> standing_for(const alarm::Raised& what) const;
  warning::Issued words_for(const AlarmId& id, const alarm::Raised& what, warning::Level level,
                            Instant now) const;
  std::string lane_of_call(const call::Opened& what) const;

  std::expected<Receipt, Refusal> write(Plan plan, const Request& request, Instant now);
  std::expected<Receipt, Refusal> receipt_for(const Request& request, const Done& done) const;
  template <class Look>
  auto with_entry(std::string_view entity, Look look) const;
  bool may_write(const Planned& event) const;
  log::Term term_for(const Planned& event, const std::string& by, Instant now);
  void time_is_over(Plan& plan, const CallId& id) const;
  void time_is_over(Plan& plan, const WarningId& id, Instant now);
  std::optional<Duration> still_needed(const warning::Warning& w, Instant now) const;
  void go_on(Instant now);
  void go_on_held(std::string_view from, Instant now);
  void open_log(std::string_view lane, Instant now);
  void append(std::string_view lane, const log::Draft& draft, Instant now);
  void put(std::string_view lane, const std::string& entity, const log::Term& term,
           const log::Written& event, const std::string& by, const std::string& command,
           Instant now);

  static std::unique_ptr<log::Prepared> prepare(const log::Header& header);
  void fold(const log::Header& header, Journal::LogIndex log, log::Prepared* prepared = nullptr);
  void note_done(const log::Header& header, Journal::LogIndex log);
  void fold_opened(const log::Header& header);
  void note_unread(const log::Header& header, const Error& why);
  void changed(std::string_view kind, std::string_view id);
  void index_all();
  void index_answer(const std::string& id, const call::Answer& answer);
  bool is_over(const WarningId& id) const;
  std::optional<Instant> case_due(const WarningId& id) const;
  bool case_is_closed(const log::CaseId& id) const;
  void watch_case(const WarningId& id);
  void case_time_is_over(Plan& plan, const log::CaseId& id, Instant now);
  void fold_destroyed(const log::Header& header);
  void destroy_again();
  std::optional<call::Wait> wait_of(const call::Call& call, const call::LastWords& words) const;
  void call_changed(const std::string& id);
  void warning_changed(const std::string& id);
  void index_call(const std::string& id, const Shelf<call::Calls>::Entry& entry);
  void index_warning(const std::string& id, const Shelf<warning::Warnings>::Entry& entry);
  void open_register(const std::string& kind);
  Result<void> open_people(const registers::PeopleAdopted& people);
  Result<void> open_package(const registers::Adopted& adopted);
  void know_the_county();
  void open_books();
  Reading reading() const;

  Setup configured_;
  Setup setup_;  ///< as configured, its blanks filled
  log::Store& store_;
  log::Keyring& keyring_;
  Dice& dice_;
  Journal journal_;
  Timers timers_;
  Instant now_{};
  bool loading_ = false;

  Shelf<warning::Warnings> warnings_;
  Shelf<call::Calls> calls_;
  Shelf<call::Answers> answers_;
  Shelf<alarm::Alarms> alarms_;
  Shelf<registers::Registers> registers_;
  Shelf<account::Accounts> accounts_;
  Shelf<office::Offices> offices_;
  Books books_;
  audit::LastLogins logins_;

  // kept by difference, each from the state of one entity
  WarningTimes times_;
  TextMap<std::vector<std::string>> calls_by_warning_, answers_by_call_;           // ids, sorted
  std::map<std::pair<std::string, std::string>, std::set<std::string>> standing_;  // family, place
  std::set<std::string> mail_waits_;                      // calls with a mail to be handed over
  NewsWaits news_waits_;                                  // calls with news to be handed over
  std::map<std::string, int> ranks_;                      // node -> rank, from its log.opened
  std::map<std::string, std::string, std::less<>> keys_;  // log -> key of its seals, from there too
  std::map<std::string, std::string> unreadable_;  // position, or what -> why a person must look
  TextSet identifiers_;                            // of all warnings, so that none is given twice
  std::set<std::string> touched_;

  CommandsDone done_;
};

}  // namespace tocsin::node
