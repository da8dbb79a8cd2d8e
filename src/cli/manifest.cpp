#include "cli/manifest.h"

#include <filesystem>
#include <ostream>
#include <vector>

#include "adapter/clock/clock.h"
#include "adapter/reading_store/file_system.h"
#include "cli/file.h"
#include "cli/progress.h"
#include "log/hash_stream.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;
using reading_store::FileSystem;
using reading_store::posix_file_system;
using Files = std::map<std::string, BackupFile>;

constexpr std::string_view kind = "backup 1";
constexpr std::size_t manifest_size_max = 64u << 20, file_count_max = 1'000'000;
constexpr std::uint64_t piece_size = 1u << 20;

std::unexpected<Error> bad(const std::string& path, std::string why) {
  return fail("backup.bad", path, std::move(why));
}

/// What a restore takes from the folder, with sizes and without hashes. A journal of the database
/// that holds anything belongs to it: it changes what is read.
Result<Files> list_files(const std::string& folder) {
  FileSystem& disk = posix_file_system();
  std::vector<std::string> paths;
  std::error_code ignored;
  for (const char* name : {"log.db", "config.toml"})
    if (fs::exists(folder + "/" + name, ignored)) paths.emplace_back(name);
  for (const char* name : {"log.db-wal", "log.db-journal"})
    if (fs::exists(folder + "/" + name, ignored) && !fs::is_empty(folder + "/" + name, ignored))
      paths.emplace_back(name);
  if (fs::is_directory(folder + "/readings", ignored)) {
    const auto names = disk.list(folder + "/readings");
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names) paths.push_back("readings/" + name);
  }
  Files out;
  for (const std::string& path : paths) {
    const auto file = disk.open_to_read(folder + "/" + path);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    out[path].size = *size;
  }
  return out;
}

/// Fills in the hashes.
Result<void> hash_files(const std::string& folder, Files& files, Progress& progress) {
  std::uint64_t done = 0, total = 0;
  for (const auto& [path, it] : files) total += it.size;
  for (auto& [path, it] : files) {
    const auto file = posix_file_system().open_to_read(folder + "/" + path);
    if (!file) return std::unexpected(file.error());
    log::HashStream hash;
    Bytes piece;
    for (std::uint64_t at = 0; at < it.size; at += piece.size()) {
      piece.resize(std::min(piece_size, it.size - at));
      if (auto read = (*file)->read_at(at, piece); !read) return read;
      hash.add(as_text(piece));
      progress("bytes of the backup", done += piece.size(), total);
    }
    it.hash = hash.finish();
  }
  return {};
}

Result<Manifest> parse_manifest(std::string_view text) {
  const auto value = json::parse(text, manifest_size_max);
  if (!value) return bad(manifest_name, value.error().field + ": " + value.error().detail);
  json::Fields in(*value, "backup.bad");
  if (in.text("tocsin") != kind) in.refuse("tocsin", "\"" + std::string(kind) + "\" is wanted");
  Manifest out{in.text("made"), {}};
  if (!in.has("files")) in.refuse("files", "it does not say what belongs to the backup");
  for (const json::Value& one : in.objects("files", file_count_max)) {
    json::Fields file(one, "backup.bad");
    const std::string path = file.text("path");
    const auto size = file.integer("size", 0, INT64_MAX);
    const auto hash = log::parse_hash(file.text("sha256"));
    if (!file.ok() || !hash) in.refuse("files", path + ": path, size and sha256 are wanted");
    if (in.ok()) out.files[path] = {static_cast<std::uint64_t>(size), *hash};
  }
  if (!in.ok()) return bad(manifest_name, in.error().field + ": " + in.error().detail);
  return out;
}

}  // namespace

json::Object heads_of(const Checked& checked) {
  json::Object out;
  for (const auto& [name, head, sealed] : checked.audit.logs)
    out[name] = json::Object{{"seq", head.seq}, {"hash", log::text_of(head.hash)}};
  return out;
}

Result<void> write_manifest(const std::string& folder, const Checked& checked, std::ostream& err) {
  auto there = list_files(folder);
  if (!there) return std::unexpected(there.error());
  Progress progress(err, "backup");
  if (auto hashed = hash_files(folder, *there, progress); !hashed) return hashed;
  json::Array files;
  for (const auto& [path, it] : *there)
    files.push_back(
        json::Object{{"path", path}, {"size", it.size}, {"sha256", log::text_of(it.hash)}});
  const json::Object manifest{{"tocsin", kind},
                              {"made", iso_utc(SystemClock().now())},
                              {"heads", heads_of(checked)},
                              {"files", std::move(files)}};
  FileSystem& disk = posix_file_system();
  auto file = disk.create(folder + "/" + manifest_name);
  if (!file) return std::unexpected(file.error());
  const std::string text = json::print(manifest) + "\n";
  if (auto done = (*file)->write_at(0, as_bytes(text)); !done) return done;
  if (auto done = (*file)->sync(); !done) return done;
  return disk.sync_folder(folder);
}

Result<Manifest> read_manifest(const std::string& folder) {
  const auto text = read_whole(folder + "/" + manifest_name, manifest_size_max, "backup.none");
  if (!text) return std::unexpected(text.error());
  return parse_manifest(*text);
}

Result<void> check_files(const std::string& folder, const Manifest& manifest, std::ostream& err) {
  auto there = list_files(folder);
  if (!there) return std::unexpected(there.error());
  for (const auto& [path, named] : manifest.files) {
    const auto it = there->find(path);
    if (it == there->end()) return bad(path, "missing");
    if (it->second.size != named.size)
      return bad(path, std::to_string(it->second.size) + " bytes, the backup was made with " +
                           std::to_string(named.size));
  }
  for (const auto& [path, it] : *there)
    if (!manifest.files.contains(path)) return bad(path, "no file of this backup");
  Progress progress(err, "restore");
  if (auto hashed = hash_files(folder, *there, progress); !hashed) return hashed;
  for (const auto& [path, it] : *there)
    if (it.hash != manifest.files.at(path).hash)
      return bad(path, "changed since the backup was made");
  return {};
}

}  // namespace tocsin::cli
