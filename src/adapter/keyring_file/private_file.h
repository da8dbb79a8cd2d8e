#pragma once
// A small file that only its owner may read, replaced whole.

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::keyring_file {

/// nullopt when there is none. Errors "key.file_open_to_others", "store.io".
Result<std::optional<std::string>> read_private(const std::string& path);

/// Written beside, synced, renamed, folder synced: afterwards the old or the new is there, whole.
/// `wipe_old` overwrites the old file's bytes once nothing names them. Errors "store.disk_full",
/// "store.read_only", "store.io".
Result<void> replace_private(const std::string& path, std::string_view text, bool wipe_old);

/// What the system said of a file, as "store.disk_full", "store.read_only" or "store.io".
std::unexpected<Error> system_error(const std::string& path, int number = errno);

/// With mode 0700 when it is new; its name is on the disk afterwards. Errors as above.
Result<void> make_private_folder(const std::string& folder);

}  // namespace tocsin::keyring_file
