#pragma once
// From what rules find to what the node is told, and back: an alarm in the log is an episode the
// evaluator has already told.

#include <vector>

#include "engine/rule/episode.h"
#include "node/node.h"

namespace tocsin::server {

/// The commands for one finding, in order; none for a rule that is no longer in the book. What late
/// data moved goes with every change, and is refused ("alarm.no_change") where the log has it so:
/// after a restart the rules go on from the facts in the log alone.
std::vector<node::Command> commands_for(const rule::Finding& finding,
                                        const rulebook::Rulebook& book,
                                        const observation::Stations& stations);

/// What the log knows of episodes that are open or ended after `since`, for Evaluator::restore.
std::vector<rule::Episode> episodes_of(const node::Node& node, Instant since);

}  // namespace tocsin::server
