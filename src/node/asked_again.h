#pragma once
// 重复命令. A Command-Id that was used before stands for the same command or is refused: nobody
// gets the receipt of something else. What was asked first is not kept beside the log (a digest of
// it would outlive personal words that were destroyed), so it is compared with the first event the
// command led to; docs/formats/http.md says what that leaves out.

#include "log/event.h"
#include "node/node.h"

namespace tocsin::node {

/// Whether `first`, the first record written under a Command-Id, can be of `command`: of its kind,
/// about what it names, and saying what it says. True where that cannot be told.
bool may_be_of(const Node& node, const Command& command, const log::Header& first);

}  // namespace tocsin::node
