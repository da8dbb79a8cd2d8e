#pragma once
// SM4 as HJ 212-2025 §6.4.2 / annex A.2 uses it: ECB, no padding. Whole 16-character blocks of the
// CP body are encrypted and written as {0xE4,0x3E,…}; what is left over stays plain behind the
// brace. Length field and CRC are those of the plain segment.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::hj212 {

using Sm4Key = std::array<std::uint8_t, 16>;

/// 32 hex digits of either case. Error "hj212.key".
Result<Sm4Key> parse_key(std::string_view hex);

/// True when a CP body (the text between the && marks) starts like a cipher text.
bool looks_encrypted(std::string_view cp_body);

/// CP body as sent -> plain CP body. Errors "hj212.cipher" (not {0x..,…}, or no whole blocks).
Result<std::string> decrypt_cp(std::string_view cp_body, const Sm4Key& key);

/// Plain CP body -> the form sent. A body shorter than one block stays plain, as the standard has
/// it. Error "hj212.cipher" only where OpenSSL was built without SM4.
Result<std::string> encrypt_cp(std::string_view plain, const Sm4Key& key);

}  // namespace tocsin::hj212
