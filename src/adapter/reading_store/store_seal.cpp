// Sealing: the closed journal's readings become one packed file, off the owner's thread.

#include <algorithm>

#include "adapter/reading_store/sealed_writer.h"
#include "adapter/reading_store/store_state.h"

namespace tocsin::reading_store {

struct SealJob::Task {
  FileSystem& files;
  std::string folder;
  SealedName name;
  std::shared_ptr<const Memtable> readings;
  std::vector<std::string_view> ids;  // of the readings' points, in the table's order
};

struct SealJob::Done {
  SealedName name;
  SealedFile facts;
  SealedIndex index;
};

SealJob::SealJob(std::unique_ptr<const Task> task) : task_(std::move(task)) {}
SealJob::SealJob(SealJob&&) noexcept = default;
SealJob& SealJob::operator=(SealJob&&) noexcept = default;
SealJob::~SealJob() = default;

Result<std::shared_ptr<const SealJob::Done>> SealJob::run() const {
  SealedBuilder builder(task_->name);
  std::vector<Reading> readings;
  for (std::size_t i = 0; i < task_->ids.size(); ++i) {
    readings.clear();
    task_->readings->find(task_->readings->points()[i])->copy_all(readings);
    builder.add(task_->ids[i], readings);
  }
  auto facts = write_sealed(task_->files, task_->folder, task_->name, builder);
  if (!facts) return std::unexpected(facts.error());
  return std::make_shared<const Done>(task_->name, std::move(*facts), builder.index());
}

bool Store::wants_seal(Instant now) {
  State& s = *state_;
  if (s.sealing) return false;
  if (s.seal_failed) {
    if (s.seal_again == Instant{}) s.seal_again = now + std::chrono::seconds(10);
    return now >= s.seal_again;
  }
  if (s.active.size() >= s.options.seal_readings) return true;
  return s.oldest_arrival && now - *s.oldest_arrival >= s.options.seal_after;
}

Result<std::optional<SealJob>> Store::begin_seal() {
  State& s = *state_;
  if (s.sealing || (!s.frozen && s.active.size() == 0)) return std::nullopt;
  if (!s.frozen) {
    auto next = Journal::create(s.files, s.folder, s.last_ordinal + 1);
    if (!next) {
      s.seal_failed = true;
      s.seal_again = {};
      return std::unexpected(next.error());
    }
    s.closed_journals.push_back(s.journal->first_ordinal());
    s.journal = std::move(*next);
    s.frozen = std::make_shared<const Memtable>(std::exchange(s.active, {}));
    s.frozen_first = std::exchange(s.active_first, s.last_ordinal + 1);
    s.oldest_arrival.reset();
  }
  s.sealing = true;
  std::vector<std::string_view> ids;
  for (const PointKey point : s.frozen->points()) ids.push_back(s.ids[index_of(point)]);
  const SealedName name{s.frozen_first, s.active_first - 1, 0};
  return SealJob(std::make_unique<const SealJob::Task>(
      SealJob::Task{s.files, s.folder, name, s.frozen, std::move(ids)}));
}

void Store::State::adopt(const SealedName& name, SealedIndex index, const SealedFile& facts) {
  std::vector<PointKey> keys;
  for (const std::string& id : index.points) keys.push_back(keys_of.at(id));
  auto file = std::make_shared<SealedOnDisk>();
  file->name = name;
  file->path = path(facts.name);
  file->facts = facts;
  file->page_offsets = std::move(index.page_offsets);
  file->last_arrival = index.last_arrival;
  catalog.add(std::move(file), index, keys);
}

Result<SealedFile> Store::finish_seal(Result<std::shared_ptr<const SealJob::Done>> done) {
  State& s = *state_;
  TOCSIN_CHECK(s.sealing);
  s.sealing = false;
  s.seal_failed = !done.has_value();
  s.seal_again = {};
  if (!done) return std::unexpected(done.error());
  const SealJob::Done& sealed = **done;
  s.adopt(sealed.name, sealed.index, sealed.facts);
  s.frozen.reset();
  return sealed.facts;
}

Result<std::optional<SealedFile>> Store::seal() {
  auto job = begin_seal();
  if (!job) return std::unexpected(job.error());
  if (!*job) return std::nullopt;
  auto sealed = finish_seal((*job)->run());
  if (!sealed) return std::unexpected(sealed.error());
  return std::move(*sealed);
}

void Store::named(std::string_view file) { state_->named.emplace(file); }

Result<void> Store::State::delete_discarded() {
  if (to_delete.empty() || !cut.expired()) return {};
  while (!to_delete.empty()) {
    auto done = files.remove(path(to_delete.back()));
    if (!done && done.error().code != "store.not_found") return done;
    to_delete.pop_back();
  }
  return files.sync_folder(folder);
}

Result<void> Store::release(std::uint64_t cursor) {
  State& s = *state_;
  while (!s.closed_journals.empty() && s.last_of_closed(0) <= cursor) {
    const SealedOnDisk* file = s.catalog.holding(s.closed_journals.front());
    if (file == nullptr || !s.named.contains(file->facts.name)) break;
    s.to_delete.push_back(journal_name(s.closed_journals.front()));
    s.closed_journals.erase(s.closed_journals.begin());
  }
  return s.delete_discarded();
}

std::vector<SealedFile> Store::sealed() const {
  std::vector<SealedFile> out;
  for (const auto& file : state_->catalog.files()) out.push_back(file->facts);
  return out;
}

Result<std::uint64_t> Store::bytes_on_disk() const {
  const auto names = state_->files.list(state_->folder);
  if (!names) return std::unexpected(names.error());
  std::uint64_t sum = 0;
  for (const std::string& name : *names) {
    const auto file = state_->files.open_to_read(state_->path(name));
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    sum += *size;
  }
  return sum;
}

}  // namespace tocsin::reading_store
