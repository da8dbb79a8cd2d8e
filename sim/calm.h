#pragma once
// What must hold of one machine once links are healed and everybody has what he may see.

#include <string>
#include <vector>

#include "sim/machine.h"

namespace tocsin::sim {

/// Every record of a warning, call or answer on the disk counts or lies in the review tray: nothing
/// vanishes between the two.
void check_review(Machine& machine);

/// A node folded anew from the same disk says the same of every entity and waits for the same.
void check_fresh_load(Machine& machine);

/// Every chain holds together and every seal covers what it says it covers.
void check_chains(const Machine& machine);
/// No key stands of a case whose key the log says to be destroyed.
void check_keys(Machine& machine);

/// All that a node knows, as text; equal texts are equal knowledge.
std::vector<std::string> picture(const node::Node& node);

/// The account of the last night of this thread that went wrong.
std::vector<std::string>& last_account();

}  // namespace tocsin::sim
