#include "adapter/reading_store/sealed_format.h"

#include <algorithm>

#include "adapter/reading_store/bytes.h"
#include "adapter/reading_store/page.h"
#include "domain/observation/block.h"
#include "domain/observation/column.h"

namespace tocsin::reading_store {
namespace {

using observation::decode_column;
using observation::encode_column;
using observation::Input;
using observation::put_varint;
using observation::Reading;

constexpr std::string_view header_magic = "TOCSINRB", trailer_magic = "TOCSINRE";
constexpr std::uint32_t version = 1;
constexpr std::size_t page_raw_target = 32'768;
constexpr std::uint64_t blocks_max = std::uint64_t{1} << 22, points_max = std::uint64_t{1} << 20;
constexpr std::size_t point_id_max = 128;

void put_text(std::string_view text, Bytes& out) {
  out.insert(out.end(), text.begin(), text.end());
}

/// Each name as the length it shares with the one before and the rest.
void put_points(const std::vector<std::string>& points, Bytes& out) {
  put_varint(points.size(), out);
  std::string_view before;
  for (const std::string_view point : points) {
    const auto [end, unused] = std::ranges::mismatch(before, point);
    const auto shared = static_cast<std::size_t>(end - before.begin());
    put_varint(shared, out);
    put_varint(point.size() - shared, out);
    put_text(point.substr(shared), out);
    before = point;
  }
}

std::vector<std::string> get_points(Input& in) {
  std::vector<std::string> points;
  const std::uint64_t count =
      in.varint(std::min<std::uint64_t>(points_max, in.left()), "index.points");
  std::string name;
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
    name.resize(in.varint(name.size(), "index.points"));
    name += as_text(in.take(in.varint(point_id_max - name.size(), "index.points")));
    points.push_back(name);
  }
  return points;
}

template <class Get>
void put_column_of(const std::vector<BlockEntry>& blocks, Bytes& out, Get get) {
  std::vector<std::int64_t> column;
  column.reserve(blocks.size());
  for (const BlockEntry& block : blocks) column.push_back(get(block));
  encode_column(column, out);
}

/// One column of the block table. A value outside [low, high] is "index.range".
template <class Set>
void get_column_of(Input& in, std::vector<BlockEntry>& blocks, std::int64_t low, std::int64_t high,
                   Set set) {
  std::vector<std::int64_t> column(blocks.size());
  const std::size_t start = in.at();
  decode_column(in, column);
  for (std::size_t i = 0; i < blocks.size() && !in.failed(); ++i) {
    if (column[i] < low || column[i] > high) return in.fail("index.range", start);
    set(blocks[i], column[i]);
  }
}

void put_index(const SealedIndex& index, Bytes& out) {
  put_varint(observation::zigzag(ms_of(index.last_arrival)), out);
  put_points(index.points, out);
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 1; i < index.page_offsets.size(); ++i)
    sizes.push_back(static_cast<std::int64_t>(index.page_offsets[i] - index.page_offsets[i - 1]));
  put_varint(sizes.size(), out);
  encode_column(sizes, out);
  put_varint(index.blocks.size(), out);
  put_column_of(index.blocks, out, [](const BlockEntry& b) { return b.point; });
  put_column_of(index.blocks, out, [](const BlockEntry& b) { return b.page; });
  put_column_of(index.blocks, out, [](const BlockEntry& b) { return b.size; });
  put_column_of(index.blocks, out, [](const BlockEntry& b) { return b.count; });
  put_column_of(index.blocks, out, [](const BlockEntry& b) { return ms_of(b.first); });
  put_column_of(index.blocks, out,
                [](const BlockEntry& b) { return ms_of(b.last) - ms_of(b.first); });
}

void get_pages(Input& in, SealedIndex& index, std::uint64_t index_offset) {
  const std::size_t start = in.at();
  const std::uint64_t count = in.varint(blocks_max, "index.pages");
  if (!in.failed() && count == 0) in.fail("index.pages", start);
  if (in.failed()) return;
  std::vector<std::int64_t> sizes(count);
  decode_column(in, sizes);
  std::uint64_t offset = sealed_header_size;
  index.page_offsets = {offset};
  for (const std::int64_t size : sizes) {
    if (size < static_cast<std::int64_t>(page_header_size) ||
        static_cast<std::uint64_t>(size) > index_offset - offset)
      return in.fail("index.pages", start);
    offset += static_cast<std::uint64_t>(size);
    index.page_offsets.push_back(offset);
  }
  if (offset != index_offset) in.fail("index.pages", start);
}

void get_blocks(Input& in, SealedIndex& index) {
  const std::uint64_t count = in.varint(blocks_max, "index.blocks");
  if (!in.failed() && count == 0) in.fail("index.blocks");
  if (in.failed()) return;
  constexpr std::int64_t time_max = std::int64_t{1} << 60;
  auto& blocks = index.blocks;
  blocks.resize(count);
  const auto points = static_cast<std::int64_t>(index.points.size());
  const auto pages = static_cast<std::int64_t>(index.page_offsets.size()) - 1;
  const auto narrow = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  get_column_of(in, blocks, 0, points - 1, [&](auto& b, auto v) { b.point = narrow(v); });
  get_column_of(in, blocks, 0, pages - 1, [&](auto& b, auto v) { b.page = narrow(v); });
  get_column_of(in, blocks, 1, page_raw_max, [&](auto& b, auto v) { b.size = narrow(v); });
  get_column_of(in, blocks, 1, observation::block_readings_max,
                [&](auto& b, auto v) { b.count = narrow(v); });
  get_column_of(in, blocks, -time_max, time_max, [](auto& b, auto v) { b.first = instant_ms(v); });
  get_column_of(in, blocks, 0, time_max, [](auto& b, auto v) { b.last = b.first + Duration(v); });
}

/// Blocks lie one behind the other, page after page.
void place_blocks(Input& in, SealedIndex& index) {
  std::uint32_t page = 0, offset = 0;
  for (BlockEntry& block : index.blocks) {
    if (block.page != page) offset = 0;
    if (block.page < page || block.page > page + 1 || offset + block.size > page_raw_max)
      return in.fail("index.order");
    page = block.page;
    block.offset = offset;
    offset += block.size;
  }
}

}  // namespace

std::uint64_t SealedIndex::readings() const {
  std::uint64_t sum = 0;
  for (const BlockEntry& block : blocks) sum += block.count;
  return sum;
}

SealedBuilder::SealedBuilder(SealedName name) {
  put_text(header_magic, file_);
  put(version, file_);
  put(name.generation, file_);
  put(name.first_ordinal, file_);
  put(name.last_ordinal, file_);
  put(crc32c(file_), file_);
  index_.page_offsets = {file_.size()};
}

void SealedBuilder::add(std::string_view point, std::span<const Reading> readings) {
  TOCSIN_CHECK(!readings.empty());
  index_.points.emplace_back(point);
  // Equal blocks rather than full ones and a small rest.
  const std::size_t blocks = (readings.size() + block_readings - 1) / block_readings;
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::size_t begin = readings.size() * i / blocks;
    const std::size_t end = readings.size() * (i + 1) / blocks;
    add_block(readings.subspan(begin, end - begin));
  }
}

void SealedBuilder::add_block(std::span<const Reading> readings) {
  if (page_.size() >= page_raw_target) end_page();
  const std::size_t offset = page_.size();
  observation::encode_block(readings, page_);
  index_.blocks.push_back({.point = static_cast<std::uint32_t>(index_.points.size() - 1),
                           .page = static_cast<std::uint32_t>(index_.page_offsets.size() - 1),
                           .offset = static_cast<std::uint32_t>(offset),
                           .size = static_cast<std::uint32_t>(page_.size() - offset),
                           .count = static_cast<std::uint32_t>(readings.size()),
                           .first = readings.front().time,
                           .last = readings.back().time});
  for (const Reading& reading : readings)
    index_.last_arrival = std::max(index_.last_arrival, reading.arrival);
}

void SealedBuilder::end_page() {
  put_page(page_, file_);
  index_.page_offsets.push_back(file_.size());
  page_.clear();
}

Bytes SealedBuilder::finish() {
  TOCSIN_CHECK(!index_.blocks.empty());
  end_page();
  Bytes raw;
  put_index(index_, raw);
  const std::uint64_t offset = file_.size();
  const std::uint64_t size = put_page(raw, file_);
  const std::size_t start = file_.size();
  put(offset, file_);
  put(static_cast<std::uint32_t>(size), file_);
  put(crc32c(std::span(file_).subspan(start)), file_);
  put_text(trailer_magic, file_);
  return std::move(file_);
}

Result<IndexPlace> parse_trailer(std::span<const std::uint8_t> trailer, std::uint64_t file_size) {
  const std::uint64_t least = sealed_header_size + sealed_trailer_size;
  const bool good = trailer.size() == sealed_trailer_size && file_size >= least &&
                    as_text(trailer.subspan(16)) == trailer_magic &&
                    get<std::uint32_t>(trailer, 12) == crc32c(trailer.first(12));
  const std::uint64_t begin = file_size < least ? 0 : file_size - sealed_trailer_size;
  const auto bad = fail("index.trailer", "byte " + std::to_string(begin));
  if (!good) return bad;
  const IndexPlace place{get<std::uint64_t>(trailer, 0), get<std::uint32_t>(trailer, 8)};
  if (place.offset < sealed_header_size || place.offset > begin ||
      place.size != begin - place.offset)
    return bad;
  return place;
}

Result<void> check_header(std::span<const std::uint8_t> header, const SealedName& name) {
  const bool good = header.size() == sealed_header_size &&
                    as_text(header.first(8)) == header_magic &&
                    get<std::uint32_t>(header, 32) == crc32c(header.first(32)) &&
                    get<std::uint32_t>(header, 8) == version;
  if (!good) return fail("index.header", "byte 0");
  const SealedName own{get<std::uint64_t>(header, 16), get<std::uint64_t>(header, 24),
                       get<std::uint32_t>(header, 12)};
  if (own != name) return fail("index.header", "byte 0", "it is " + text_of(own));
  return {};
}

Result<SealedIndex> parse_index(std::span<const std::uint8_t> raw, std::uint64_t index_offset) {
  Input in(raw);
  SealedIndex index;
  index.last_arrival = instant_ms(observation::unzigzag(in.varint()));
  index.points = get_points(in);
  get_pages(in, index, index_offset);
  if (!in.failed()) get_blocks(in, index);
  if (!in.failed()) place_blocks(in, index);
  if (!in.failed() && in.left() != 0) in.fail("index.rest");
  if (in.failed()) return std::unexpected(in.error());
  return index;
}

}  // namespace tocsin::reading_store
