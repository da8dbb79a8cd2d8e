#pragma once
// Text forms of bytes: lower-case hex and unpadded base64url (RFC 4648 §5).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

using Bytes = std::vector<std::uint8_t>;

std::string to_hex(std::span<const std::uint8_t> bytes);
/// Either case; nullopt when the length is odd or a character is no hex digit.
std::optional<Bytes> from_hex(std::string_view text);

std::string to_base64url(std::span<const std::uint8_t> bytes);
/// Unpadded; nullopt on a foreign character, an impossible length or bits left over that are not
/// zero: bytes have one text form only.
std::optional<Bytes> from_base64url(std::string_view text);

inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// True when the text is well-formed UTF-8 (no overlong forms, no surrogates).
bool valid_utf8(std::string_view text);

}  // namespace tocsin
