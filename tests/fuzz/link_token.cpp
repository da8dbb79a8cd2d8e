// Any token: verify never accepts what sign did not make, and what it accepts signs back the same.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/link/token.h"

using namespace tocsin::server;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const LinkKey key({7, 7, 7});
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto raw = key.verify(text);
  if (raw && key.sign(*raw) != text) std::abort();
  if (size < 17) return 0;
  // The same bytes as claims: they survive the way there and back.
  LinkClaims claims;
  claims.call = "c-";
  for (std::size_t i = 0; i < 10; ++i)
    for (const int half : {data[i] >> 4, data[i] & 15}) claims.call += "0123456789abcdef"[half];
  claims.rung = data[10];
  std::uint32_t end = 0;
  for (std::size_t i = 11; i < 15; ++i) end = end << 8 | data[i];
  claims.expires = tocsin::instant_ms(std::int64_t{end} * 1000);
  std::string token = key.sign(claims);
  const auto back = key.verify(token);
  if (!back || *back != claims) std::abort();
  const std::size_t at = data[15] % token.size();
  const char other = static_cast<char>(data[16]);
  if (token[at] == other) return 0;
  token[at] = other;
  if (key.verify(token)) std::abort();
  return 0;
}
