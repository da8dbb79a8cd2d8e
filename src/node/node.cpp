#include "node/node.h"

#include <algorithm>

#include "log/json.h"

namespace tocsin::node {
namespace {

std::uint64_t short_hash(std::string_view text) {
  const log::Hash hash = log::sha256(text);
  std::uint64_t out = 0;
  for (int i = 0; i < 8; ++i) out = out << 8 | hash.bytes[static_cast<std::size_t>(i)];
  return out;
}

std::pair<std::string_view, std::string_view> split_entity(std::string_view entity) {
  const std::size_t slash = entity.find('/');
  if (slash == std::string_view::npos) return {entity, {}};
  return {entity.substr(0, slash), entity.substr(slash + 1)};
}

/// Which kind of command an event answers, so that an id used for another kind can be told. Only
/// the first event a command writes is looked at.
std::uint32_t kind_hash(std::string_view type) {
  return static_cast<std::uint32_t>(short_hash(type));
}

}  // namespace

Node::Node(Setup setup, log::Store& store, log::Keyring& keyring, Dice& dice, log::SigningKey key)
    : setup_(std::move(setup)),
      store_(store),
      keyring_(keyring),
      dice_(dice),
      journal_(store, setup_.name, 1, std::move(key)) {
  TOCSIN_CHECK(log::header_text(setup_.name) && setup_.name.find('/') == std::string::npos);
}

Result<void> Node::load(Instant now,
                        const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  now_ = now;
  loading_ = true;
  const auto marks = store_.marks();
  if (!marks) return std::unexpected(marks.error());
  const auto restored = std::ranges::find(*marks, std::string("restored"), &log::Mark::name);
  const auto total = store_.record_count();
  if (!total) return std::unexpected(total.error());

  std::uint64_t done = 0;
  std::uint32_t epoch_max = 0;
  const auto walked = store_.replay([&](std::span<const log::Replayed> records) {
    for (const auto& [bytes, hash, header] : records) {
      const auto index = journal_.index(header.log);
      journal_.seen(index, header.seq, hash, header.at, now);
      if (header.seq == 1)
        if (const auto id = log::parse_log_id(header.log); id && id->node == setup_.name)
          epoch_max = std::max(epoch_max, id->epoch);
      fold(bytes, header, index);
      if (progress && ++done % 50000 == 0) progress(done, *total);
    }
    return true;
  });
  if (!walked) return std::unexpected(walked.error());
  const auto seals = store_.seals("");
  if (!seals) return std::unexpected(seals.error());
  for (const log::Seal& seal : *seals) journal_.seen_seal(seal);

  const bool again = restored != marks->end() && !restored->value.empty();
  journal_.set_epoch(std::max(1u, epoch_max + (again ? 1u : 0u)));
  loading_ = false;
  open_books();
  open_log("desk", now);
  if (!again) return {};
  const office::Event event = office::Restored{restored->value.substr(0, 1500)};
  put("desk", "node/" + setup_.name, {}, office::encode(event), "node/" + setup_.name, "", now);
  journal_.add(log::Mark{"restored", ""});
  return {};
}

// --- writing ---

void Node::open_log(std::string_view lane, Instant now) {
  if (journal_.opened(lane)) return;
  office::LogOpened body;
  body.suite = log::suite_ed25519;
  body.key = to_base64url(journal_.key().pub);
  body.rank = setup_.rank;
  if (journal_.epoch() > 1) {
    const log::LogId before{setup_.name, journal_.epoch() - 1, std::string(lane)};
    const Tail* tail = journal_.find(log::text_of(before));
    if (tail != nullptr && tail->seq > 0) {
      body.continues = log::Position{before, tail->seq};
      body.continues_hash = log::text_of(tail->hash);
    }
  }
  const log::Written event = office::encode(office::Event{body});
  const std::string entity = "log/" + journal_.own_log(lane);
  log::Draft draft{entity, {}, event.type, event.version, "node/" + setup_.name, "", event.body};
  const log::Record& record = journal_.append(lane, draft, now);
  fold(record.bytes, *log::parse_header(record.bytes), journal_.index(journal_.own_log(lane)));
}

void Node::put(std::string_view lane, const std::string& entity, const log::Term& term,
               const log::Written& event, const std::string& by, const std::string& command,
               Instant now) {
  open_log(lane, now);
  const log::Draft draft{entity, term, event.type, event.version, by, command, event.body};
  const log::Record& record = journal_.append(lane, draft, now);
  // The record lives in the journal's batch; folding may append nothing, so the view is good.
  fold(record.bytes, *log::parse_header(record.bytes), journal_.index(journal_.own_log(lane)));
}

/// The term under which this node may write the entity's next event. An entity whose standing term
/// is written in an earlier epoch of this node is claimed anew first (a restored owner opens a new
/// term).
std::expected<log::Term, Refusal> Node::term_for(const Planned& event, const std::string& by,
                                                 Instant now) {
  const auto [kind, id] = split_entity(event.entity);
  const auto look = [&](const auto& shelf) -> std::expected<log::Term, Refusal> {
    const auto* entry = shelf.find(id);
    if (entry == nullptr) return log::Term{};
    const log::Position claim{{setup_.name, journal_.epoch(), event.lane},
                              journal_.tail(journal_.index(journal_.own_log(event.lane))).seq + 1};
    const log::Term next{entry->term.number + 1, claim};
    if (event.event.type == office::Claimed::type) return next;
    if (entry->owner != setup_.name) return std::unexpected(Refusal{"entity.not_ours", ""});
    if (journal_.tail(entry->log).log == journal_.own_log(event.lane)) return entry->term;
    const office::Claimed body{entry->term.claim, entry->last_seq, "restored"};
    put(event.lane, event.entity, next, office::encode(body), by, "", now);
    return next;
  };
  if (kind == "warning") return look(warnings_);
  if (kind == "call") return look(calls_);
  if (kind == "alarm") return look(alarms_);
  if (kind == "register") return look(registers_);
  if (kind == "account") return look(accounts_);
  if (kind == "node") return look(offices_);
  return log::Term{};
}

std::expected<Receipt, Refusal> Node::submit(const Request& request, Instant now) {
  now_ = now;
  TOCSIN_CHECK(log::header_text(request.by));
  if (!request.command_id.empty() && !log::header_text(request.command_id))
    return std::unexpected(Refusal{"command.bad_id", "Command-Id"});
  auto planned = std::visit([&](const auto& c) { return plan(c, request, now); }, request.command);
  const auto known =
      request.command_id.empty() ? done_.end() : done_.find(short_hash(request.command_id));
  if (known != done_.end()) {
    // Asked again. What it would do now is only looked at to tell whether it is the same command.
    const Tail& tail = journal_.tail(known->second.log);
    const bool other = planned && !planned->events.empty() &&
                       kind_hash(planned->events.front().event.type) != known->second.kind;
    if (other) return std::unexpected(Refusal{"command.id_reused", "Command-Id"});
    const auto bytes = reading().bytes(known->second.log, known->second.seq);
    const auto header = log::parse_header(bytes);
    if (!header) return std::unexpected(Refusal{"command.id_reused", "Command-Id"});
    return Receipt{request.command_id, tail.log, std::string(split_entity(header->entity).second),
                   known->second.seq, header->at.at};
  }
  if (!planned) return std::unexpected(planned.error());
  return write(std::move(*planned), request, now);
}

std::expected<Receipt, Refusal> Node::write(Plan plan, const Request& request, Instant now) {
  if (plan.events.empty()) return std::unexpected(Refusal{"command.nothing_to_do", ""});
  for (log::Part& part : plan.parts) journal_.add(std::move(part));
  for (log::Package& package : plan.packages) journal_.add(std::move(package));
  Receipt receipt{request.command_id, {}, std::move(plan.id), 0, now};
  bool first = true;
  for (const Planned& event : plan.events) {
    open_log(event.lane, now);
    const auto term = term_for(event, request.by, now);
    if (!term) return std::unexpected(term.error());
    put(event.lane, event.entity, *term, event.event, request.by, request.command_id, now);
    const Tail& tail = journal_.tail(journal_.index(journal_.own_log(event.lane)));
    if (first) {
      receipt.log = tail.log;
      receipt.seq = tail.seq;
    }
    first = false;
  }
  return receipt;
}

void Node::tick(Instant now) {
  now_ = now;
  if (held()) return;
  for (const std::string& key : timers_.due(now)) {
    const auto [kind, id] = split_entity(key);
    Plan plan;
    if (kind == "call") {
      const auto answers = answers_to({std::string(id)});
      const call::Call& call = calls_.state(id);
      for (const call::Event& event : call::next(call, call::last_words(answers), true))
        plan.events.push_back({lane_of_call(call.opened), key, call::encode(event)});
    } else if (kind == "warning") {
      const auto event = warning::decide(warnings_.state(id), warning::Expire{}, now);
      if (event) {
        plan.events.push_back({"alert", key, warning::encode(*event)});
        close_calls(plan, {std::string(id)}, "expired");
      }
    }
    const Request request{"node/" + setup_.name, "", RecallWarning{}};
    if (!plan.events.empty()) (void)write(std::move(plan), request, now);
  }
}

// --- folding ---

void Node::fold(std::string_view bytes, const log::Header& header, Journal::LogIndex log) {
  (void)bytes;
  if (!header.command.empty())
    done_.try_emplace(short_hash(header.command), Done{log, kind_hash(header.type), header.seq});
  const auto [kind, id] = split_entity(header.entity);
  const Reading reader = reading();
  const auto into = [&](auto& shelf) {
    shelf.apply(id, log, header, reader);
    changed(kind, id);
  };
  if (kind == "call") return into(calls_);
  if (kind == "answer") return into(answers_);
  if (kind == "warning") return into(warnings_);
  if (kind == "alarm") return into(alarms_);
  if (kind == "register") return into(registers_);
  if (kind == "account") return into(accounts_);
  if (kind == "node") return into(offices_);
  if (kind == "log") return fold_opened(header);
  if (kind == "audit") return;
  unreadable_[std::string(header.log) + "#" + std::to_string(header.seq)] = "event.unknown_type";
}

void Node::fold_opened(const log::Header& header) {
  const auto event = office::decode(header.type, header.version, header.body);
  if (!event) return;
  if (const auto* opened = std::get_if<office::LogOpened>(&*event))
    ranks_[std::string(header.log.substr(0, header.log.find('/')))] = opened->rank;
}

Reading Node::reading() const {
  return {[this](std::uint32_t log, std::uint64_t seq) {
            const std::string& name = journal_.tail(log).log;
            std::string pending = journal_.pending(name, seq);
            if (!pending.empty()) return pending;
            auto records = store_.records(name, seq, seq);
            return records && !records->empty() ? std::move(records->front()) : std::string();
          },
          [this](std::uint32_t log) -> const std::string& { return journal_.tail(log).log; },
          [this](std::string_view log) { return journal_.find_index(log); },
          [this](const std::string& node) {
            const auto at = ranks_.find(node);
            return at == ranks_.end() ? 99 : at->second;
          }};
}

void Node::changed(std::string_view kind, std::string_view id) {
  if (kind == "call") {
    call_changed(std::string(id));
  } else if (kind == "warning") {
    warning_changed(std::string(id));
  } else if (kind == "answer") {
    const std::string answer(id), call = answers_.state(id).given.call.text;
    auto& known = answers_by_call_[call];
    if (std::ranges::find(known, answer) == known.end()) known.push_back(answer);
    call_changed(call);
  } else if (kind == "register" && !loading_) {
    open_register(std::string(id));
  }
  if (!loading_) touched_.insert(std::string(kind) + "/" + std::string(id));
}

void Node::call_changed(const std::string& id) {
  const auto* entry = calls_.find(id);
  if (entry == nullptr) return;
  const call::Call& call = entry->state;
  calls_by_warning_[call.opened.warning.text].insert(id);
  const auto answers = answers_to({id});
  const auto words = call::last_words(answers);
  const std::string key = "call/" + id;
  const auto wait = call::waiting(call, words);
  if (wait && entry->owner == setup_.name) {
    timers_.set(key, wait->since, wait->length, now_);
  } else {
    timers_.drop(key);
  }
  if (call::mail_waits(call, words) && entry->owner == setup_.name) {
    mail_waits_.insert(id);
  } else {
    mail_waits_.erase(id);
  }
  if (loading_) return;
  touched_.insert(key);
  touched_.insert("warning/" + call.opened.warning.text);
}

void Node::warning_changed(const std::string& id) {
  const auto* entry = warnings_.find(id);
  if (entry == nullptr) return;
  const warning::Warning& w = entry->state;
  const bool stands = w.phase == warning::Phase::in_force;
  identifiers_.insert(w.issued.identifier);
  for (const RiskPointId& place : w.issued.riskpoints) {
    auto& there = standing_[{w.issued.family, place.text}];
    if (stands) {
      there.insert(id);
    } else {
      there.erase(id);
    }
  }
  const auto due = warning::due(w);
  if (due && entry->owner == setup_.name) {
    timers_.set("warning/" + id, w.issued_at, *due - w.issued_at, now_);
  } else {
    timers_.drop("warning/" + id);
  }
}

void Node::open_books() {
  books_ = {};
  for (const auto& [kind, entry] : registers_.all()) open_register(kind);
}

void Node::open_register(const std::string& kind) {
  const registers::Register& r = registers_.state(kind);
  if (r.people) {
    books_.reach.clear();
    for (const registers::Reach& p : r.people->people)
      books_.reach[p.person.text] = {p.phone, p.mail};
    books_.directory = {};
    const auto plain = open(r.people->part);
    auto directory = plain ? person::Directory::decode(*plain) : fail("key.unknown");
    books_.directory_open = directory.has_value();
    if (directory) books_.directory = std::move(*directory);
  }
  if (!r.adopted) return;
  const auto package = journal_.pending_package(r.adopted->package)
                           ? Result<log::Package>(*journal_.pending_package(r.adopted->package))
                           : store_.package(r.adopted->package);
  if (!package) return;
  const auto taken = books_.take(r.adopted->kind, package->bytes);
  if (!taken) unreadable_["register/" + kind] = taken.error().code;
}

}  // namespace tocsin::node
