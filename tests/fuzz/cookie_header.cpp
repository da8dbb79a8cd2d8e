// Any Cookie, Accept-Encoding or If-None-Match header: a view into it or nothing, never more.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "adapter/http/gzip.h"
#include "adapter/http/head.h"
#include "adapter/http/target.h"

using namespace tocsin::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view value = cookie_of(text, "tocsin");
  if (!value.empty() &&
      (value.data() < text.data() || value.data() + value.size() > text.data() + text.size()))
    std::abort();
  if (value.find(';') != std::string_view::npos) std::abort();
  static_cast<void>(takes_gzip(text));
  static_cast<void>(etag_matches(text, "\"v1\""));
  return 0;
}
