#pragma once
// The body of a streaming response: chunks, compressed piece by piece where asked for; and whom a
// request is from, behind a proxy or not. Private to this room.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapter/http/gzip.h"
#include "adapter/http/message.h"

namespace tocsin::http {

class ChunkSink final : public Sink {
 public:
  using Put = std::function<asio::awaitable<bool>(std::string)>;
  ChunkSink(Put put, bool chunked, bool gzip, const std::atomic<bool>& stopping);

  asio::awaitable<Result<void>> write(std::string piece) override;
  /// The last chunk; false when the connection is gone.
  asio::awaitable<bool> end();

 private:
  std::string frame(std::string bytes) const;
  Put put_;
  bool chunked_;
  bool gone_ = false;
  std::unique_ptr<GzipStream> gzip_;
  const std::atomic<bool>& stopping_;
};

/// The client behind a connection: the last address of X-Forwarded-For when the connection comes
/// from a trusted proxy, else the connection's own. Whoever comes through any proxy is not local.
Peer peer_of(const Peer& direct, const Pairs& headers, const std::vector<std::string>& trusted);

}  // namespace tocsin::http
