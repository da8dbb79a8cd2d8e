#include "cli/restore.h"

#include <algorithm>
#include <filesystem>
#include <istream>
#include <ostream>

#include "adapter/clock/clock.h"
#include "adapter/clock/dice.h"
#include "adapter/keyring_file/file_keyring.h"
#include "adapter/keyring_file/private_file.h"
#include "adapter/reading_store/reading_store.h"
#include "adapter/sqlite/folder_lock.h"
#include "adapter/sqlite/sqlite_store.h"
#include "cli/backup.h"
#include "cli/file.h"
#include "cli/house.h"
#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/verify.h"
#include "log/json.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t export_max = 512u << 20;
constexpr std::ptrdiff_t passphrase_min = 12;  ///< an export can be tried offline, without end

/// The mark the node finds at its next start: since when, and how far its memory goes.
Result<void> mark_restored(const std::string& data, const std::string& backup_made,
                           const Checked& checked) {
  const json::Object mark{{"at", iso_utc(SystemClock().now())},
                          {"backup_made", backup_made},
                          {"from_head", heads_of(checked)}};
  auto store = sqlite::SqliteStore::open(data, sqlite::Opening::by_restore);
  if (!store) return std::unexpected(store.error());
  return (*store)->commit({.records = {},
                           .seals = {},
                           .parts = {},
                           .packages = {},
                           .marks = {{"restored", json::print(mark)}}});
}

Result<void> copy_log(const std::string& from, const std::string& data, std::ostream& err) {
  Progress progress(err, "restore");
  auto store = sqlite::SqliteStore::open_to_read(from);
  if (!store) return std::unexpected(store.error());
  return (*store)->copy_to(data + "/log.db", [&](std::uint64_t done, std::uint64_t total) {
    progress("pages of the log", done, total);
  });
}

Result<void> copy_all(const std::string& from, const std::string& data, std::ostream& err) {
  if (auto done = copy_log(from, data, err); !done) return done;
  Progress progress(err, "restore");
  if (fs::is_directory(from + "/readings"))
    if (auto done = reading_store::restore(reading_store::posix_file_system(), from + "/readings",
                                           data + "/readings",
                                           [&](std::uint64_t at, std::uint64_t total) {
                                             progress("bytes of readings", at, total);
                                           });
        !done)
      return done;
  if (fs::exists(from + "/config.toml"))
    if (std::error_code problem;
        !fs::copy_file(from + "/config.toml", data + "/config.toml", problem))
      return fail("store.io", data + "/config.toml", problem.message());
  return {};
}

std::string first_line(std::istream& in) {
  std::string line;
  std::getline(in, line);
  return line;
}

/// Of a passphrase in UTF-8.
std::ptrdiff_t characters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
}

int told(std::ostream& err, std::string_view command, const Error& error) {
  err << command << ": " << line_of(error) << "\n";
  return 1;
}

std::string links_beside(const std::string& keys) {
  return (fs::path(keys).parent_path() / "links.key").string();
}

/// Puts the key of the answer links where the node looks for it. One that stands there already has
/// signed links of its own and is kept.
Result<void> place_links(const std::string& path, const std::string& links, std::ostream& err) {
  const auto standing = keyring_file::read_private(path);
  if (!standing) return std::unexpected(standing.error());
  if (!*standing) return keyring_file::replace_private(path, links, false);
  if (**standing != links)
    err << "keyring: " << path
        << " is kept; links mailed under the imported key do not open here\n";
  return {};
}

/// An export of a keyring with the passphrase typed for it.
struct Export {
  std::string text, passphrase;
};

Result<Export> read_export(const std::string& file, std::istream& in) {
  auto text = read_whole(file, export_max, "keyring.unreadable");
  if (!text) return std::unexpected(text.error());
  return Export{std::move(*text), first_line(in)};
}

/// `data`: the folder whose node must not run meanwhile, since it would write over what it does not
/// know of.
Result<void> import_keys(const std::string& data, const std::string& path, const Export& from,
                         std::ostream& err) {
  const auto lock = sqlite::FolderLock::take(data);
  if (!lock) return std::unexpected(lock.error());
  const auto done = keyring_file::FileKeyring::import_wrapped(path, from.text, from.passphrase,
                                                              SystemClock().now());
  if (!done) return std::unexpected(done.error());
  if (done->node_keys_kept)
    err << "keyring: " << path
        << " has node keys of its own and keeps them; the case keys were taken\n";
  if (done->links.empty()) {
    err << "keyring: the export holds no links.key; links mailed before do not open here\n";
    return {};
  }
  return place_links(links_beside(path), done->links, err);
}

}  // namespace

Result<void> restore_backup(const std::string& from, const std::string& data, std::ostream& err) {
  const auto manifest = read_manifest(from);
  if (!manifest) return std::unexpected(manifest.error());
  std::error_code problem;
  if (fs::exists(data) && !fs::is_empty(data, problem)) return fail("store.not_empty", data);
  if (auto whole = check_files(from, *manifest, err); !whole) return whole;
  const auto checked = check_folder(from, nullptr, "restore", err);
  if (!checked) return std::unexpected(checked.error());
  if (!checked->audit.findings.empty())
    return fail("backup.bad", from, print(checked->audit.findings.front()));
  fs::create_directories(data, problem);
  if (problem) return fail("store.io", data, problem.message());
  fs::permissions(data, fs::perms::owner_all, problem);
  // Broken off anywhere before its end, what stands here is no node's.
  const std::string half = data + "/" + sqlite::restoring_name;
  auto& files = reading_store::posix_file_system();
  if (auto begun = files.create(half); !begun) return std::unexpected(begun.error());
  if (auto kept = files.sync_folder(data); !kept) return kept;
  if (auto done = copy_all(from, data, err); !done) return done;
  if (auto done = mark_restored(data, manifest->made, *checked); !done) return done;
  if (!fs::remove(half, problem)) return fail("store.io", half, problem.message());
  return files.sync_folder(data);
}

Result<void> open_as_a_node_would(const std::string& data) {
  auto store = sqlite::SqliteStore::open(data);
  if (!store) return std::unexpected(store.error());
  const auto replayed = (*store)->replay([](std::span<const log::Replayed>) { return true; });
  if (!replayed) return std::unexpected(replayed.error());
  if (!fs::is_directory(data + "/readings")) return {};
  const auto readings =
      reading_store::Store::open(reading_store::posix_file_system(), data + "/readings");
  if (!readings) return std::unexpected(readings.error());
  for (const auto& damage : (*readings)->report().damaged)
    return fail(damage.error.code, damage.file + ", byte " + std::to_string(damage.byte));
  return {};
}

int run_restore(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
                std::ostream& err) {
  const auto options = Options::read(args, {"--from", "--data", "--keyring"}, {}, err);
  if (!options || !options->need({"--from", "--data"}, err)) return 2;
  const std::string data = options->get("--data");
  Result<Export> keys;
  if (options->has("--keyring")) {  // opened before anything is filled: a word mistyped is no harm
    keys = read_export(options->get("--keyring"), in);
    if (!keys) return told(err, "restore", keys.error());
    if (auto opened = keyring_file::FileKeyring::check_wrapped(keys->text, keys->passphrase,
                                                               SystemClock().now());
        !opened)
      return told(err, "restore", opened.error());
  }
  if (auto done = restore_backup(options->get("--from"), data, err); !done)
    return told(err, "restore", done.error());
  if (options->has("--keyring"))
    if (auto done = import_keys(data, data + "/keyring/keys.json", *keys, err); !done) {
      told(err, "restore", done.error());
      err << "restore: log and readings stand in " << data
          << "; bring the keys with: tocsin keyring import --data " << data << " --from "
          << options->get("--keyring") << "\n";
      return 1;
    }
  out << json::print(json::Object{{"restored", data}, {"keys", options->has("--keyring")}}) << "\n";
  err << "restore: the node will open a new epoch and hold everything outbound until released\n";
  return 0;
}

int run_keyring(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
                std::ostream& err) {
  const std::string_view verb = args.empty() ? "" : args.front();
  const auto options = Options::read(args.subspan(args.empty() ? 0 : 1),
                                     {"--data", "--keyring", "--to", "--from", "--days"}, {}, err);
  const bool exports = verb == "export";
  if (!exports && verb != "import") err << "tocsin: keyring export or keyring import is wanted\n";
  if (!options || (!exports && verb != "import")) return 2;
  if (!options->need({"--data", exports ? "--to" : "--from"}, err)) return 2;
  const std::string path = options->get("--keyring", options->get("--data") + "/keyring/keys.json");
  if (!exports) {
    const auto keys = read_export(options->get("--from"), in);
    if (!keys) return told(err, "keyring", keys.error());
    const auto done = import_keys(options->get("--data"), path, *keys, err);
    return done ? 0 : told(err, "keyring", done.error());
  }
  const std::string days = options->get("--days", "365"), to = options->get("--to");
  if (days.empty() || days.size() > 4 || days.find_first_not_of("0123456789") != days.npos ||
      std::stoi(days) == 0) {
    err << "tocsin: --days wants a number from 1 to 9999\n";
    return 2;
  }
  if (std::error_code ignored; fs::exists(fs::symlink_status(to, ignored)))
    return told(err, "keyring", {"keyring.export_exists", "to", to});
  const std::string passphrase = first_line(in);
  if (characters(passphrase) < passphrase_min)
    return told(err, "keyring", {"key.passphrase_short", "passphrase", ""});
  SystemDice dice;
  const auto keys = keyring_file::FileKeyring::look(path);
  if (!keys) return told(err, "keyring", keys.error());
  const Instant expires = SystemClock().now() + std::chrono::hours(24) * std::stoi(days);
  const auto links = keyring_file::read_private(links_beside(path));
  if (!links) return told(err, "keyring", links.error());
  const std::string text = (*keys)->export_wrapped(passphrase, expires, dice, links->value_or(""));
  if (auto done = keyring_file::replace_private(to, text, false); !done)
    return told(err, "keyring", done.error());
  out << json::print(json::Object{{"exported", to}, {"expires", iso_utc(expires)}}) << "\n";
  return 0;
}

}  // namespace tocsin::cli
