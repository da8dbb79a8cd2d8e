#pragma once
// 看板. The rows of docs/formats/http.md, made from the node's state: one function a board. Counts,
// list and map come from these same rows.

#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "domain/access/access.h"
#include "domain/hazard/hazard.h"
#include "node/node.h"

namespace tocsin::server {

/// One row with the division codes it is about (none: it concerns every post).
struct BoardRow {
  std::string id;
  boost::json::object body;
  std::vector<std::string> areas;
};

/// How the calls stand, counted once for every board that tells it. People: head_count.h.
struct CallCount {
  int asked = 0, answered = 0;
  int silent() const { return asked - answered; }
};

boost::json::object area_json(const node::Books& books, std::string_view code);
boost::json::object text_json(std::string_view zh, std::string_view en);
/// 静默. Whether the reason is that nothing arrived: such a source has no value, and 0 would be
/// one.
bool is_silence(const node::Node& node, const warning::Source& source);
/// The same of a warning: no more so when somebody has raised or lowered it by hand since.
bool is_silence(const node::Node& node, const warning::Warning& w);
/// 灾种. What the hazard is called. A silent station goes by its own words: the flood it would
/// have told of is nothing anybody has seen.
Text hazard_words(const node::Books& books, std::string_view code, bool silence);
Text hazard_words(const node::Node& node, const warning::Warning& w);
boost::json::object hazard_json(const Text& words);
/// 数值. Puts what was found into a row: "value", "unit", "change" {"per_s","level"|null} where the
/// value is a difference, else null, and "figure", the same in words. Silence has none of them.
void put_figure(double value, std::string_view unit, const std::optional<ChangeWithin>& change,
                bool silence, boost::json::object& row);
/// What a person reads of who did something: a post's title and holder, an account; null: the node
/// by itself, as a rule or a time limit had it.
boost::json::value actor_json(const node::Node& node, std::string_view by);

/// The areas of a warning, and of one of its calls, in codes of the edition in use: what rights and
/// rows go by, also where the warning was issued under another edition.
/// The codes of an older edition as those of the one in use.
std::vector<std::string> areas_of(const node::Node& node, const std::vector<std::string>& codes,
                                  const std::string& edition);
std::vector<std::string> areas_of(const node::Node& node, const warning::Warning& w);
std::string area_of(const node::Node& node, const call::Call& call);

/// Of the newest round: a raise asked everybody again.
CallCount count_calls(const node::Node& node, const WarningId& warning);

/// "in_force", "cancelled", "expired".
std::string_view phase_name(warning::Phase phase);

/// nullopt: there is no such entity (any more), the row is to be dropped.
std::optional<BoardRow> warning_row(const node::Node& node, const std::string& id);
/// True where the only way to a rung's person was a mail, and that was given up: he was never
/// asked.
bool never_reached(const call::Call& call, std::size_t rung);
std::optional<BoardRow> call_row(const node::Node& node, const std::string& id);
/// With every attempt to phone; the row of the board has the newest twenty of a rung, so that it
/// does not grow with each, and `attempts_before` tells how many there were earlier.
std::optional<BoardRow> call_row_in_full(const node::Node& node, const std::string& id);
std::optional<BoardRow> proposal_row(const node::Node& node, const std::string& id);
std::optional<BoardRow> outbox_row(const node::Node& node, const std::string& call_id);
/// Level of the gravest standing warning by risk point id, for the two below.
std::map<std::string, int> levels_by_riskpoint(const node::Node& node);
std::vector<BoardRow> riskpoint_rows(const node::Node& node);
std::vector<BoardRow> township_rows(const node::Node& node);
std::vector<BoardRow> hole_rows(const node::Node& node);

// --- issuing rights (rights_rows.cpp) ---
/// One row of the register, in force or not.
boost::json::object issuing_row_json(const node::Books& books, const warning::IssuingRow& row,
                                     Instant now);
/// What a post may do with a hazard: {"code","name","may_issue","audiences":[{"audience","may",
/// "code","row"}],"areas"}.
boost::json::object hazard_rights_json(const node::Node& node, const access::Principal& who,
                                       std::string_view hazard, Instant now);
/// Puts "may_issue" (the post a proposal waits for: the duty post where it may, else one with a
/// holder) and "issuers" (all posts that may) into a proposal's row.
void add_issuers(const node::Node& node, std::string_view hazard,
                 const std::vector<std::string>& areas, Instant at, boost::json::object& row);

}  // namespace tocsin::server
