#include "adapter/reading_store/catalog.h"

#include <algorithm>
#include <tuple>

#include "adapter/reading_store/page.h"
#include "domain/observation/block.h"

namespace tocsin::reading_store {
namespace {

using observation::PointKey;
using observation::Reading;

/// The same error with the page's or block's place in the file added to its own.
std::unexpected<Error> placed(Error error, const std::string& file, std::uint64_t base) {
  if (error.field.starts_with("byte ")) base += std::stoull(error.field.substr(5));
  error.field = (file.empty() ? "" : file + " ") + "byte " + std::to_string(base);
  return std::unexpected(std::move(error));
}

Result<Bytes> read_part(const File& file, std::uint64_t offset, std::uint64_t size) {
  Bytes bytes(size);
  if (auto done = file.read_at(offset, bytes); !done) return std::unexpected(done.error());
  return bytes;
}

Result<SealedIndex> read_index(const File& file, const SealedName& name, std::uint64_t size) {
  if (size < sealed_header_size + sealed_trailer_size) return fail("index.trailer", "byte 0");
  const auto header = read_part(file, 0, sealed_header_size);
  if (!header) return std::unexpected(header.error());
  if (auto good = check_header(*header, name); !good) return std::unexpected(good.error());
  const auto trailer = read_part(file, size - sealed_trailer_size, sealed_trailer_size);
  if (!trailer) return std::unexpected(trailer.error());
  const auto place = parse_trailer(*trailer, size);
  if (!place) return std::unexpected(place.error());
  const auto page = read_part(file, place->offset, place->size);
  if (!page) return std::unexpected(page.error());
  const auto raw = open_page(*page, index_raw_max);
  if (!raw) return placed(raw.error(), {}, place->offset);
  auto index = parse_index(*raw, place->offset);
  if (!index)
    return fail(index.error().code, "byte " + std::to_string(place->offset),
                "in the index, " + index.error().field);
  return index;
}

}  // namespace

observation::SealedFile facts_of(const SealedName& name, const SealedIndex& index) {
  observation::SealedFile facts{.name = text_of(name),
                                .blocks = index.blocks.size(),
                                .readings = index.readings(),
                                .first = index.blocks.front().first,
                                .last = index.blocks.front().last,
                                .first_ordinal = name.first_ordinal,
                                .last_ordinal = name.last_ordinal};
  for (const BlockEntry& block : index.blocks) {
    facts.first = std::min(facts.first, block.first);
    facts.last = std::max(facts.last, block.last);
  }
  return facts;
}

Result<LoadedSealed> load_sealed(FileSystem& files, const std::string& folder,
                                 const SealedName& name) {
  const std::string path = folder + "/" + text_of(name);
  const auto file = files.open_to_read(path);
  if (!file) return std::unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  auto index = read_index(**file, name, *size);
  if (!index) return std::unexpected(index.error());
  auto loaded = std::make_shared<SealedOnDisk>();
  loaded->name = name;
  loaded->path = path;
  loaded->facts = facts_of(name, *index);
  loaded->facts.bytes = *size;
  loaded->page_offsets = std::move(index->page_offsets);
  loaded->last_arrival = index->last_arrival;
  return LoadedSealed{std::move(loaded), std::move(*index)};
}

Result<const Bytes*> BlockReader::page(const SealedOnDisk& file, std::uint32_t page) {
  Slot& slot = slots_[(file.name.first_ordinal * 31 + page) % slots_.size()];
  if (slot.file == &file && slot.page == page) return &slot.raw;
  const auto opened = files_->open_to_read(file.path);
  if (!opened) {
    Error error = opened.error();
    if (error.code == "store.not_found") error.code = "store.file_missing";
    return std::unexpected(std::move(error));
  }
  const std::uint64_t begin = file.page_offsets[page];
  const auto packed = read_part(**opened, begin, file.page_offsets[page + 1] - begin);
  if (!packed) return std::unexpected(packed.error());
  auto raw = open_page(*packed, page_raw_max);
  if (!raw) return placed(raw.error(), file.facts.name, begin);
  slot = {&file, page, std::move(*raw)};
  return &slot.raw;
}

Result<void> BlockReader::read(const BlockRef& block, PointKey point, std::vector<Reading>& out) {
  const auto raw = page(*block.file, block.page);
  if (!raw) return std::unexpected(raw.error());
  const std::uint64_t begin = block.file->page_offsets[block.page];
  std::size_t at = block.offset;
  const std::size_t end = at + block.size;
  const auto bad = [&](Error error) {
    return fail(error.code, block.file->facts.name + " byte " + std::to_string(begin),
                "in the page, " + error.field);
  };
  if (end > (*raw)->size()) return bad({"block.short", "byte " + std::to_string(at), {}});
  const std::size_t before = out.size();
  const auto done = observation::decode_block(std::span(**raw).first(end), at, point, out);
  if (!done) return bad(done.error());
  if (at != end || out.size() - before != block.count) {
    out.resize(before);
    return bad({"block.index", "byte " + std::to_string(block.offset), {}});
  }
  return {};
}

void BlockReader::forget(const SealedOnDisk* file) {
  for (Slot& slot : slots_)
    if (slot.file == file) slot = {};
}

void Catalog::sum_up(std::vector<Entry>& entries, std::size_t from) {
  for (std::size_t i = from; i < entries.size(); ++i)
    entries[i].last_so_far =
        i == 0 ? entries[i].last : std::max(entries[i].last, entries[i - 1].last_so_far);
}

void Catalog::add(std::shared_ptr<const SealedOnDisk> file, const SealedIndex& index,
                  std::span<const PointKey> keys) {
  for (const BlockEntry& block : index.blocks) {
    const std::size_t key = index_of(keys[block.point]);
    if (key >= blocks_.size()) blocks_.resize(std::max(key + 1, blocks_.size() * 2));
    auto& entries = blocks_[key];
    const auto at = std::ranges::upper_bound(entries, block.first, {}, &Entry::first);
    const auto place = at - entries.begin();
    entries.insert(at, {file.get(), block.page, block.offset, block.size, block.count, block.first,
                        block.last, block.last});
    sum_up(entries, static_cast<std::size_t>(place));
  }
  const auto order = [](const auto& f) {
    return std::tuple(f->name.first_ordinal, f->name.generation);
  };
  files_.insert(std::ranges::upper_bound(files_, order(file), {}, order), std::move(file));
}

void Catalog::remove(const SealedOnDisk* file) {
  for (auto& entries : blocks_)
    if (std::erase_if(entries, [file](const Entry& entry) { return entry.file == file; }) > 0)
      sum_up(entries, 0);
  std::erase_if(files_, [file](const auto& shared) { return shared.get() == file; });
}

std::shared_ptr<const SealedOnDisk> Catalog::share(const SealedOnDisk* file) const {
  const auto found =
      std::ranges::find(files_, file, [](const auto& shared) { return shared.get(); });
  TOCSIN_CHECK(found != files_.end());
  return *found;
}

std::vector<BlockRef> Catalog::overlapping(PointKey point, Instant from, Instant to) const {
  const std::size_t key = index_of(point);
  if (key >= blocks_.size()) return {};
  const auto& entries = blocks_[key];
  std::vector<const Entry*> found;
  auto entry = std::ranges::lower_bound(entries, from, {}, &Entry::last_so_far);
  for (; entry != entries.end() && entry->first < to; ++entry)
    if (entry->last >= from) found.push_back(&*entry);
  std::ranges::sort(found, {}, [](const Entry* e) {
    return std::tuple(e->file->name.first_ordinal, e->page, e->offset);
  });
  std::vector<BlockRef> out;
  out.reserve(found.size());
  std::shared_ptr<const SealedOnDisk> file;
  for (const Entry* e : found) {
    if (file.get() != e->file) file = share(e->file);
    out.push_back({file, e->page, e->offset, e->size, e->count, e->first, e->last});
  }
  return out;
}

Instant Catalog::newest(PointKey point) const {
  const std::size_t key = index_of(point);
  if (key >= blocks_.size() || blocks_[key].empty()) return Instant::min();
  return blocks_[key].back().last_so_far;
}

const SealedOnDisk* Catalog::holding(std::uint64_t ordinal) const {
  for (const auto& file : files_)
    if (file->name.first_ordinal <= ordinal && ordinal <= file->name.last_ordinal)
      return file.get();
  return nullptr;
}

}  // namespace tocsin::reading_store
