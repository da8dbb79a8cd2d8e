#include "adapter/http/gzip.h"

#include <zlib.h>

#include "base/result.h"

namespace tocsin::http {
namespace {

constexpr int gzip_window = 15 + 16;

void start(z_stream& z, int level, int window_bits, int memory) {
  const int done = deflateInit2(&z, level, Z_DEFLATED, window_bits, memory, Z_DEFAULT_STRATEGY);
  TOCSIN_CHECK(done == Z_OK);
}

std::string run(z_stream& z, std::string_view bytes, int flush) {
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  do {
    const std::size_t had = out.size();
    out.resize(had + std::max<std::size_t>(256, bytes.size() / 4));
    z.next_out = reinterpret_cast<Bytef*>(out.data() + had);
    z.avail_out = static_cast<uInt>(out.size() - had);
    deflate(&z, flush);
    out.resize(out.size() - z.avail_out);
  } while (z.avail_out == 0);
  return out;
}

bool starts(std::string_view text, std::string_view head) { return text.starts_with(head); }

}  // namespace

std::string gzip(std::string_view bytes, int level) {
  z_stream z{};
  start(z, level, gzip_window, 8);
  std::string out = run(z, bytes, Z_FINISH);
  deflateEnd(&z);
  return out;
}

struct GzipStream::State {
  z_stream z{};
};

GzipStream::GzipStream() : state_(std::make_unique<State>()) {
  // Many streams stand open at once: a 16 kB window and small tables, 48 kB each instead of 256.
  start(state_->z, 4, 14 + 16, 5);
}
GzipStream::~GzipStream() { deflateEnd(&state_->z); }
std::string GzipStream::piece(std::string_view bytes) {
  return run(state_->z, bytes, Z_SYNC_FLUSH);
}
std::string GzipStream::end() { return run(state_->z, {}, Z_FINISH); }

bool takes_gzip(std::string_view header) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    std::string_view item = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    if (!starts(item, "gzip")) continue;
    item.remove_prefix(4);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    if (item.empty()) return true;
    if (item.front() != ';') continue;
    const std::size_t q = item.find("q=");
    return q == std::string_view::npos || item.find_first_of("123456789", q) != item.npos;
  }
  return false;
}

bool gains_by_gzip(std::string_view type) {
  return starts(type, "text/") || starts(type, "application/json") ||
         starts(type, "application/geo+json") || starts(type, "application/problem+json") ||
         starts(type, "application/xml") || starts(type, "application/atom+xml") ||
         starts(type, "application/cap+xml") || starts(type, "application/manifest+json") ||
         starts(type, "application/wasm") || starts(type, "image/svg+xml");
}

}  // namespace tocsin::http
