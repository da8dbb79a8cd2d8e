// Any bytes as the page and index of a sealed file: refused, or every block it names lies where its
// page can hold it and every point it names exists.

#include <cstdint>

#include "adapter/reading_store/page.h"
#include "adapter/reading_store/sealed_format.h"

using namespace tocsin;
using namespace tocsin::reading_store;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first two bytes are where the index would begin, the rest its raw content.
  if (size < 2) return 0;
  const std::span bytes(data, size);
  (void)open_page(bytes, page_raw_max);
  (void)parse_trailer(bytes, size + data[0]);
  const std::uint64_t offset = data[0] + 256u * data[1];
  const auto index = parse_index(bytes.subspan(2), offset);
  if (!index) {
    TOCSIN_CHECK(index.error().field.starts_with("byte "));
    return 0;
  }
  TOCSIN_CHECK(index->page_offsets.front() == sealed_header_size);
  TOCSIN_CHECK(index->page_offsets.back() == offset);
  for (const BlockEntry& block : index->blocks) {
    TOCSIN_CHECK(block.point < index->points.size());
    TOCSIN_CHECK(block.page + 1 < index->page_offsets.size());
    TOCSIN_CHECK(block.offset + block.size <= page_raw_max && block.count > 0);
    TOCSIN_CHECK(block.first <= block.last);
  }
  return 0;
}
