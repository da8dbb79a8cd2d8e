// Writing: from a command or a timer that is due to records, each under the term that counts.

#include <algorithm>

#include "node/asked_again.h"
#include "node/ids.h"
#include "node/node.h"
#include "node/readable.h"

namespace tocsin::node {
namespace {

/// What a receipt names: the thing the command was about, or the one it made.
std::string subject_of(const Command& command, std::string_view made) {
  if (const auto* c = std::get_if<GiveAnswer>(&command)) return c->call.text;
  if (const auto* c = std::get_if<RecallWarning>(&command)) return c->warning.text;
  if (const auto* c = std::get_if<AssumeCommand>(&command)) return c->entity;
  return std::string(made);
}

}  // namespace

void Node::open_log(std::string_view lane, Instant now) {
  if (journal_.opened(lane)) return;
  office::LogOpened body;
  body.suite = log::suite_ed25519;
  body.key = to_base64url(journal_.key().pub);
  body.rank = setup_.rank;
  if (const Tail* tail = journal_.before(lane)) {
    body.continues = log::Position{*log::parse_log_id(tail->log), tail->seq};
    body.continues_hash = log::text_of(tail->hash);
  }
  const log::Written event = office::encode(office::Event{body});
  const std::string entity = "log/" + journal_.own_log(lane);
  log::Draft draft{entity, {}, event.type, event.version, "node/" + setup_.name, "", event.body};
  append(lane, draft, now);
}

/// Writes one record and folds it. The record lives in the journal's batch; folding may append
/// nothing, so the view is good.
void Node::append(std::string_view lane, const log::Draft& draft, Instant now) {
  const auto header = log::parse_header(journal_.append(lane, draft, now).bytes);
  TOCSIN_CHECK(header);  // a plan that no record holds was refused before
  fold(*header, journal_.index(journal_.own_log(lane)));
}

void Node::put(std::string_view lane, const std::string& entity, const log::Term& term,
               const log::Written& event, const std::string& by, const std::string& command,
               Instant now) {
  open_log(lane, now);
  const log::Draft draft{entity, term, event.type, event.version, by, command, event.body};
  append(lane, draft, now);
}

/// Calls `look(entry)` with the shelf's entry of an entity; nullptr when it is not known or of a
/// kind that nobody owns (answers and notes: one writer each).
template <class Look>
auto Node::with_entry(std::string_view entity, Look look) const {
  const auto [kind, id] = split_entity(entity);
  if (kind == "warning") return look(warnings_.find(id));
  if (kind == "call") return look(calls_.find(id));
  if (kind == "alarm") return look(alarms_.find(id));
  if (kind == "register") return look(registers_.find(id));
  if (kind == "account") return look(accounts_.find(id));
  if (kind == "node") return look(offices_.find(id));
  return look(static_cast<const Shelf<warning::Warnings>::Entry*>(nullptr));
}

/// Whether this node may write an event: what another owns it may only claim.
bool Node::may_write(const Planned& event) const {
  if (event.event.type == office::Claimed::type) return true;
  return with_entry(event.entity,
                    [&](const auto* entry) { return !entry || entry->owner == setup_.name; });
}

/// The term under which this node writes the entity's next event. An entity whose standing term is
/// written in an earlier epoch of this node is claimed anew first (a restored owner opens a new
/// term).
log::Term Node::term_for(const Planned& event, const std::string& by, Instant now) {
  return with_entry(event.entity, [&](const auto* entry) {
    if (entry == nullptr) return log::Term{};
    const std::string own = journal_.own_log(event.lane);
    const log::Position claim{{setup_.name, journal_.epoch(), event.lane},
                              journal_.tail(journal_.index(own)).seq + 1};
    const log::Term next{entry->term.number + 1, claim};
    if (event.event.type == office::Claimed::type) return next;
    if (journal_.tail(entry->log).log == own) return entry->term;
    const office::Claimed body{entry->term.claim, entry->last_seq, "restored"};
    put(event.lane, event.entity, next, office::encode(body), by, "", now);
    return next;
  });
}

std::expected<Receipt, Refusal> Node::submit(const Request& request, Instant now) {
  now_ = now;
  TOCSIN_CHECK(log::header_text(request.by));
  if (!request.command_id.empty() && !log::header_text(request.command_id))
    return std::unexpected(Refusal{"command.bad_id", "Command-Id"});
  auto planned = std::visit([&](const auto& c) { return plan(c, request, now); }, request.command);
  const Done* known =
      request.command_id.empty() ? nullptr : done_.find(short_hash(request.command_id));
  if (known != nullptr) {
    // Asked again. What it would do now is only looked at to tell whether it is the same command.
    const bool other = planned && !planned->events.empty() &&
                       short_kind(planned->events.front().event.type) != known->kind;
    const std::string bytes = reading().bytes(known->log, known->seq);
    const auto header = log::parse_header(bytes);
    if (other || (header && !may_be_of(*this, request.command, *header)))
      return std::unexpected(Refusal{"command.id_reused", "Command-Id"});
    return receipt_for(request, *known);
  }
  if (!planned) return std::unexpected(planned.error());
  return write(std::move(*planned), request, now);
}

/// The receipt for what stands in the log: the same the first time and when it is asked again.
std::expected<Receipt, Refusal> Node::receipt_for(const Request& request, const Done& done) const {
  const std::string bytes = reading().bytes(done.log, done.seq);
  const auto header = log::parse_header(bytes);
  if (!header) return std::unexpected(Refusal{"command.id_reused", "Command-Id"});
  return Receipt{request.command_id, journal_.tail(done.log).log,
                 subject_of(request.command, split_entity(header->entity).second), done.seq,
                 header->at.at};
}

std::expected<Receipt, Refusal> Node::write(Plan plan, const Request& request, Instant now) {
  if (plan.events.empty()) return std::unexpected(Refusal{"command.nothing_to_do", ""});
  std::set<std::string_view> claimed;  // by this very command
  for (const Planned& event : plan.events) {
    if (!claimed.contains(event.entity) && !may_write(event))
      return std::unexpected(Refusal{"entity.not_ours", ""});
    if (auto no = refusal_to_keep(event.entity, event.event))
      return std::unexpected(std::move(*no));
    if (event.event.type == office::Claimed::type) claimed.insert(event.entity);
  }
  for (log::Part& part : plan.parts) journal_.add(std::move(part));
  for (log::Package& package : plan.packages) journal_.add(std::move(package));
  std::optional<Done> first;
  for (const Planned& event : plan.events) {
    open_log(event.lane, now);
    const log::Term term = term_for(event, request.by, now);
    put(event.lane, event.entity, term, event.event, request.by, request.command_id, now);
    const auto log = journal_.index(journal_.own_log(event.lane));
    if (!first) first = Done{log, short_kind(event.event.type), journal_.tail(log).seq};
  }
  return receipt_for(request, *first);
}

void Node::tick(Instant now) {
  now_ = now;
  if (held()) return;
  for (const std::string& key : timers_.due(now)) {
    const auto [kind, id] = split_entity(key);
    Plan plan;
    if (kind == "call") time_is_over(plan, CallId{std::string(id)});
    if (kind == "warning") time_is_over(plan, WarningId{std::string(id)}, now);
    if (kind == "case") case_time_is_over(plan, key, now);
    const Request request{"node/" + setup_.name, "", RecallWarning{}};
    if (!plan.events.empty()) (void)write(std::move(plan), request, now);
  }
}

void Node::time_is_over(Plan& plan, const CallId& id) const {
  const call::Call& call = calls_.state(id.text);
  std::vector<call::Event> events;
  if (is_over(call.opened.warning)) {
    const auto phase = warnings_.state(call.opened.warning.text).phase;
    events.push_back(call::Closed{phase == warning::Phase::expired ? "expired" : "cancelled"});
  } else {
    events = call::next(call, call::last_words(answers_to(id)), true);
  }
  for (const call::Event& event : events)
    plan.events.push_back({lane_of_call(call.opened), "call/" + id.text, call::encode(event)});
}

/// How much longer a warning is to stand whose time is over while what a rule found goes on;
/// nothing when all of that has ended, when nobody can say what happened meanwhile, or when rules
/// have no say in it.
std::optional<Duration> Node::still_needed(const warning::Warning& w, Instant now) const {
  if (w.phase != warning::Phase::in_force || now - w.issued.expires >= news_last)
    return std::nullopt;
  if (refusal_to_issue("node/" + setup_.name, w.issued.hazard, w.issued.audience, now))
    return std::nullopt;
  std::optional<Duration> out;
  for (const AlarmId& id : w.alarms) {
    const alarm::Alarm& a = alarms_.state(id.text);
    if (a.phase != alarm::Phase::linked || a.cleared || a.withdrawn) continue;
    out = std::max(out.value_or(Duration(0)), alarm::stands_for(a.raised));
  }
  return out;
}

void Node::time_is_over(Plan& plan, const WarningId& id, Instant now) {
  const warning::Warning& w = warnings_.state(id.text);
  // A clock that was a day back and was put right makes waits look over: what is written counts.
  // Only of one issued by a clock that ran ahead the timer alone knows that its time is over.
  if (now < w.issued.expires && std::min(w.issued_at, w.issued.onset) <= now) {
    const auto* entry = warnings_.find(id.text);
    return index_warning(id.text, *entry);
  }
  if (const auto longer = still_needed(w, now)) {
    const Instant until = std::max(now, w.issued.expires) + *longer;
    return raise_level(plan, id, w.level,
                       warning::prolonged(w, std::string(warning::goes_on), until));
  }
  const auto event = warning::decide(w, warning::Expire{}, std::max(now, w.issued.expires));
  if (!event) return;
  plan.events.push_back({"alert", "warning/" + id.text, warning::encode(*event)});
  close_calls(plan, id, "expired");
  // Of one that ran out while this node was off for days, or in what an old backup holds, nobody
  // needs to hear.
  if (now - w.issued.expires < news_last) inform(plan, id, "expired", w.level);
}

}  // namespace tocsin::node
