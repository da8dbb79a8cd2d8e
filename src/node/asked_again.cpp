#include "node/asked_again.h"

#include "node/ids.h"

namespace tocsin::node {
namespace {

bool says(const warning::Issued& kept, const warning::Issued& asked) {
  // Risk points left out were filled in, and what has begun is in force from when it was issued.
  return kept.hazard == asked.hazard && kept.level == asked.level &&
         kept.audience == asked.audience && kept.areas == asked.areas &&
         kept.expires == asked.expires && kept.headline == asked.headline &&
         kept.description == asked.description && kept.instruction == asked.instruction &&
         (asked.riskpoints.empty() || kept.riskpoints == asked.riskpoints);
}

/// Words an officer leaves empty hold on.
bool says(const warning::Rewording& kept, const warning::NewWords& asked) {
  const auto same = [](const std::string& had, const std::string& wanted) {
    return wanted.empty() || had == wanted;
  };
  return same(kept.headline, asked.headline) && same(kept.description, asked.description) &&
         same(kept.instruction, asked.instruction) &&
         (!asked.expires || kept.expires == *asked.expires);
}

/// Hashes of passwords, codes and keys are salted: of those only whose they are is compared.
bool says(const account::Event& kept, const account::Event& asked) {
  if (kept.index() != asked.index()) return false;
  return std::visit(overloaded{
                        [&](const account::Created& a) {
                          const auto& k = std::get<account::Created>(kept);
                          return k.login == a.login && k.person == a.person && k.posts == a.posts &&
                                 k.operates == a.operates;
                        },
                        [&](const account::PostChanged& a) {
                          const auto& k = std::get<account::PostChanged>(kept);
                          return k.gives == a.gives && k.takes == a.takes;
                        },
                        [&](const account::Disabled& a) {
                          return std::get<account::Disabled>(kept).disabled == a.disabled;
                        },
                        [&](const account::CodeUsed& a) {
                          return std::get<account::CodeUsed>(kept).reason == a.reason;
                        },
                        [&](const account::IngestKeySet& a) {
                          const auto& k = std::get<account::IngestKeySet>(kept);
                          return k.name == a.name && k.area == a.area;
                        },
                        [](const auto&) { return true; },
                    },
                    asked);
}

bool says(const audit::Noted& kept, const audit::Noted& asked) {
  return kept.kind == asked.kind && kept.login == asked.login && kept.what == asked.what;
}

/// One command beside the first record written under its id.
class Compare {
 public:
  Compare(const Node& node, const log::Header& first) : node_(node), first_(first) {}

  bool operator()(const IssueWarning& c) const {
    const auto kept = event<warning::Issued>(warning::decode);
    return kept && says(*kept, c.what);
  }
  bool operator()(const ChangeLevel& c) const {
    const auto kept = event<warning::LevelChanged>(warning::decode);
    return kept && about("warning", c.warning.text) && kept->level == c.level &&
           kept->reason == c.reason && reworded(*kept, c);
  }
  bool operator()(const CancelWarning& c) const {
    const auto kept = event<warning::Cancelled>(warning::decode);
    return kept && about("warning", c.warning.text) && kept->reason == c.reason;
  }
  bool operator()(const AcknowledgeWarning& c) const {
    return event<warning::Acknowledged>(warning::decode) && about("warning", c.warning.text);
  }
  bool operator()(const RecallWarning& c) const {
    return event<call::Asked>(call::decode) && calls_for(c.warning.text);
  }
  bool operator()(const IssueProposal& c) const {
    const auto kept = event<alarm::Linked>(alarm::decode);
    return kept && about("alarm", c.alarm.text) && became(*kept, c);
  }
  bool operator()(const DeclineProposal& c) const {
    const auto kept = event<alarm::Declined>(alarm::decode);
    return kept && about("alarm", c.alarm.text) && kept->reason == c.reason;
  }
  bool operator()(const GiveAnswer& c) const {
    const auto kept = event<call::Given>(call::decode_answer);
    return kept && kept->call == c.call && kept->rung == c.rung && kept->kind == c.kind &&
           kept->moved == c.moved && same_words(kept->words, c.words);
  }
  bool operator()(const NoteAttempt& c) const {
    const auto kept = event<call::Attempted>(call::decode);
    return kept && about("call", c.call.text) && kept->rung == c.rung &&
           kept->outcome == c.outcome && same_words(kept->words, c.words);
  }
  bool operator()(const Resend& c) const {
    return event<call::Asked>(call::decode) && about("call", c.call.text);
  }
  bool operator()(const AdoptRegister& c) const {
    const auto kept = event<registers::Adopted>(registers::decode);
    return kept && kept->kind == c.what.kind && kept->package == c.what.package &&
           kept->source == c.what.source;
  }
  bool operator()(const AdoptPeople& c) const {
    const auto kept = event<registers::PeopleAdopted>(registers::decode);
    return kept && kept->people == c.people && same_words(kept->part, c.directory);
  }
  bool operator()(const ChangeAccount& c) const {
    const auto kept = account::decode(first_.type, first_.version, first_.body);
    return kept && about("account", c.login) && says(*kept, c.what);
  }
  bool operator()(const Note& c) const {
    const auto kept = audit::decode(first_.type, first_.version, first_.body);
    return kept && says(*kept, c.what);
  }
  bool operator()(const TellOffice& c) const { return writes(c.what); }
  bool operator()(const Release& c) const { return writes(office::Released{c.reason}); }
  bool operator()(const AssumeCommand& c) const {
    if (first_.type != office::Claimed::type) return false;
    const auto kept = office::decode_claim(first_.body);
    return kept && kept->reason == c.reason &&
           (first_.entity == c.entity || calls_for(split_entity(c.entity).second));
  }
  /// What the node tells itself is named after its cause.
  bool operator()(const auto&) const { return true; }

 private:
  /// The first event as `Event`; nothing when it is another.
  template <class Event, class Decode>
  std::optional<Event> event(Decode decode) const {
    if (first_.type != Event::type) return std::nullopt;
    const auto decoded = decode(first_.type, first_.version, first_.body);
    if (!decoded) return std::nullopt;
    return std::get<Event>(*decoded);
  }
  bool about(std::string_view kind, std::string_view id) const {
    return split_entity(first_.entity) == std::pair(kind, id);
  }
  bool calls_for(std::string_view warning) const {
    const auto [kind, id] = split_entity(first_.entity);
    return kind == "call" && node_.calls().state(id).opened.warning.text == warning;
  }
  bool writes(const office::Event& asked) const {
    const log::Written event = office::encode(asked);
    return first_.type == event.type && first_.body == event.body;
  }

  /// Words like those that stood are not written again: they are compared while those stand.
  bool reworded(const warning::LevelChanged& kept, const ChangeLevel& asked) const {
    if (kept.words) return says(*kept.words, asked.words);
    const warning::Warning& w = node_.warnings().state(asked.warning.text);
    if (w.levels.empty() || w.levels.back().at != first_.at.at) return true;
    return says(
        {w.issued.headline, w.issued.description, w.issued.instruction, "", "", w.issued.expires},
        asked.words);
  }

  /// What somebody said, as far as it can still be read.
  bool same_words(const std::optional<log::PartRef>& kept, const std::string& asked) const {
    if (!kept || asked.empty()) return !kept && asked.empty();
    const auto plain = node_.open(*kept);
    return !plain || *plain == asked;
  }

  /// What a proposal became, as long as it can be told: its own warning, in the words it first had.
  bool became(const alarm::Linked& kept, const IssueProposal& asked) const {
    const alarm::Raised& rule = node_.alarms().state(asked.alarm.text).raised;
    const warning::Warning& w = node_.warnings().state(kept.warning.text);
    const bool its_own = !w.alarms.empty() && w.alarms.front() == asked.alarm;
    if (!its_own || w.levels.empty()) return true;
    const auto level = asked.level.value_or(static_cast<warning::Level>(rule.level));
    const std::string& headline = asked.headline.empty() ? rule.name.zh : asked.headline;
    if (w.levels.front().level != level || w.levels.front().reason != headline) return false;
    if (w.levels.size() > 1) return true;  // instruction and end may have been written anew
    const std::string& how = asked.instruction.empty() ? rule.instruction.zh : asked.instruction;
    return w.issued.instruction == how && (!asked.expires || w.issued.expires == *asked.expires);
  }

  const Node& node_;
  const log::Header& first_;
};

}  // namespace

bool may_be_of(const Node& node, const Command& command, const log::Header& first) {
  return std::visit(Compare(node, first), command);
}

}  // namespace tocsin::node
