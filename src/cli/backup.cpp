#include "cli/backup.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <ostream>

#include "adapter/reading_store/file_names.h"
#include "adapter/reading_store/reading_store.h"
#include "adapter/sqlite/sqlite_store.h"
#include "cli/house.h"
#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/restore.h"
#include "cli/verify.h"
#include "log/json.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;
using reading_store::FileSystem;

int told(std::ostream& err, std::string_view command, const Error& error) {
  err << command << ": " << line_of(error) << "\n";
  return 1;
}

/// Copies what stands in the file now; it may grow meanwhile.
Result<void> copy_as_it_is(FileSystem& files, const std::string& from, const std::string& to) {
  const auto source = files.open_to_read(from);
  if (!source) return std::unexpected(source.error());
  const auto size = (*source)->size();
  if (!size) return std::unexpected(size.error());
  Bytes bytes(*size);
  if (auto done = (*source)->read_at(0, bytes); !done) return done;
  auto target = files.create(to);
  if (!target) return std::unexpected(target.error());
  if (auto done = (*target)->write_at(0, bytes); !done) return done;
  return (*target)->sync();
}

/// One pass over the folder: journals first, since what leaves them is in a sealed file before.
/// False: a file went away meanwhile, look again.
Result<bool> copy_pass(FileSystem& files, const std::string& from, const std::string& to,
                       Progress& progress) {
  const auto names = files.list(from);
  if (!names) return std::unexpected(names.error());
  std::uint64_t done = 0;
  for (const bool journals : {true, false}) {
    for (const std::string& name : *names) {
      const bool is_journal = reading_store::parse_journal_name(name).has_value();
      if (is_journal != journals) continue;
      if (!is_journal && !reading_store::parse_sealed_name(name)) continue;
      const std::string source = from + "/" + name, target = to + "/" + name;
      if (!is_journal && fs::exists(target)) continue;
      const auto copied =
          is_journal ? copy_as_it_is(files, source, target) : files.link_or_copy(source, target);
      if (!copied && copied.error().code == "store.not_found") return false;
      if (!copied) return std::unexpected(copied.error());
      progress("reading files", ++done, names->size());
    }
  }
  return true;
}

Result<void> copy_readings(const std::string& from, const std::string& to, Progress& progress) {
  FileSystem& files = reading_store::posix_file_system();
  if (auto made = files.make_folder(to); !made) return made;
  for (int attempt = 0; attempt < 10; ++attempt) {
    const auto whole = copy_pass(files, from, to, progress);
    if (!whole) return std::unexpected(whole.error());
    if (*whole) return files.sync_folder(to);
  }
  return fail("backup.readings_move", from, "files kept changing; try again");
}

Result<void> make_empty_folder(const std::string& to) {
  std::error_code problem;
  if (fs::exists(to, problem) && !fs::is_empty(to, problem)) return fail("store.not_empty", to);
  fs::create_directories(to, problem);
  if (problem) return fail("store.io", to, problem.message());
  fs::permissions(to, fs::perms::owner_all, problem);
  return {};
}

/// Whether `to` is the folder or would stand in it, by whatever way it is named.
bool within(const std::string& to, const std::string& folder) {
  std::error_code problem;
  const fs::path outer = fs::canonical(folder, problem);
  if (problem) return false;
  for (fs::path at = fs::weakly_canonical(to, problem); !problem; at = at.parent_path()) {
    if (at == outer) return true;
    if (at == at.parent_path()) return false;
  }
  return false;
}

/// Fills the empty folder. Error "backup.bad" when what was copied does not hold.
Result<void> fill(const std::string& data, const std::string& to, std::ostream& err) {
  Progress progress(err, "backup");
  {
    auto store = sqlite::SqliteStore::open_to_read(data);
    if (!store) return std::unexpected(store.error());
    auto copied = (*store)->copy_to(to + "/log.db", [&](std::uint64_t done, std::uint64_t total) {
      progress("pages of the log", done, total);
    });
    if (!copied) return copied;
  }
  if (fs::is_directory(data + "/readings"))
    if (auto copied = copy_readings(data + "/readings", to + "/readings", progress); !copied)
      return copied;
  if (fs::exists(data + "/config.toml"))
    if (auto copied = copy_as_it_is(reading_store::posix_file_system(), data + "/config.toml",
                                    to + "/config.toml");
        !copied)
      return copied;
  const auto checked = check_folder(to, nullptr, "backup", err);
  if (!checked) return std::unexpected(checked.error());
  if (!checked->audit.findings.empty())
    return fail("backup.bad", to, print(checked->audit.findings.front()));
  // Looking at the copy has left an empty journal beside it, which is no part of the backup.
  if (std::error_code ignored; fs::is_empty(to + "/log.db-wal", ignored))
    for (const char* name : {"/log.db-wal", "/log.db-shm"}) fs::remove(to + name, ignored);
  return write_manifest(to, *checked, err);
}

/// Half a backup is none: what was begun goes away with the error.
Result<void> back_up(const std::string& data, const std::string& to, std::ostream& err) {
  if (within(to, data)) return fail("backup.inside_data", "to", to);
  if (auto made = make_empty_folder(to); !made) return made;
  auto done = fill(data, to, err);
  if (done) return done;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(to, ignored))
    fs::remove_all(entry.path(), ignored);
  return done;
}

Result<void> test_backup(const std::string& from, std::ostream& err) {
  std::string folder = (fs::temp_directory_path() / "tocsin-restore-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return fail("store.io", folder);
  const std::string data = folder + "/data";
  auto tested = restore_backup(from, data, err);
  if (tested) tested = open_as_a_node_would(data);
  fs::remove_all(folder);
  return tested;
}

}  // namespace

int run_backup(std::span<const std::string_view> args, std::ostream& out, std::ostream& err) {
  const auto options = Options::read(args, {"--data", "--to"}, {"--test"}, err);
  if (!options || !options->need({"--data", "--to"}, err)) return 2;
  const std::string to = options->get("--to");
  if (auto done = back_up(options->get("--data"), to, err); !done)
    return told(err, "backup", done.error());
  if (options->has("--test"))
    if (auto done = test_backup(to, err); !done) return told(err, "backup", done.error());
  out << json::print(json::Object{{"backup", to}, {"tested", options->has("--test")}}) << "\n";
  return 0;
}

int run_export(std::span<const std::string_view> args, std::ostream& out, std::ostream& err) {
  const auto options = Options::read(args, {"--data", "--log"}, {}, err);
  if (!options || !options->need({"--data"}, err)) return 2;
  const auto store = sqlite::SqliteStore::open_to_read(options->get("--data"));
  if (!store) return told(err, "export", store.error());
  const auto logs = (*store)->logs();
  if (!logs) return told(err, "export", logs.error());
  const std::string only = options->get("--log");
  if (options->has("--log") && std::ranges::find(*logs, only) == logs->end())
    return told(err, "export", {"export.no_log", "log", only});
  Progress progress(err, "export");
  std::uint64_t done = 0;
  const auto total = (*store)->record_count().value_or(0);
  for (const std::string& name : *logs) {
    if (options->has("--log") && name != only) continue;
    const auto seals = (*store)->seals(name);
    if (!seals) return told(err, "export", seals.error());
    std::uint64_t next = 1;
    const auto records_up_to = [&](std::uint64_t last) {
      for (constexpr std::uint64_t run = 1000; next <= last;) {
        const auto records = (*store)->records(name, next, std::min(last, next + run - 1));
        if (!records) return told(err, "export", records.error());
        if (records->empty()) break;
        for (const std::string& record : *records) out << record << "\n";
        next += records->size();
        progress("records", done += records->size(), total);
      }
      return 0;
    };
    for (const log::Seal& seal : *seals) {
      if (const int problem = records_up_to(seal.last); problem != 0) return problem;
      out << log::print(seal) << "\n";
    }
    if (const int problem = records_up_to(UINT64_MAX); problem != 0) return problem;
  }
  return out.flush() ? 0 : 1;
}

}  // namespace tocsin::cli
