#pragma once
// Between an import and the node: what stands, as the node holds it, and the command that adopts
// what came in.

#include <string>

#include "adapter/import/import.h"
#include "node/books.h"
#include "node/commands.h"

namespace tocsin::importing {

/// A register that was never adopted, or is empty, is "not loaded". Points into `books`, which must
/// outlive it. Streams and relief are packages only: whoever holds the store adds them.
Standing standing_of(const node::Books& books);

/// The command for a whole import: AdoptPeople for people, AdoptRegister for everything else.
/// `file`: its name, for people. The result must be whole.
node::Command command_of(ImportResult result, std::string file);

}  // namespace tocsin::importing
