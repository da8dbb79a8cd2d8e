#pragma once
// `tocsin backup`, `restore`, `export` and `keyring`: taking a node's memory elsewhere and back.

#include <iosfwd>
#include <span>
#include <string_view>

namespace tocsin::cli {

/// `backup --data DIR --to FOLDER [--test]`, while the node runs. One cut: the log first, then the
/// reading files it names and the journal of those it does not name yet, which is at least as far.
/// No keys. --test restores it into a temporary folder and checks that. Returns 0 done, 1 failed,
/// 2 wrong use.
int run_backup(std::span<const std::string_view> args, std::ostream& out, std::ostream& err);

/// `restore --from FOLDER --data NEWDIR [--keyring FILE]`: checks the backup, copies it, and marks
/// it so that the node opens a new epoch with everything outbound held until a person releases it.
/// FILE is an export of the keyring; its passphrase is the first line of `in`; the two are tried
/// before NEWDIR is filled.
int run_restore(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
                std::ostream& err);

/// `export --data DIR [--log L]`: records and seals as JSON Lines (docs/formats/log.md, "Export").
int run_export(std::span<const std::string_view> args, std::ostream& out, std::ostream& err);

/// `keyring export --data DIR --to FILE [--days N]` and `keyring import --data DIR --from FILE`;
/// the passphrase is the first line of `in`, of 12 characters or more for an export, which is never
/// written over another file. `--keyring PATH` when it is not in DIR/keyring.
int run_keyring(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
                std::ostream& err);

}  // namespace tocsin::cli
