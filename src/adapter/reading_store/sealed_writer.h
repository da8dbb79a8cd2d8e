#pragma once
// Puts the bytes of a sealed file on disk so that it is there whole or not at all.

#include <string>

#include "adapter/reading_store/file_system.h"
#include "adapter/reading_store/sealed_format.h"
#include "base/result.h"
#include "domain/observation/sealed_file.h"

namespace tocsin::reading_store {

/// Finishes the builder, writes, syncs and names the file. Returns its facts. Errors:
/// "store.disk_full", "store.io"; then no such file exists.
Result<observation::SealedFile> write_sealed(FileSystem& files, const std::string& folder,
                                             const SealedName& name, SealedBuilder& builder);

}  // namespace tocsin::reading_store
