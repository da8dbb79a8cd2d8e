// Backup: which bytes belong to one moment, and their copy.

#include <algorithm>

#include "adapter/reading_store/store_state.h"

namespace tocsin::reading_store {
namespace {

using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

Result<void> write_copy(FileSystem& files, const std::string& path, const Bytes& bytes) {
  auto file = files.create(path);
  if (!file) return std::unexpected(file.error());
  if (auto done = (*file)->write_at(0, bytes); !done) return done;
  return (*file)->sync();
}

Result<void> make_empty(FileSystem& files, const std::string& folder) {
  if (auto done = files.make_folder(folder); !done) return done;
  const auto names = files.list(folder);
  if (!names) return std::unexpected(names.error());
  if (!names->empty()) return fail("store.not_empty", folder);
  return {};
}

/// The journal's bytes up to and with batch `up_to`.
Result<Bytes> journal_up_to(FileSystem& files, const std::string& path, std::uint64_t size,
                            std::uint64_t up_to) {
  auto bytes = read_whole(files, path);
  if (!bytes) return bytes;
  bytes->resize(std::min<std::size_t>(bytes->size(), size));
  std::uint64_t end = std::min<std::uint64_t>(journal_header_size, bytes->size());
  scan_journal(*bytes, [&](const JournalBatch& batch) {
    if (batch.ordinal <= up_to) end = batch.end;
    return batch.ordinal < up_to;
  });
  bytes->resize(end);
  return bytes;
}

}  // namespace

struct BackupCut::Cut {
  struct Part {
    std::string name;
    std::uint64_t bytes = 0;
  };
  FileSystem& files;
  std::string folder;
  std::uint64_t ordinal = 0;
  std::vector<Part> sealed, journals;

  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const auto* parts : {&sealed, &journals})
      for (const Part& part : *parts) sum += part.bytes;
    return sum;
  }
};

BackupCut::BackupCut(std::shared_ptr<const Cut> cut) : cut_(std::move(cut)) {}
BackupCut::BackupCut(BackupCut&&) noexcept = default;
BackupCut& BackupCut::operator=(BackupCut&&) noexcept = default;
BackupCut::~BackupCut() = default;

std::uint64_t BackupCut::ordinal() const { return cut_->ordinal; }
std::uint64_t BackupCut::bytes() const { return cut_->bytes(); }

Result<void> BackupCut::copy_to(const std::string& folder, const Progress& progress) const {
  FileSystem& files = cut_->files;
  if (auto done = make_empty(files, folder); !done) return done;
  std::uint64_t copied = 0;
  const auto report = [&](std::uint64_t bytes) {
    copied += bytes;
    if (progress) progress(copied, cut_->bytes());
  };
  for (const auto& part : cut_->sealed) {
    auto done = files.link_or_copy(cut_->folder + "/" + part.name, folder + "/" + part.name);
    if (!done) return done;
    report(part.bytes);
  }
  for (const auto& part : cut_->journals) {
    const auto bytes =
        journal_up_to(files, cut_->folder + "/" + part.name, part.bytes, cut_->ordinal);
    if (!bytes) return std::unexpected(bytes.error());
    if (auto done = write_copy(files, folder + "/" + part.name, *bytes); !done) return done;
    report(part.bytes);
  }
  return files.sync_folder(folder);
}

Result<BackupCut> Store::backup(std::uint64_t up_to) const {
  State& s = *state_;
  auto cut = std::make_shared<BackupCut::Cut>(
      BackupCut::Cut{s.files, s.folder, std::min(up_to, s.last_ordinal), {}, {}});
  for (const auto& file : s.catalog.files()) {
    if (file->name.last_ordinal > up_to)
      return fail("store.cut_gone", std::to_string(up_to),
                  "sealed up to " + std::to_string(file->name.last_ordinal));
    cut->sealed.push_back({file->facts.name, file->facts.bytes});
  }
  for (const std::uint64_t first : s.closed_journals) {
    if (first > up_to) break;
    const auto file = s.files.open_to_read(s.path(journal_name(first)));
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    cut->journals.push_back({journal_name(first), *size});
  }
  if (s.journal->first_ordinal() <= up_to + 1)
    cut->journals.push_back({journal_name(s.journal->first_ordinal()), s.journal->size()});
  s.cut = cut;
  return BackupCut(std::move(cut));
}

Result<void> restore(FileSystem& files, const std::string& backup, const std::string& folder,
                     const Progress& progress) {
  if (auto done = make_empty(files, folder); !done) return done;
  const auto names = files.list(backup);
  if (!names) return std::unexpected(names.error());
  std::uint64_t copied = 0, total = 0;
  for (const std::string& name : *names) {
    const auto file = files.open_to_read(backup + "/" + name);
    if (!file) return std::unexpected(file.error());
    total += (*file)->size().value_or(0);
  }
  for (const std::string& name : *names) {
    const auto bytes = read_whole(files, backup + "/" + name);
    if (!bytes) return std::unexpected(bytes.error());
    if (auto done = write_copy(files, folder + "/" + name, *bytes); !done) return done;
    copied += bytes->size();
    if (progress) progress(copied, total);
  }
  return files.sync_folder(folder);
}

}  // namespace tocsin::reading_store
