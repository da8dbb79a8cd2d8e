#include "adapter/reading_store/page.h"

#include <zstd.h>

#include <memory>

#include "adapter/reading_store/bytes.h"

namespace tocsin::reading_store {
namespace {

// Level 6 and above win under two per cent on readings and cost twice the time.
constexpr int compression_level = 5;

struct Free {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::size_t put_page(std::span<const std::uint8_t> raw, Bytes& out) {
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  TOCSIN_CHECK(context != nullptr);
  const std::size_t start = out.size();
  out.resize(start + page_header_size + ZSTD_compressBound(raw.size()));
  const std::size_t size = ZSTD_compressCCtx(context.get(), out.data() + start + page_header_size,
                                             out.size() - start - page_header_size, raw.data(),
                                             raw.size(), compression_level);
  TOCSIN_CHECK(ZSTD_isError(size) == 0);
  out.resize(start + page_header_size + size);
  put_at(static_cast<std::uint32_t>(size), out, start);
  put_at(static_cast<std::uint32_t>(raw.size()), out, start + 4);
  const auto page = std::span(out).subspan(start);
  put_at(crc32c(page.subspan(page_header_size), crc32c(page.first(8))), out, start + 8);
  return page.size();
}

Result<Bytes> open_page(std::span<const std::uint8_t> page, std::size_t raw_max) {
  if (page.size() < page_header_size ||
      get<std::uint32_t>(page, 0) != page.size() - page_header_size)
    return fail("page.short", "byte 0");
  const auto packed = page.subspan(page_header_size);
  if (get<std::uint32_t>(page, 8) != crc32c(packed, crc32c(page.first(8))))
    return fail("page.checksum", "byte 0");
  const std::size_t raw_size = get<std::uint32_t>(page, 4);
  if (raw_size > raw_max) return fail("page.size", "byte 0");
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  TOCSIN_CHECK(context != nullptr);
  Bytes raw(raw_size);
  const std::size_t size =
      ZSTD_decompressDCtx(context.get(), raw.data(), raw.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0 || size != raw_size) return fail("page.compression", "byte 0");
  return raw;
}

}  // namespace tocsin::reading_store
