#pragma once
// From what rules find to what the node is told, and back: an alarm in the log is an episode the
// evaluator has already told.

#include <optional>
#include <vector>

#include "engine/rule/episode.h"
#include "node/node.h"

namespace tocsin::server {

/// The command for one finding; nothing for a rule that is no longer in the book.
std::optional<node::Command> command_for(const rule::Finding& finding,
                                         const rulebook::Rulebook& book,
                                         const observation::Stations& stations);

/// What the log knows of episodes that are open or ended after `since`, for Evaluator::restore.
std::vector<rule::Episode> episodes_of(const node::Node& node, Instant since);

}  // namespace tocsin::server
