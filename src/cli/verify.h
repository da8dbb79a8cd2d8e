#pragma once
// `tocsin verify` and `tocsin anchor`: does the log still say what it said, down to the byte.

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/reading_store/reading_store.h"
#include "adapter/sqlite/audit.h"
#include "domain/observation/sealed_file.h"
#include "log/anchor.h"

namespace tocsin::cli {

/// Status of a check that cannot tell; 3 is serve's for a damaged log.
inline constexpr int status_unclear = 4;

/// `verify --data DIR [--anchor FILE]`. Walks every record, seal, part, package and page of
/// DIR/log.db and every file of DIR/readings that the log names; compares with the anchor. Also
/// while the node runs. JSON Lines on `out`: one a log, one a finding ({"finding":"record",
/// "code":…, "where":…, "log":…, "seq":…, "byte":…, "segment":[first,last], "detail":…}),
/// one with what was read ("readings_sealed", "readings_unsealed" …), and the verdict last
/// ({"verdict":"holds"}, {"verdict":"broken","first":…} or {"verdict":"unclear","first":…}).
/// Returns 0 it holds, 1 it does not, 2 wrong use or nothing to look at, 4 all that can be told
/// holds, but readings at the end of the journal cannot be read: never acknowledged, or damaged
/// afterwards (also while a file of such bytes, "….cut", lies there).
int run_verify(std::span<const std::string_view> args, std::ostream& out, std::ostream& err);

/// `anchor --data DIR`: prints the head of each log (docs/formats/log.md, "Anchor").
int run_anchor(std::span<const std::string_view> args, std::ostream& out, std::ostream& err);

/// What a folder's check found; shared with backup and restore.
struct Checked {
  sqlite::Audit audit;
  std::vector<observation::SealedFile> named;  ///< reading files the log names
  reading_store::Verified readings;
  std::vector<sqlite::Finding> unclear;  ///< may be damage, may never have been acknowledged
};
/// Errors "store.not_found".
Result<Checked> check_folder(const std::string& folder, const log::Anchor* anchor,
                             std::string_view command, std::ostream& err);
/// One line of JSON.
std::string print(const sqlite::Finding& finding);

}  // namespace tocsin::cli
