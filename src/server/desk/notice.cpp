#include "server/desk/notice.h"

#include "server/board/rows.h"

namespace tocsin::server {
namespace {

std::vector<cap::Place> places_of(const node::Node& node, const warning::Warning& w) {
  std::vector<cap::Place> out;
  for (const std::string& code : w.issued.areas) {
    cap::Place place;
    place.code = code;
    place.edition = w.issued.edition;
    place.name = {node.books().area_name(code), node.books().area_name(code)};
    out.push_back(std::move(place));
  }
  for (const RiskPointId& id : w.issued.riskpoints) {
    const place::RiskPoint* p = node.books().riskpoints.find(id.text);
    if (p != nullptr && !out.empty()) out.front().circles.push_back({p->position, 0.5});
  }
  return out;
}

/// The identifier of the n-th word of a warning: the first has none behind it.
std::string identifier_of(const warning::Warning& w, std::size_t n) {
  return n == 0 ? w.issued.identifier
                : w.issued.identifier + (w.issued.identifier.size() > 29 ? "" : "_") +
                      std::to_string(n);
}

}  // namespace

std::optional<cap::Notice> notice_of(const node::Node& node, const std::string& id,
                                     bool everyone_only) {
  const auto* entry = node.warnings().find(id);
  if (entry == nullptr) return std::nullopt;
  const warning::Warning& w = entry->state;
  if (everyone_only && w.issued.audience != warning::Audience::everyone) return std::nullopt;
  const Text hazard = hazard_words(node, w);
  cap::Notice n;
  n.sender = node.setup().identifier_head.empty() ? "tocsin" : node.setup().identifier_head;
  n.sender_name = {w.issued.sender, ""};
  n.status = w.issued.status == warning::Status::actual     ? cap::Status::actual
             : w.issued.status == warning::Status::exercise ? cap::Status::exercise
                                                            : cap::Status::test;
  const bool open = w.issued.audience == warning::Audience::everyone;
  n.scope = open ? cap::Scope::open : cap::Scope::restricted;
  if (!open) n.restriction = "责任人 responsible persons only";
  n.hazard = w.issued.hazard;
  n.event = {hazard.zh, capitalised(hazard.en)};
  n.level = w.level;
  n.observed = w.issued.source.has_value();
  n.onset = w.issued.onset;
  n.expires = w.issued.expires;
  n.headline = {w.issued.headline, w.issued.headline_en};
  n.description = {w.issued.description, w.issued.headline_en.empty() ? "" : w.issued.description};
  n.instruction = {w.issued.instruction, w.issued.instruction_en};
  n.places = places_of(node, w);

  const bool ended = w.phase != warning::Phase::in_force;
  const std::size_t words = w.levels.size() - 1 + (ended ? 1 : 0);
  n.identifier = identifier_of(w, words);
  n.sent = ended ? w.ended_at : w.levels.back().at;
  for (std::size_t i = 0; i < words && i < w.levels.size(); ++i)
    n.references.push_back({n.sender, identifier_of(w, i), w.levels[i].at});
  n.msg_type = ended       ? cap::MsgType::cancel
               : words > 0 ? cap::MsgType::update
                           : cap::MsgType::alert;
  n.note = ended ? w.ended_reason : words > 0 ? w.levels.back().reason : std::string();
  return n;
}

}  // namespace tocsin::server
