// Folding: what a record changes in the node's memory. Nothing here decides, writes or sends.

#include <algorithm>

#include "node/ids.h"
#include "node/node.h"

namespace tocsin::node {

namespace {

/// An event decoded before it is folded.
struct Decoded final : log::Prepared {
  std::variant<std::monostate, Result<call::Event>, Result<call::AnswerEvent>,
               Result<warning::Event>, Result<alarm::Event>, Result<office::Event>,
               Result<registers::Event>, Result<account::Event>>
      event;
};

void add_sorted(std::vector<std::string>& ids, const std::string& id) {
  const auto at = std::ranges::lower_bound(ids, id);
  if (at == ids.end() || *at != id) ids.insert(at, id);
}

}  // namespace

/// Decodes the bodies of which a log has most.
std::unique_ptr<log::Prepared> Node::prepare(const log::Header& header) {
  if (header.type == office::Claimed::type) return nullptr;
  const auto holding = [](auto event) {
    auto out = std::make_unique<Decoded>();
    out->event = std::move(event);
    return out;
  };
  const auto out_of = [&]<class Room>(Room) {
    return holding(Room::decode(header.type, header.version, header.body));
  };
  const std::string_view kind = split_entity(header.entity).first;
  if (kind == call::Calls::kind) return out_of(call::Calls{});
  if (kind == call::Answers::kind) return out_of(call::Answers{});
  if (kind == warning::Warnings::kind) return out_of(warning::Warnings{});
  if (kind == alarm::Alarms::kind) return out_of(alarm::Alarms{});
  if (kind == office::Offices::kind) return out_of(office::Offices{});
  return nullptr;
}

void Node::fold(const log::Header& header, Journal::LogIndex log, log::Prepared* prepared) {
  if (!header.command.empty()) note_done(header, log);
  const auto [kind, id] = split_entity(header.entity);
  const Reading reader = reading();
  auto* decoded = static_cast<Decoded*>(prepared);  // only prepare() makes them
  const auto into = [&]<class Room>(Shelf<Room>& shelf) {
    using Event = Result<typename Room::Event>;
    shelf.apply(id, log, header, reader,
                decoded == nullptr ? nullptr : std::get_if<Event>(&decoded->event));
    changed(kind, id);
  };
  if (kind == "call") return into(calls_);
  if (kind == "answer") return into(answers_);
  if (kind == "warning") return into(warnings_);
  if (kind == "alarm") return into(alarms_);
  if (kind == "register") return into(registers_);
  if (kind == "account") return into(accounts_);
  if (kind == "node") {
    into(offices_);
    return fold_destroyed(header);
  }
  if (kind == "log") return fold_opened(header);
  if (kind == "audit") {  // of these only the logins are kept
    if (!audit::tells_of_login(header.body)) return;
    if (const auto note = audit::decode(header.type, header.version, header.body))
      logins_.take(*note, header.at.at);
    return;
  }
  note_unread(header, Error{"event.unknown_type", "", ""});
}

/// An event that is kept and passed on, and changes nothing here: a person has to look.
void Node::note_unread(const log::Header& header, const Error& why) {
  unreadable_[std::string(header.log) + "#" + std::to_string(header.seq)] = why.code;
}

void Node::note_done(const log::Header& header, Journal::LogIndex log) {
  const Done done{log, short_kind(header.type), header.seq};
  if (loading_) return done_.read(short_hash(header.command), done);
  done_.add(short_hash(header.command), done);
}

void Node::fold_opened(const log::Header& header) {
  const auto event = office::decode(header.type, header.version, header.body);
  if (!event) return note_unread(header, event.error());
  const auto* opened = std::get_if<office::LogOpened>(&*event);
  if (opened == nullptr) return;
  ranks_[std::string(header.log.substr(0, header.log.find('/')))] = opened->rank;
  keys_[std::string(header.log)] = opened->key;
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
  if (loading_) return;  // index_all() looks at each entity once, when all is folded
  if (kind == "call") {
    call_changed(std::string(id));
  } else if (kind == "warning") {
    warning_changed(std::string(id));
  } else if (kind == "answer") {
    const call::Answer& answer = answers_.state(id);
    index_answer(std::string(id), answer);
    call_changed(answer.given.call.text);
  } else if (kind == "register") {
    open_register(std::string(id));
  }
  touched_.insert(std::string(kind) + "/" + std::string(id));
}

/// What is kept by difference, made from all that was loaded: answers before the calls that wait
/// for them.
void Node::index_all() {
  answers_by_call_.reserve(answers_.size());
  calls_by_warning_.reserve(warnings_.size());
  identifiers_.reserve(warnings_.size());
  for (const auto& [id, entry] : answers_.all())
    if (entry.exists) index_answer(id, entry.state);
  for (const auto& [id, entry] : calls_.all())
    if (entry.exists) index_call(id, entry);
  // In the order of time, since that is how most of what is made here is kept.
  std::vector<const TextMap<Shelf<warning::Warnings>::Entry>::value_type*> by_time;
  by_time.reserve(warnings_.size());
  for (const auto& one : warnings_.all())
    if (one.second.exists) by_time.push_back(&one);
  std::ranges::sort(by_time, {}, [](const auto* one) { return one->second.state.issued_at; });
  times_.reserve(by_time.size());
  for (const auto* one : by_time) index_warning(one->first, one->second);
}

void Node::index_answer(const std::string& id, const call::Answer& answer) {
  add_sorted(answers_by_call_[answer.given.call.text], id);
}

bool Node::is_over(const WarningId& id) const {
  const warning::Phase phase = warnings_.state(id.text).phase;
  return phase == warning::Phase::cancelled || phase == warning::Phase::expired;
}

/// What a call waits for: for its rung, or for nothing when the next turn of the node has something
/// to do about it (its warning is over; somebody said elsewhere that he cannot).
std::optional<call::Wait> Node::wait_of(const call::Call& call,
                                        const call::LastWords& words) const {
  if (call.phase == call::Phase::none || call.phase == call::Phase::closed) return std::nullopt;
  const bool at_once = is_over(call.opened.warning) || !call::next(call, words, false).empty();
  if (at_once) return call::Wait{call.opened_at, Duration(0)};
  return call::waiting(call, words);
}

void Node::call_changed(const std::string& id) {
  if (const auto* entry = calls_.find(id); entry != nullptr) index_call(id, *entry);
}

void Node::index_call(const std::string& id, const Shelf<call::Calls>::Entry& entry) {
  const call::Call& call = entry.state;
  add_sorted(calls_by_warning_[call.opened.warning.text], id);
  const bool ours = entry.owner == setup_.name;
  std::optional<Instant> news;
  if (ours)
    for (const int rung : call::news_waits(call))
      news = std::max(news, std::optional(call.rungs[static_cast<std::size_t>(rung)].news->since));
  news_waits_.set(id, news);
  if (loading_ && call.phase == call::Phase::closed) return;  // waits for nothing else
  const auto answers = answers_to({id});
  const auto words = call::last_words(answers);
  const std::string key = "call/" + id;
  const auto wait = ours ? wait_of(call, words) : std::nullopt;
  if (wait) {
    timers_.set(key, wait->since, wait->length, now_);
  } else {
    timers_.drop(key);
  }
  if (ours && !is_over(call.opened.warning) && !call::mails_wait(call, words).empty()) {
    mail_waits_.insert(id);
  } else {
    mail_waits_.erase(id);
  }
  if (loading_) return;
  touched_.insert(key);
  touched_.insert("warning/" + call.opened.warning.text);
}

void Node::warning_changed(const std::string& id) {
  if (const auto* entry = warnings_.find(id); entry != nullptr) index_warning(id, *entry);
  for (const std::string& call : calls_of({id})) call_changed(call);
}

void Node::index_warning(const std::string& id, const Shelf<warning::Warnings>::Entry& entry) {
  const warning::Warning& w = entry.state;
  times_.set(id, w);
  const bool stands = w.phase == warning::Phase::in_force;
  identifiers_.insert(w.issued.identifier);
  if (loading_ && !stands) return watch_case({id});  // nothing of it was kept that is to go
  for (const RiskPointId& place : w.issued.riskpoints) {
    const std::pair key(w.issued.family, place.text);
    if (stands) {
      standing_[key].insert(id);
    } else if (const auto there = standing_.find(key); there != standing_.end()) {
      there->second.erase(id);
      if (there->second.empty()) standing_.erase(there);
    }
  }
  const auto due = warning::due(w);
  if (due && entry.owner == setup_.name) {
    // It lasts from when it was issued by the clock it was issued by: the log's stamp runs ahead of
    // that where the date was put back.
    const Instant begun = std::min(w.issued_at, w.issued.onset);
    timers_.set("warning/" + id, w.issued_at, *due - begun, now_);
  } else {
    timers_.drop("warning/" + id);
  }
  watch_case({id});
}

void Node::open_books() {
  books_ = {};
  for (const auto& [kind, entry] : registers_.all()) open_register(kind);
}

void Node::know_the_county() {
  setup_ = configured_;
  const auto roots = books_.divisions.roots(books_.divisions.in_use());
  if (roots.size() != 1 || roots.front()->level != AreaLevel::county) return;
  const place::Division& county = *roots.front();
  if (setup_.area.empty()) setup_.area = county.id.code;
  if (setup_.sender.empty()) setup_.sender = county.name;
  if (setup_.identifier_head.empty()) setup_.identifier_head = county.id.code + "00000000";
}

/// Opens the register that is in use. What is not as it was written is not used and a person is
/// told: a call that goes to somebody else is worse than one that cannot be made.
void Node::open_register(const std::string& kind) {
  const registers::Register& r = registers_.state(kind);
  Result<void> opened;
  if (r.people) opened = open_people(*r.people);
  if (r.adopted) opened = open_package(*r.adopted);
  const std::string what = "register/" + kind;
  if (opened) {
    unreadable_.erase(what);
  } else {
    unreadable_[what] = opened.error().code;
  }
}

/// The staff directory. That this node has not its key, or no more, is a state and no damage.
Result<void> Node::open_people(const registers::PeopleAdopted& people) {
  books_.reach.clear();
  for (const registers::Reach& p : people.people) books_.reach[p.person.text] = {p.phone, p.mail};
  books_.directory = {};
  books_.directory_open = false;
  const auto plain = open(people.part);
  if (!plain) {
    const bool damaged =
        plain.error().code == "part.wrong_hash" || plain.error().code == "part.cannot_open";
    return damaged ? Result<void>(std::unexpected(plain.error())) : Result<void>();
  }
  auto directory = person::Directory::decode(*plain);
  if (!directory) return std::unexpected(directory.error());
  books_.directory = std::move(*directory);
  books_.directory_open = true;
  return {};
}

Result<void> Node::open_package(const registers::Adopted& adopted) {
  const log::Package* pending = journal_.pending_package(adopted.package);
  const auto package =
      pending != nullptr ? Result<log::Package>(*pending) : store_.package(adopted.package);
  if (!package) return std::unexpected(package.error());
  auto taken = books_.take(adopted.kind, package->bytes);
  if (taken && adopted.kind == "divisions") know_the_county();
  return taken;
}

std::vector<DamagedRegister> Node::damaged_registers() const {
  std::vector<DamagedRegister> out;
  for (const auto& [kind, entry] : registers_.all()) {
    const auto at = unreadable_.find("register/" + kind);
    if (at == unreadable_.end()) continue;
    const registers::Register& r = entry.state;
    out.push_back({kind, r.adopted ? r.adopted->package : r.people->part.hash, at->second});
  }
  std::ranges::sort(out, {}, &DamagedRegister::kind);
  return out;
}

}  // namespace tocsin::node
