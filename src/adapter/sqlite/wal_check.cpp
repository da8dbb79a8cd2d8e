#include "adapter/sqlite/wal_check.h"

#include <array>
#include <fstream>
#include <vector>

#include "adapter/sqlite/page_check.h"
#include "base/encode.h"

namespace tocsin::sqlite {
namespace {

// https://www.sqlite.org/fileformat2.html, "The Write-Ahead Log": 32 bytes of header, then frames
// of 24 bytes and a page. Two sums run over header and frames without a break.
constexpr std::size_t header_size = 32, frame_header_size = 24;

using View = std::span<const std::uint8_t>;

std::uint32_t word(View bytes, std::size_t at, bool big_endian = true) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | bytes[at + (big_endian ? i : 3 - i)];
  return out;
}

struct Sums {
  std::uint32_t first = 0, second = 0;
  bool big_endian = false;

  void add(View bytes) {
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
      first += word(bytes, i, big_endian) + second;
      second += word(bytes, i + 4, big_endian) + first;
    }
  }
  bool are(View bytes, std::size_t at) const {
    return word(bytes, at) == first && word(bytes, at + 4) == second;
  }
};

}  // namespace

Result<WalState> check_wal(const std::string& path) {
  WalState out;
  std::ifstream in(path, std::ios::binary);
  std::array<std::uint8_t, header_size> header{};
  const auto read = [&](std::span<std::uint8_t> into) {
    in.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
    return in.gcount() == static_cast<std::streamsize>(into.size());
  };
  if (!in || !read(header)) return out;
  const std::uint32_t magic = word(header, 0);
  Sums sums;
  sums.big_endian = magic == 0x377f0683;
  sums.add(View(header).first(24));
  if ((magic & ~1u) != 0x377f0682 || word(header, 8) != page_size || !sums.are(header, 24))
    return fail("store.damaged", path + ", byte 0", "its header does not hold");
  std::vector<std::uint8_t> frame(frame_header_size + page_size);
  for (std::uint64_t at = header_size; read(frame); at += frame.size()) {
    const View view(frame);
    if (word(view, 8) != word(header, 16) || word(view, 12) != word(header, 20)) {
      if (!out.broken_at) out.broken_at = at;  // of an earlier round, or its mark was changed
      continue;
    }
    const bool commit = word(view, 4) != 0;
    if (!out.broken_at) {
      sums.add(view.first(8));
      sums.add(view.subspan(frame_header_size));
      if (!sums.are(view, 16)) out.broken_at = at;
    }
    if (out.broken_at) {
      out.commits_behind += commit;
      continue;
    }
    ++out.frames;
    out.commits += commit;
  }
  return out;
}

}  // namespace tocsin::sqlite
