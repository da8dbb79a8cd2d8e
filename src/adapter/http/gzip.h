#pragma once
// gzip (RFC 1952) by zlib: whole bodies, and streams flushed piece by piece.

#include <memory>
#include <string>
#include <string_view>

namespace tocsin::http {

/// Level 1 (quick) to 9 (small).
std::string gzip(std::string_view bytes, int level = 3);

/// One gzip member written in pieces; each piece can be read when it arrives.
class GzipStream {
 public:
  GzipStream();
  ~GzipStream();
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  std::string piece(std::string_view bytes);
  std::string end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// True when an Accept-Encoding header takes gzip (q above 0).
bool takes_gzip(std::string_view accept_encoding);
/// True for media types that gain by it: text, JSON, JavaScript, SVG, XML, WebAssembly.
bool gains_by_gzip(std::string_view content_type);

}  // namespace tocsin::http
