#pragma once
// Finding the byte. A hash says that a record was changed, not where; since most damage is one byte
// (a turned bit, an editor's keystroke), trying every single change finds it.

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "log/hash.h"

namespace tocsin::log {

/// One byte that, put back, makes the bytes right again.
struct WrongByte {
  std::size_t offset = 0;
  std::uint8_t is = 0, was = 0;
};

/// Tries every change of one byte (records up to 4 KiB) or of one bit (up to 16 KiB) until `right`
/// accepts the hash; nullopt when none does or the bytes are more. Takes up to about two seconds.
std::optional<WrongByte> find_wrong_byte(std::string_view bytes,
                                         const std::function<bool(const Hash&)>& right);

}  // namespace tocsin::log
