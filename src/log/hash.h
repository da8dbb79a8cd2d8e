#pragma once
// The hash of the suite "ed25519-sha256". A second suite ("sm2-sm3") will stand beside it; which
// one a log uses is said by its first event, never guessed.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/encode.h"

namespace tocsin::log {

struct Hash {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Hash&) const = default;
};

/// SHA-256 over the concatenation of the parts.
Hash sha256(std::initializer_list<std::string_view> parts);
inline Hash sha256(std::string_view text) { return sha256({text}); }

/// 43 characters of unpadded base64url, the form a hash has in every file and event.
std::string text_of(const Hash& hash);
std::optional<Hash> parse_hash(std::string_view text);

}  // namespace tocsin::log
