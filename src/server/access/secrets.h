#pragma once
// Secrets: made by dice, kept as hashes, compared in constant time.

#include <array>
#include <string>
#include <string_view>

#include "base/random.h"

namespace tocsin::server {

/// 256 bits as base64url (43 characters): session tokens, ingest keys.
std::string make_token(Dice& dice);

/// Lower-case hex SHA-256: how tokens and ingest keys are kept.
std::string token_hash(std::string_view token);

/// 80 bits in letters and digits that cannot be misread (Crockford's base 32), in groups of four:
/// "K7QM-2XPD-9RTA-5WEH". For codes that are printed: break-glass, first set-up.
std::string make_printed_code(Dice& dice);

/// Hash of a printed code as typed: case, spaces and dashes do not matter, O is 0, I and L are 1.
std::string printed_code_hash(std::string_view code);

/// True when equal; the time depends on the lengths only.
bool same_secret(std::string_view a, std::string_view b);

/// 设备. A sealed mark that this browser has logged in as `login` before, so that somebody else's
/// guessing does not slow its owner down. Nothing is proven by it but that.
class DeviceMarks {
 public:
  explicit DeviceMarks(std::array<std::uint8_t, 32> key) : key_(key) {}
  std::string make(std::string_view login, Dice& dice) const;
  /// The mark's own name when it is genuine and of this login, else empty.
  std::string name_of(std::string_view mark, std::string_view login) const;

 private:
  std::string seal(std::string_view login, std::string_view nonce) const;
  std::array<std::uint8_t, 32> key_;
};

}  // namespace tocsin::server
