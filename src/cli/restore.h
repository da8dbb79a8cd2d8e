#pragma once
// The parts of `tocsin restore` that `tocsin backup --test` needs too.

#include <iosfwd>
#include <string>

#include "base/result.h"

namespace tocsin::cli {

/// Checks the backup, copies it into the missing or empty folder and marks it as restored. Errors
/// "backup.bad" (detail: the first finding), "backup.none", "store.not_empty", those of the stores.
Result<void> restore_backup(const std::string& from, const std::string& data, std::ostream& err);

/// Opens log and readings for writing and reads all records back.
Result<void> open_as_a_node_would(const std::string& data);

}  // namespace tocsin::cli
