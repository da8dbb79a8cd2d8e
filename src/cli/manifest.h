#pragma once
// backup.json: what belongs to a backup, so that a part of it that is gone is missed
// (docs/formats/log.md, "Backup"). Journals of readings are named nowhere else.

#include <iosfwd>
#include <map>
#include <string>

#include "base/result.h"
#include "cli/verify.h"
#include "log/hash.h"
#include "log/json.h"

namespace tocsin::cli {

inline constexpr const char* manifest_name = "backup.json";

struct BackupFile {
  std::uint64_t size = 0;
  log::Hash hash;
};

struct Manifest {
  std::string made;                         ///< ISO 8601
  std::map<std::string, BackupFile> files;  ///< by path below the folder
};

/// Last record of each log: {log: {"seq", "hash"}}.
json::Object heads_of(const Checked& checked);

/// Writes `folder`/backup.json, synced, over all files a restore would take from the folder.
/// Errors of the disk.
Result<void> write_manifest(const std::string& folder, const Checked& checked, std::ostream& err);

/// Errors "backup.none", "backup.bad" with field "backup.json" (no manifest, or one without files).
Result<Manifest> read_manifest(const std::string& folder);

/// Whether a restore from the folder would take exactly the files the manifest names, byte by byte.
/// Error "backup.bad": field the file's path, detail whether it is missing, of another size,
/// changed or not named; errors of the disk.
Result<void> check_files(const std::string& folder, const Manifest& manifest, std::ostream& err);

}  // namespace tocsin::cli
