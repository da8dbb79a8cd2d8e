// Opening: which files count, what they hold, and the journal's replay.

#include <algorithm>
#include <utility>

#include "adapter/reading_store/store_state.h"
#include "log/hash.h"

namespace tocsin::reading_store {
namespace {

std::uint64_t byte_of(const Error& error) {
  const std::size_t at = error.field.rfind("byte ");
  return at == std::string::npos ? 0 : std::stoull(error.field.substr(at + 5));
}

}  // namespace

/// Which names in the folder count. Deletes what is unfinished or what the log says is removed.
Result<void> Store::State::sort_out(const LogWord& log, std::vector<SealedName>& sealed,
                                    std::vector<std::uint64_t>& journals) {
  const auto names = files.list(folder);
  if (!names) return std::unexpected(names.error());
  std::vector<std::string> to_go;
  for (const std::string& name : *names) {
    const auto file = parse_sealed_name(name);
    const auto journal_first = parse_journal_name(name);
    if (name.ends_with(unfinished) || log.removed(name) ||
        (journal_first && log.removed_batch(*journal_first))) {
      to_go.push_back(name);
    } else if (journal_first) {
      journals.push_back(*journal_first);
    } else if (file && !sealed.empty() && sealed.back().first_ordinal == file->first_ordinal) {
      // Two generations (names come sorted, the lower first). The higher counts if the log names
      // it, else it is a rewrite that never reached the log.
      if (log.named(name) != nullptr) {
        to_go.push_back(text_of(std::exchange(sealed.back(), *file)));
      } else {
        to_go.push_back(name);
      }
    } else if (file) {
      sealed.push_back(*file);
    }
  }
  for (const std::string& name : to_go)
    if (auto done = files.remove(path(name)); !done) return done;
  return {};
}

void Store::State::compare(SealedOnDisk& file, const LogWord& log) {
  if (const SealedFile* said = log.named(file.facts.name)) {
    if (said->bytes != file.facts.bytes)
      report.damaged.push_back({file.facts.name,
                                std::min(said->bytes, file.facts.bytes),
                                {"store.file_size", "byte 0", "not the size the log says"}});
    file.facts.sha256 = said->sha256;
    named.insert(said->name);
    return;
  }
  const auto bytes = read_whole(files, file.path);
  if (!bytes) {
    report.damaged.push_back({file.facts.name, 0, bytes.error()});
    return;
  }
  file.facts.sha256 = log::text_of(log::sha256(as_text(*bytes)));
  report.unnamed.push_back(file.facts);
}

/// The store's keys of a file's points; nullopt, and damage in the report, when one is no id.
std::optional<std::vector<PointKey>> Store::State::keys_for(const SealedName& name,
                                                            const SealedIndex& index) {
  std::vector<PointKey> keys;
  for (const std::string& id : index.points) {
    const auto key = point(id);
    if (!key) {
      report.damaged.push_back({text_of(name), 0, key.error()});
      return std::nullopt;
    }
    keys.push_back(*key);
  }
  return keys;
}

void Store::State::load_files(const LogWord& log, const std::vector<SealedName>& sealed) {
  for (const SealedName& name : sealed) {
    auto loaded = load_sealed(files, folder, name);
    if (!loaded) {
      report.damaged.push_back({text_of(name), byte_of(loaded.error()), loaded.error()});
      continue;
    }
    const auto keys = keys_for(name, loaded->index);
    if (!keys) continue;
    compare(*loaded->file, log);
    ++report.files;
    report.blocks += loaded->file->facts.blocks;
    report.sealed_readings += loaded->file->facts.readings;
    catalog.add(loaded->file, loaded->index, *keys);
    last_ordinal = std::max(last_ordinal, name.last_ordinal);
  }
  for (std::size_t i = 0; i < ids.size(); ++i)
    refresh_newest(PointKey{static_cast<std::uint32_t>(i)});
}

/// Keeps what is cut off a journal's end, behind what was cut off it before. Durable on return.
Result<void> Store::State::keep_cut(const std::string& name, std::span<const std::uint8_t> bytes) {
  const std::string kept = path(name + std::string(cut_off));
  auto file = files.open(kept);
  if (!file) file = files.create(kept);
  if (!file) return std::unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  auto done = (*file)->write_at(*size, bytes);
  if (done) done = (*file)->sync();
  if (done) done = files.sync_folder(folder);
  return done;
}

/// Reads one journal that no sealed file holds into memory. The last one is written on.
Result<void> Store::State::replay(std::uint64_t first, bool is_last) {
  const std::string name = journal_name(first);
  const auto bytes = read_whole(files, path(name));
  if (!bytes) return std::unexpected(bytes.error());
  JournalPoints points;
  std::vector<std::optional<PointKey>> keys;
  bool sound = true;
  const JournalScan scan = scan_journal(*bytes, [&](const JournalBatch& batch) {
    keys.resize(std::max(keys.size(), batch.first_new + batch.new_points.size()));
    for (std::size_t i = 0; i < batch.new_points.size(); ++i) {
      const auto key = point(batch.new_points[i]);
      if (!key) report.damaged.push_back({name, batch.begin, key.error()});
      if (!key) sound = false;
      if (!key) continue;
      keys[batch.first_new + i] = *key;
      points.add(*key);
    }
    for (Reading reading : batch.readings) {
      const auto key = keys[index_of(reading.point)];
      if (!key) continue;
      reading.point = *key;
      if (judge(reading) <= Fate::revised) take(reading);
      ++report.replayed_readings;
    }
    ++report.replayed_batches;
    return true;
  });
  last_ordinal = std::max({last_ordinal, scan.last_ordinal, first - 1});
  for (const JournalDamage& damage : scan.damaged)
    report.damaged.push_back({name, damage.begin, damage.error});
  if (scan.first_ordinal != first && scan.first_ordinal != 0)
    report.damaged.push_back({name, 0, {"journal.header", "byte 0", "another journal's"}});
  sound = sound && scan.damaged.empty() && scan.first_ordinal == first;
  if (is_last && sound) {
    report.torn_bytes += scan.torn;
    if (scan.unclear) {
      // A full disk keeps nothing aside, and must not keep the node from starting.
      const auto kept = keep_cut(name, std::span(*bytes).subspan(scan.end));
      const std::string what =
          std::to_string(scan.torn) + " bytes cut off, " +
          (kept ? "kept in " + name + std::string(cut_off) : "not kept: " + kept.error().code);
      report.unclear.push_back(
          {name, scan.end, {"journal.unclear", "byte " + std::to_string(scan.end), what}});
    }
    auto resumed = Journal::resume(files, path(name), first, scan.end, std::move(points));
    if (!resumed) return std::unexpected(resumed.error());
    journal = std::move(*resumed);
    return {};
  }
  // A journal that was never begun holds nothing; any other one is kept and not written on.
  const bool never_begun = scan.first_ordinal == 0 && scan.damaged.empty();
  if (is_last && never_begun) return files.remove(path(name));
  if (scan.torn > 0 || never_begun)
    report.damaged.push_back({name,
                              scan.end,
                              {"journal.record", "byte " + std::to_string(scan.end),
                               "a closed journal must not end torn"}});
  closed_journals.push_back(first);
  return {};
}

/// A journal that was opened for a seal and then not used holds no batch; the one before it may
/// have been written on. Drops it unless the one before is sealed.
Result<void> Store::State::drop_unused(std::vector<std::uint64_t>& journals) {
  while (journals.size() >= 2 && catalog.holding(journals[journals.size() - 2]) == nullptr) {
    const std::string last = path(journal_name(journals.back()));
    const auto bytes = read_whole(files, last);
    if (!bytes) return std::unexpected(bytes.error());
    const JournalScan scan = scan_journal(*bytes, [](const JournalBatch&) { return true; });
    if (scan.last_ordinal != 0 || !scan.damaged.empty()) return {};
    if (auto done = files.remove(last); !done) return done;
    journals.pop_back();
  }
  return {};
}

Result<void> Store::State::load_journals(std::vector<std::uint64_t> journals) {
  if (auto done = drop_unused(journals); !done) return done;
  bool any = false;
  for (std::size_t i = 0; i < journals.size(); ++i) {
    if (catalog.holding(journals[i]) != nullptr) {
      closed_journals.push_back(journals[i]);
      continue;
    }
    if (!any) active_first = journals[i];
    any = true;
    if (auto done = replay(journals[i], i + 1 == journals.size()); !done) return done;
  }
  const bool lost = journals.empty() && last_ordinal > 0;
  if (lost)
    report.damaged.push_back({journal_name(last_ordinal + 1),
                              0,
                              {"journal.missing", "byte 0", "no journal beside the sealed files"}});
  if (any && last_ordinal > 0 && !catalog.files().empty() &&
      active_first > catalog.files().back()->name.last_ordinal + 1)
    report.damaged.push_back({journal_name(active_first),
                              0,
                              {"journal.gap", "byte 0", "batches before it are missing"}});
  if (!any) active_first = last_ordinal + 1;
  if (journal) return {};
  auto created = Journal::create(files, folder, last_ordinal + 1);
  if (!created) return std::unexpected(created.error());
  journal = std::move(*created);
  return {};
}

Result<void> Store::State::open(Known known) {
  if (auto done = files.make_folder(folder); !done) return done;
  const LogWord log(known.named, known.removed);
  std::vector<SealedName> sealed;
  std::vector<std::uint64_t> journals;
  if (auto done = sort_out(log, sealed, journals); !done) return done;
  load_files(log, sealed);
  std::set<std::string> there;
  for (const SealedName& name : sealed) there.insert(text_of(name));
  for (const SealedFile& said : known.named)
    if (!there.contains(said.name) && !log.superseded(said.name))
      report.damaged.push_back(
          {said.name, 0, {"store.file_missing", said.name, "the log names it"}});
  return load_journals(journals);
}

Result<std::unique_ptr<Store>> Store::open(FileSystem& files, std::string folder, Options options,
                                           Known known) {
  auto state = std::make_unique<State>(files, std::move(folder), options);
  if (auto done = state->open(std::move(known)); !done) return std::unexpected(done.error());
  return std::unique_ptr<Store>(new Store(std::move(state)));
}

}  // namespace tocsin::reading_store
