#include "adapter/import/png.h"

#include <array>
#include <cstdint>
#include <string>

namespace tocsin::importing {
namespace {

constexpr std::string_view signature{"\x89PNG\r\n\x1A\n", 8};
constexpr std::uint32_t pixels_max = 16384;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t c = n;
    for (int k = 0; k < 8; ++k) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    table[n] = c;
  }
  return table;
}

constexpr auto crc_table = make_crc_table();

/// ISO 3309, as PNG annex D has it.
std::uint32_t crc_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes)
    crc = crc_table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8);
  return crc ^ 0xFFFFFFFFU;
}

struct Chunk {
  std::string_view type, data;
  std::size_t end = 0;
};

std::unexpected<Error> refuse(std::string code, std::size_t at) {
  return fail(std::move(code), "byte " + std::to_string(at));
}

Result<Chunk> chunk_at(std::string_view bytes, std::size_t at) {
  if (bytes.size() - at < 12) return refuse("png.chunk", at);
  const std::uint32_t size = big_endian(bytes.substr(at));
  if (size > bytes.size() - at - 12) return refuse("png.chunk", at);
  const std::string_view typed = bytes.substr(at + 4, std::size_t{4} + size);
  if (crc_of(typed) != big_endian(bytes.substr(at + 8 + size))) return refuse("png.crc", at);
  return Chunk{typed.substr(0, 4), typed.substr(4), at + 12 + size};
}

Result<PngHeader> header_of(const Chunk& chunk) {
  if (chunk.type != "IHDR" || chunk.data.size() != 13) return refuse("png.header", 8);
  const std::uint32_t width = big_endian(chunk.data), height = big_endian(chunk.data.substr(4));
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(chunk.data[i]); };
  const bool colour = byte(9) == 0 || byte(9) == 2 || byte(9) == 3 || byte(9) == 4 || byte(9) == 6;
  const bool depth = byte(8) == 1 || byte(8) == 2 || byte(8) == 4 || byte(8) == 8 || byte(8) == 16;
  if (width == 0 || height == 0 || width > pixels_max || height > pixels_max || !colour || !depth)
    return refuse("png.header", 16);
  return PngHeader{static_cast<int>(width), static_cast<int>(height), byte(8), byte(9)};
}

}  // namespace

Result<PngHeader> check_png(std::string_view bytes) {
  if (!bytes.starts_with(signature)) return refuse("png.signature", 0);
  const auto first = chunk_at(bytes, signature.size());
  if (!first) return std::unexpected(first.error());
  const auto header = header_of(*first);
  if (!header) return header;
  bool image = false;
  for (std::size_t at = first->end; at < bytes.size();) {
    const auto chunk = chunk_at(bytes, at);
    if (!chunk) return std::unexpected(chunk.error());
    image = image || chunk->type == "IDAT";
    at = chunk->end;
    if (chunk->type != "IEND") continue;
    if (!image) return refuse("png.no_image", at);
    if (at != bytes.size()) return refuse("png.trailing", at);
    return header;
  }
  return refuse("png.no_end", bytes.size());
}

}  // namespace tocsin::importing
