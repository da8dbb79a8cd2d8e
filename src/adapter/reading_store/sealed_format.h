#pragma once
// A sealed file: header, pages of blocks, one page of index, trailer; in memory, pure.
// docs/formats/readings.md, "Sealed file".

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/reading_store/file_names.h"
#include "base/encode.h"
#include "base/result.h"
#include "domain/observation/reading.h"

namespace tocsin::reading_store {

inline constexpr std::size_t sealed_header_size = 36;
inline constexpr std::size_t sealed_trailer_size = 24;
inline constexpr std::size_t block_readings = 1024;  ///< what the writer puts into one at most

/// Where one block lies and what it holds.
struct BlockEntry {
  std::uint32_t point = 0;  ///< the file's own number, index into SealedIndex::points
  std::uint32_t page = 0;
  std::uint32_t offset = 0, size = 0;  ///< within the raw page
  std::uint32_t count = 0;
  Instant first{}, last{};  ///< event time of its first and last reading
  bool operator==(const BlockEntry&) const = default;
};

struct SealedIndex {
  std::vector<std::string> points;
  std::vector<std::uint64_t> page_offsets;  ///< one more than pages: the last is the index's own
  std::vector<BlockEntry> blocks;           ///< in the order of the file
  Instant last_arrival{};
  std::uint64_t readings() const;
};

/// Builds the bytes of one sealed file. Points are added one after another, each once.
class SealedBuilder {
 public:
  explicit SealedBuilder(SealedName name);
  /// All readings of one point, sorted by time; not none.
  void add(std::string_view point, std::span<const observation::Reading> readings);
  /// Writes index and trailer. Returns the whole file; index() is complete then.
  Bytes finish();
  const SealedIndex& index() const { return index_; }

 private:
  void add_block(std::span<const observation::Reading> readings);
  void end_page();

  Bytes file_, page_;
  SealedIndex index_;
};

/// Where the index lies, from the file's last bytes. Errors: "index.trailer".
struct IndexPlace {
  std::uint64_t offset = 0, size = 0;
};
Result<IndexPlace> parse_trailer(std::span<const std::uint8_t> trailer, std::uint64_t file_size);

/// Error "index.header": not this format and version, or not the file its name says.
Result<void> check_header(std::span<const std::uint8_t> header, const SealedName& name);

/// The index from its raw page. Every block is within its page's size limit, pages and points
/// exist, times are in order. Errors: "index.…", "block.short", "block.varint"; field "byte N" of
/// `raw`.
Result<SealedIndex> parse_index(std::span<const std::uint8_t> raw, std::uint64_t index_offset);

}  // namespace tocsin::reading_store
