// Retention: whole files go when their last reading arrived long enough ago; what an event quotes
// is first written into a file of its own.

#include <algorithm>

#include "adapter/reading_store/sealed_writer.h"
#include "adapter/reading_store/store_state.h"

namespace tocsin::reading_store {
namespace {

bool pinned(const std::vector<std::pair<Instant, Instant>>& spans, Instant time) {
  return std::ranges::any_of(
      spans, [time](const auto& span) { return span.first <= time && time <= span.second; });
}

/// The file's readings of one point that are pinned, in order.
Result<std::vector<Reading>> pinned_of(const Catalog& catalog, BlockReader& reader,
                                       const SealedOnDisk& file, PointKey point,
                                       const std::vector<std::pair<Instant, Instant>>& spans) {
  const auto [low, high] = std::ranges::minmax_element(spans);
  Instant last = low->second;
  for (const auto& span : spans) last = std::max(last, span.second);
  std::vector<Reading> readings;
  for (const BlockRef& block :
       catalog.overlapping(point, low->first, std::min(last, calendar_end) + Duration(1)))
    if (block.file.get() == &file)
      if (auto done = reader.read(block, point, readings); !done)
        return std::unexpected(done.error());
  std::erase_if(readings, [&](const Reading& r) { return !pinned(spans, r.time); });
  return readings;
}

}  // namespace

/// All that is to be spared of a file.
Result<Store::State::Spared> Store::State::spared(const SealedOnDisk& file,
                                                  const PinsByPoint& pins) {
  Spared out;
  for (const auto& [point, spans] : pins) {
    auto readings = pinned_of(catalog, lookup, file, point, spans);
    if (!readings) return std::unexpected(readings.error());
    out.readings += readings->size();
    if (!readings->empty()) out.points.emplace_back(point, std::move(*readings));
  }
  return out;
}

/// Writes it under `name`; nullopt when there is nothing to write, and then makes sure that no such
/// file is left from an earlier call whose removal the log never heard of.
Result<std::optional<SealedFile>> Store::State::write(const SealedName& name,
                                                      const Spared& spared) {
  if (spared.readings > 0) {
    SealedBuilder builder(name);
    for (const auto& [point, readings] : spared.points) builder.add(ids[index_of(point)], readings);
    auto written = write_sealed(files, folder, name, builder);
    if (!written) return std::unexpected(written.error());
    return std::move(*written);
  }
  auto done = files.remove(path(text_of(name)));
  if (done) done = files.sync_folder(folder);
  if (!done && done.error().code != "store.not_found") return std::unexpected(done.error());
  return std::nullopt;
}

bool Store::State::may_expire(const SealedOnDisk& file, Instant before) const {
  // The newest stays: it says which journal must follow.
  if (&file == catalog.files().back().get() || file.last_arrival >= before) return false;
  if (!named.contains(file.facts.name) || file.name.generation == generation_max) return false;
  return std::ranges::none_of(closed_journals, [&](std::uint64_t first) {
    return file.name.first_ordinal <= first && first <= file.name.last_ordinal;
  });
}

Result<std::vector<Removal>> Store::expired(Instant before, std::span<const Pin> pins) {
  State& s = *state_;
  if (auto done = s.delete_discarded(); !done) return std::unexpected(done.error());
  std::vector<Removal> removals;
  if (!s.to_delete.empty()) return removals;  // a backup is under way
  State::PinsByPoint by_point;
  for (const Pin& pin : pins)
    if (const auto key = find(pin.point)) by_point[*key].emplace_back(pin.from, pin.to);
  for (const auto& file : s.catalog.files()) {
    if (!s.may_expire(*file, before)) continue;
    const auto spared = s.spared(*file, by_point);
    if (!spared) return std::unexpected(spared.error());
    if (spared->readings == file->facts.readings) continue;
    SealedName name = file->name;
    ++name.generation;
    auto replacement = s.write(name, *spared);
    if (!replacement) return std::unexpected(replacement.error());
    removals.push_back({file->facts, std::move(*replacement)});
  }
  return removals;
}

Result<void> Store::remove(const Removal& removal) {
  State& s = *state_;
  const auto& all = s.catalog.files();
  const auto found =
      std::ranges::find(all, removal.file.name, [](const auto& file) { return file->facts.name; });
  if (found == all.end()) return fail("store.not_found", removal.file.name);
  if (removal.replacement) {
    const auto name = parse_sealed_name(removal.replacement->name);
    if (!name) return fail("store.not_found", removal.replacement->name);
    auto loaded = load_sealed(s.files, s.folder, *name);
    if (!loaded) return std::unexpected(loaded.error());
    loaded->index.page_offsets = loaded->file->page_offsets;
    s.adopt(*name, std::move(loaded->index), *removal.replacement);
    s.named.insert(removal.replacement->name);
  }
  const SealedOnDisk* file =
      std::ranges::find(s.catalog.files(), removal.file.name, [](const auto& f) {
        return f->facts.name;
      })->get();
  s.lookup.forget(file);
  s.catalog.remove(file);
  s.named.erase(removal.file.name);
  for (std::size_t i = 0; i < s.ids.size(); ++i)
    s.refresh_newest(PointKey{static_cast<std::uint32_t>(i)});
  s.to_delete.push_back(removal.file.name);
  return s.delete_discarded();
}

}  // namespace tocsin::reading_store
