// Any configuration file: read, or refused with every problem named.

#include "server/config.h"

#include <cstdint>
#include <cstdlib>

using namespace tocsin::server;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 64 * 1024) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = parse_config(text, "/nonexistent");
  if (!config) {
    if (config.error().empty()) std::abort();
    for (const auto& error : config.error())
      if (!error.code.starts_with("config.") || error.field.empty()) std::abort();
    return 0;
  }
  for (const ListenConfig& listen : config->desk)
    if (!listen.tls() && !is_loopback(listen.address) &&
        text.find(plain_words) == std::string_view::npos)
      std::abort();
  return 0;
}
