#pragma once
// The checksum of HJ 212 and the wrong ones that devices send in its place.

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::hj212 {

/// CRC of HJ 212-2017 annex A: polynomial A001, seed FFFF, each byte xor-ed into the register
/// *after* it was shifted right by eight. That last step is what makes it differ from Modbus and
/// leaves only 256 distinct values, so a right CRC alone proves little.
std::uint16_t crc16(std::string_view segment);

/// CRC-16/MODBUS: same polynomial and seed, byte xor-ed into the low half of the register.
std::uint16_t crc16_modbus(std::string_view segment);

/// CRC-16/ARC: as Modbus with seed 0.
std::uint16_t crc16_arc(std::string_view segment);

/// Which algorithm and byte order a CRC field was made with. `standard` is the right one.
enum class CrcVariant : std::uint8_t {
  standard,
  standard_lo_first,
  modbus_hi_first,
  modbus_lo_first,
  arc_hi_first,
  arc_lo_first,
};

/// "hj212", "modbus-hi-first", …: the name in reports and in a station's profile.
std::string_view name_of(CrcVariant variant);
std::optional<CrcVariant> crc_variant_of(std::string_view name);

/// The value to print, high byte first, as four hex digits so that `variant` is met.
std::uint16_t crc_for(std::string_view segment, CrcVariant variant);

/// The variant whose value over `segment` is `sent`; nullopt when none fits. The standard wins.
std::optional<CrcVariant> match_crc(std::string_view segment, std::uint16_t sent);

/// Exactly four hex digits of either case; nullopt otherwise.
std::optional<std::uint16_t> parse_crc(std::string_view text);

}  // namespace tocsin::hj212
