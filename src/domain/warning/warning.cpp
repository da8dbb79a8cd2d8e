#include "domain/warning/warning.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace tocsin::warning {
namespace {

std::unexpected<Refusal> no(std::string code, std::string field = {}) {
  return std::unexpected(Refusal{std::move(code), std::move(field)});
}

/// Nothing to be read; also where it is spaces as Chinese keyboards and web pages give them.
bool blank(std::string_view text) {
  constexpr std::array<std::string_view, 6> spaces{" ", "\t", "\r", "\n", "\u00a0", "\u3000"};
  while (!text.empty()) {
    const auto first = std::ranges::find_if(
        spaces, [&](std::string_view space) { return text.starts_with(space); });
    if (first == spaces.end()) return false;
    text.remove_prefix(first->size());
  }
  return true;
}

/// Unicode's controls of direction: with them a sentence reads otherwise than it is stored.
bool turns_direction(std::string_view text) {
  constexpr std::array<std::string_view, 9> controls{
      "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"};
  return std::ranges::any_of(controls,
                             [&](std::string_view control) { return text.contains(control); });
}

std::optional<Refusal> hidden_in(
    std::initializer_list<std::pair<const char*, std::string_view>> words) {
  for (const auto& [field, text] : words)
    if (turns_direction(text)) return Refusal{"warning.hidden_characters", field};
  return std::nullopt;
}

std::optional<Refusal> not_standing(const Warning& w, Instant now) {
  if (w.phase != Phase::in_force) return Refusal{"warning.not_in_force", ""};
  if (now >= w.issued.expires) return Refusal{"warning.expired", ""};
  return std::nullopt;
}

void fold(Warning& w, const Issued& e, const log::Meta& meta) {
  if (w.phase != Phase::none) return;  // an id is issued once; a copy adds nothing
  w.phase = Phase::in_force;
  w.issued = e;
  w.level = e.level;
  w.issued_at = w.changed_at = meta.at;
  w.issued_by = meta.by;
  w.levels.push_back({meta.at, e.level, e.headline, std::string(meta.by)});
  w.source = e.source;
  if (e.source) w.alarms.push_back(e.source->alarm);
}

void reword(Issued& said, const Rewording& words) {
  said.headline = words.headline;
  said.headline_en = words.headline_en;
  said.description = words.description;
  said.instruction = words.instruction;
  said.instruction_en = words.instruction_en;
  said.expires = std::max(said.expires, words.expires);
}

/// Nothing when nothing was written anew. Words typed by hand are in one language: the other's,
/// ours until then, would say what no longer holds.
std::optional<Rewording> rewording(const Issued& said, const NewWords& fresh) {
  Rewording out{said.headline,    said.description,    said.instruction,
                said.headline_en, said.instruction_en, fresh.expires.value_or(said.expires)};
  const auto put = [](std::string& old, const std::string& typed) {
    if (blank(typed) || typed == old) return false;
    old = typed;
    return true;
  };
  const bool headline = put(out.headline, fresh.headline);
  const bool description = put(out.description, fresh.description);
  const bool instruction = put(out.instruction, fresh.instruction);
  if (headline) out.headline_en.clear();
  if (instruction) out.instruction_en.clear();
  if (!headline && !description && !instruction && out.expires == said.expires) return std::nullopt;
  return out;
}

}  // namespace

Warning evolve(Warning w, const Event& event, const log::Meta& meta) {
  const auto end = [&](Phase phase, const std::string& reason) {
    w.phase = phase;
    w.ended_at = meta.at;
    w.ended_by = meta.by;
    w.ended_reason = reason;
  };
  std::visit(overloaded{
                 [&](const Issued& e) { fold(w, e, meta); },
                 [&](const LevelChanged& e) {
                   w.level = e.level;
                   w.changed_at = meta.at;
                   w.levels.push_back({meta.at, e.level, e.reason, std::string(meta.by)});
                   w.acknowledged_by.clear();
                   if (e.words) reword(w.issued, *e.words);
                   if (!e.source) return;
                   w.source = e.source;
                   w.alarms.push_back(e.source->alarm);
                 },
                 [&](const AlarmJoined& e) {
                   w.changed_at = meta.at;
                   w.alarms.push_back(e.source.alarm);
                 },
                 [&](const Acknowledged&) { w.acknowledged_by = meta.by; },
                 [&](const Cancelled& e) { end(Phase::cancelled, e.reason); },
                 [&](const Expired&) {
                   if (w.phase == Phase::in_force) end(Phase::expired, "");
                 },
             },
             event);
  return w;
}

std::expected<Event, Refusal> decide(const Warning& w, const Issue& command, Instant now) {
  const Issued& e = command.what;
  const auto missing = [](const char* field) { return no("warning.field_missing", field); };
  if (w.phase != Phase::none) return no("warning.already_issued");
  if (e.hazard.empty()) return missing("hazard");
  if (e.areas.empty()) return missing("areas");
  if (blank(e.headline)) return missing("headline");
  if (blank(e.description)) return missing("description");
  if (blank(e.instruction)) return missing("instruction");
  if (const auto refusal = hidden_in({{"headline", e.headline},
                                      {"description", e.description},
                                      {"instruction", e.instruction},
                                      {"headline_en", e.headline_en},
                                      {"instruction_en", e.instruction_en}}))
    return std::unexpected(*refusal);
  if (e.sender.empty()) return missing("sender");
  if (e.identifier.empty()) return missing("identifier");
  if (now >= e.expires) return missing("expires");
  if (e.onset >= e.expires) return missing("onset");
  if (e.expires - now > stands_max) return no("warning.expires_too_late", "expires");
  return e;
}

std::expected<Event, Refusal> decide(const Warning& w, const ChangeLevel& command, Instant now) {
  if (const auto refusal = not_standing(w, now)) return std::unexpected(*refusal);
  const std::optional<Instant> until = command.words.expires;
  const bool prolongs = until && *until > w.issued.expires;
  if (command.level == w.level && !prolongs) return no("warning.no_change", "level");
  if (blank(command.reason)) return no("warning.reason_missing", "reason");
  if (const auto refusal = hidden_in({{"reason", command.reason},
                                      {"headline", command.words.headline},
                                      {"description", command.words.description},
                                      {"instruction", command.words.instruction}}))
    return std::unexpected(*refusal);
  if (until && *until < w.issued.expires) return no("warning.expires_earlier", "expires");
  if (until && *until - now > stands_max) return no("warning.expires_too_late", "expires");
  return LevelChanged{command.level, command.reason, command.source,
                      rewording(w.issued, command.words)};
}

std::expected<Event, Refusal> decide(const Warning& w, const Join& command, Instant now) {
  if (const auto refusal = not_standing(w, now)) return std::unexpected(*refusal);
  return AlarmJoined{command.source};
}

std::expected<Event, Refusal> decide(const Warning& w, const Acknowledge&, Instant) {
  if (w.phase != Phase::in_force) return no("warning.not_in_force");
  if (!w.acknowledged_by.empty()) return no("warning.no_change");
  return Acknowledged{};
}

std::expected<Event, Refusal> decide(const Warning& w, const Cancel& command, Instant) {
  if (w.phase != Phase::in_force) return no("warning.not_in_force");
  if (blank(command.reason)) return no("warning.reason_missing", "reason");
  if (const auto refusal = hidden_in({{"reason", command.reason}}))
    return std::unexpected(*refusal);
  return Cancelled{command.reason};
}

LevelChanged prolonged(const Warning& w, const std::string& reason, Instant until) {
  return {w.level, reason, {}, rewording(w.issued, {.expires = until})};
}

bool was_prolonged(const Warning& w, std::size_t step) {
  return step > 0 && step < w.levels.size() && w.levels[step].level == w.levels[step - 1].level;
}

Instant level_since(const Warning& w) {
  std::size_t step = w.levels.size();
  while (step > 1 && was_prolonged(w, step - 1)) --step;
  return step == 0 ? w.issued_at : w.levels[step - 1].at;
}

std::expected<Event, Refusal> decide(const Warning& w, const Expire&, Instant now) {
  if (w.phase != Phase::in_force) return no("warning.not_in_force");
  if (now < w.issued.expires) return no("warning.not_due");
  return Expired{};
}

std::optional<Instant> due(const Warning& w) {
  if (w.phase != Phase::in_force) return std::nullopt;
  return w.issued.expires;
}

std::optional<Instant> over_at(const Warning& w) {
  if (w.phase == Phase::none) return std::nullopt;
  if (w.phase == Phase::in_force) return w.issued.expires;
  return std::min(w.ended_at, w.issued.expires);
}

}  // namespace tocsin::warning
