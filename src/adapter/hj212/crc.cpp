#include "adapter/hj212/crc.h"

#include <array>
#include <utility>

namespace tocsin::hj212 {
namespace {

constexpr std::array<std::uint16_t, 256> make_table() {
  std::array<std::uint16_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) ? (value >> 1) ^ 0xA001u : value >> 1;
    table[i] = static_cast<std::uint16_t>(value);
  }
  return table;
}

constexpr auto table = make_table();

std::uint16_t reflected(std::string_view bytes, std::uint16_t seed) {
  std::uint32_t crc = seed;
  for (const char c : bytes)
    crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xFFu];
  return static_cast<std::uint16_t>(crc);
}

std::uint16_t swapped(std::uint16_t v) { return static_cast<std::uint16_t>((v << 8) | (v >> 8)); }

constexpr std::pair<CrcVariant, std::string_view> names[] = {
    {CrcVariant::standard, "hj212"},
    {CrcVariant::standard_lo_first, "hj212-lo-first"},
    {CrcVariant::modbus_hi_first, "modbus-hi-first"},
    {CrcVariant::modbus_lo_first, "modbus-lo-first"},
    {CrcVariant::arc_hi_first, "arc-hi-first"},
    {CrcVariant::arc_lo_first, "arc-lo-first"},
};

}  // namespace

std::uint16_t crc16(std::string_view segment) {
  // (crc >> 8) ^ byte is below 256, so eight single shifts are one look into the table.
  std::uint32_t crc = 0xFFFF;
  for (const char c : segment) crc = table[(crc >> 8) ^ static_cast<unsigned char>(c)];
  return static_cast<std::uint16_t>(crc);
}

std::uint16_t crc16_modbus(std::string_view segment) { return reflected(segment, 0xFFFF); }
std::uint16_t crc16_arc(std::string_view segment) { return reflected(segment, 0); }

std::string_view name_of(CrcVariant variant) {
  for (const auto& [v, name] : names)
    if (v == variant) return name;
  return {};
}

std::optional<CrcVariant> crc_variant_of(std::string_view name) {
  for (const auto& [v, n] : names)
    if (n == name) return v;
  return std::nullopt;
}

std::uint16_t crc_for(std::string_view segment, CrcVariant variant) {
  switch (variant) {
    case CrcVariant::standard:
      return crc16(segment);
    case CrcVariant::standard_lo_first:
      return swapped(crc16(segment));
    case CrcVariant::modbus_hi_first:
      return crc16_modbus(segment);
    case CrcVariant::modbus_lo_first:
      return swapped(crc16_modbus(segment));
    case CrcVariant::arc_hi_first:
      return crc16_arc(segment);
    case CrcVariant::arc_lo_first:
      return swapped(crc16_arc(segment));
  }
  return crc16(segment);
}

std::optional<CrcVariant> match_crc(std::string_view segment, std::uint16_t sent) {
  const std::uint16_t right = crc16(segment);
  if (sent == right) return CrcVariant::standard;
  if (sent == swapped(right)) return CrcVariant::standard_lo_first;
  const std::uint16_t modbus = crc16_modbus(segment);
  if (sent == modbus) return CrcVariant::modbus_hi_first;
  if (sent == swapped(modbus)) return CrcVariant::modbus_lo_first;
  const std::uint16_t arc = crc16_arc(segment);
  if (sent == arc) return CrcVariant::arc_hi_first;
  if (sent == swapped(arc)) return CrcVariant::arc_lo_first;
  return std::nullopt;
}

std::optional<std::uint16_t> parse_crc(std::string_view text) {
  if (text.size() != 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    const auto lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9')
      value = value * 16 + static_cast<std::uint32_t>(c - '0');
    else if (lower >= 'a' && lower <= 'f')
      value = value * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
    else
      return std::nullopt;
  }
  return static_cast<std::uint16_t>(value);
}

}  // namespace tocsin::hj212
