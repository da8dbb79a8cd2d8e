#include "adapter/http/sink.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tocsin::http {

ChunkSink::ChunkSink(Put put, bool chunked, bool gzip, const std::atomic<bool>& stopping)
    : put_(std::move(put)),
      chunked_(chunked),
      gzip_(gzip ? std::make_unique<GzipStream>() : nullptr),
      stopping_(stopping) {}

std::string ChunkSink::frame(std::string bytes) const {
  if (!chunked_) return bytes;
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.begin(), size.end(), bytes.size(), 16).ptr;
  std::string out(size.begin(), end);
  return out.append("\r\n").append(bytes).append("\r\n");
}

asio::awaitable<Result<void>> ChunkSink::write(std::string piece) {
  if (gone_ || stopping_) co_return fail("http.gone");
  if (gzip_) piece = gzip_->piece(piece);
  if (piece.empty()) co_return Result<void>();  // an empty chunk would end the body
  const bool written = co_await put_(frame(std::move(piece)));
  gone_ = !written;
  if (gone_) co_return fail("http.gone");
  co_return Result<void>();
}

asio::awaitable<bool> ChunkSink::end() {
  if (gone_) co_return false;
  std::string last;
  if (gzip_) last = frame(gzip_->end());
  if (chunked_) last += "0\r\n\r\n";
  co_return co_await put_(std::move(last));
}

Peer peer_of(const Peer& direct, const Pairs& headers, const std::vector<std::string>& trusted) {
  Peer peer = direct;
  const std::string_view forwarded = find(headers, "x-forwarded-for");
  if (forwarded.empty() && !has(headers, "forwarded")) return peer;
  peer.loopback = false;
  if (std::ranges::find(trusted, direct.address) == trusted.end()) return peer;
  std::string_view last = forwarded.substr(forwarded.rfind(',') + 1);
  while (!last.empty() && last.front() == ' ') last.remove_prefix(1);
  while (!last.empty() && last.back() == ' ') last.remove_suffix(1);
  if (!last.empty() && last.size() <= 45) peer.address = last;
  return peer;
}

}  // namespace tocsin::http
