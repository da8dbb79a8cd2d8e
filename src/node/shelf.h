#pragma once
// One room's entities, folded. The same code for every room: events in the order of their one log
// are folded as they come; when a second log or a claim is involved, the order is worked out anew
// (log/branch.h) and the entity is folded again from its bytes.

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_key.h"
#include "domain/office/office.h"
#include "log/branch.h"
#include "log/room.h"

namespace tocsin::node {

/// How a shelf reaches what it does not hold: bytes of records, names of logs, rank of offices, and
/// the tray for what cannot be folded.
struct Reading {
  std::function<std::string(std::uint32_t log, std::uint64_t seq)> bytes;
  std::function<const std::string&(std::uint32_t log)> log_name;
  std::function<std::uint32_t(std::string_view log)> log_index;
  log::Rank rank;
};

/// 待审. What a person has to look at: an order that lost against a higher claim, or an event this
/// version cannot read.
struct ForReview {
  std::string entity;
  std::string position;  ///< "town/1/alert#17"
  std::string why;       ///< "superseded", "event.unknown_type", "event.bad_body" …
};

template <class Room>
class Shelf {
 public:
  Shelf() = default;
  Shelf(const Shelf&) = delete;  // knows its last entry by address
  Shelf& operator=(const Shelf&) = delete;

  using State = typename Room::State;

  struct Entry {
    State state{};
    std::uint32_t log = 0;       ///< in which log its standing term is written
    std::uint64_t last_seq = 0;  ///< last counted event of that term
    log::Term term;              ///< the standing term
    std::string owner;           ///< node whose claim stands
    std::vector<ForReview> review;
    bool exists = false;       ///< its first event is here
    std::uint64_t folded = 0;  ///< how many events its state is made of
    log::Hash trail;           ///< running hash over their places, once it has branched

   private:
    friend class Shelf;
    struct Ref {
      std::uint64_t seq;
      std::uint32_t log;
    };
    std::vector<Ref> refs;
    bool branched = false;  ///< more than one log or a claim
  };

  const Entry* find(std::string_view id) const {
    const auto at = entries_.find(id);
    return at == entries_.end() || !at->second.exists ? nullptr : &at->second;
  }
  /// The state, or a state in which nothing has happened.
  const State& state(std::string_view id) const {
    static const State nothing{};
    const Entry* entry = find(id);
    return entry == nullptr ? nothing : entry->state;
  }
  const TextMap<Entry>& all() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  /// Ids of the entities of which something has to be looked at.
  const std::set<std::string>& to_review() const { return to_review_; }

  /// Folds one record, whose header is parsed; `id` is the entity's id without the room's kind.
  /// `decoded`: its event, where somebody had the time to decode it; it is moved out of.
  void apply(std::string_view id, std::uint32_t log, const log::Header& header,
             const Reading& reading, Result<typename Room::Event>* decoded = nullptr) {
    Entry& entry = entry_of(id);
    const bool claim = header.type == office::Claimed::type;
    const bool first = entry.refs.empty() && header.term == "1" && !claim;
    const bool plain = !claim && !entry.branched && entry.exists && log == entry.log &&
                       header.term == "1" && header.seq > entry.last_seq;
    entry.refs.push_back({header.seq, log});
    if (first) {
      entry.exists = true;
      entry.log = log;
      entry.owner = std::string(header.log.substr(0, header.log.find('/')));
    }
    if (!first && !plain) {
      entry.branched = true;
      refold(id, entry, reading);
    } else {
      entry.last_seq = header.seq;
      fold(entry, header, decoded);
    }
    if (!entry.review.empty()) {
      to_review_.emplace(id);
    } else if (!to_review_.empty()) {
      to_review_.erase(std::string(id));
    }
  }

  /// The events that were counted, by place: equal exactly when the same were folded.
  std::string fingerprint(const Entry& entry) const {
    return std::to_string(entry.folded) + " " + log::text_of(entry.trail);
  }

 private:
  /// The entry of an id, made where there is none. Events of one entity come in a row.
  Entry& entry_of(std::string_view id) {
    if (last_ != nullptr && last_->first == id) return last_->second;
    auto at = entries_.find(id);
    if (at == entries_.end()) at = entries_.try_emplace(std::string(id)).first;
    last_ = &*at;  // stays where it is: nothing is taken out
    return at->second;
  }

  static void fold(Entry& entry, const log::Header& header,
                   Result<typename Room::Event>* decoded = nullptr) {
    if (header.type == office::Claimed::type) return;
    auto event = decoded != nullptr ? std::move(*decoded)
                                    : Room::decode(header.type, header.version, header.body);
    if (!event) {
      entry.review.push_back({std::string(header.entity),
                              std::string(header.log) + "#" + std::to_string(header.seq),
                              event.error().code});
      return;
    }
    const log::Meta meta{header.at.at, header.by, header.log, header.seq};
    entry.state = Room::evolve(std::move(entry.state), *event, meta);
    ++entry.folded;
    if (entry.branched)
      entry.trail =
          log::sha256({as_text(entry.trail.bytes), header.log, std::to_string(header.seq)});
  }

  static std::optional<log::EntityEvent> seen(const log::Header& header) {
    auto at = log::parse_log_id(header.log);
    auto term = log::parse_term(header.term);
    if (!at || !term) return std::nullopt;
    log::EntityEvent out{{std::move(*at), header.seq}, std::move(*term), {}, 0, false};
    if (header.type != office::Claimed::type) return out;
    const auto claim = office::decode_claim(header.body);
    if (!claim) return std::nullopt;
    out.is_claim = true;
    out.parent = claim->parent;
    out.saw = claim->saw;
    return out;
  }

  /// Works out which events count, and folds those from the beginning.
  static void refold(std::string_view id, Entry& entry, const Reading& reading) {
    std::vector<std::string> bytes;
    std::vector<log::EntityEvent> events;
    entry.state = {};
    entry.review.clear();
    entry.folded = 0;
    entry.trail = {};
    for (const auto& ref : entry.refs) {
      std::string record = reading.bytes(ref.log, ref.seq);
      const auto header = log::parse_header(record);
      auto event = header ? seen(*header) : std::nullopt;
      if (!event) {
        entry.review.push_back({std::string(Room::kind) + "/" + std::string(id),
                                reading.log_name(ref.log) + "#" + std::to_string(ref.seq),
                                "event.bad_header"});
        continue;
      }
      events.push_back(std::move(*event));
      bytes.push_back(std::move(record));
    }
    const log::Order order = log::order_of(events, reading.rank);
    entry.exists = !order.counted.empty();
    if (!entry.exists) return;
    for (const std::size_t i : order.counted) fold(entry, *log::parse_header(bytes[i]));
    for (const std::size_t i : order.superseded)
      if (!events[i].is_claim)
        entry.review.push_back({std::string(Room::kind) + "/" + std::string(id),
                                log::text_of(events[i].at), "superseded"});
    entry.owner = order.owner;
    entry.term = order.term;
    entry.last_seq = order.last_seq;
    entry.log = reading.log_index(order.log);
  }

  TextMap<Entry> entries_;
  typename TextMap<Entry>::value_type* last_ = nullptr;
  std::set<std::string> to_review_;
};

}  // namespace tocsin::node
