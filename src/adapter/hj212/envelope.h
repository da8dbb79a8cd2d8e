#pragma once
// What encloses a data segment: "##", its length in decimal, the segment, its CRC, CR LF.
// Nothing is copied: every view points into the bytes handed in.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapter/hj212/crc.h"
#include "base/result.h"

namespace tocsin::hj212 {

/// The most a segment may hold before it is not taken for a frame any more. The standard says 1024;
/// field devices send up to 1,700, and an SM4 body of 950 bytes is some 4,800 as text.
inline constexpr std::size_t max_segment = 8192;
inline constexpr std::size_t standard_segment = 1024;

struct Envelope {
  std::string_view digits;   ///< the declared length as sent, "" when there is none
  int declared = -1;         ///< its value, -1 when there is none
  std::string_view segment;  ///< 数据段, as sent
  std::string_view crc_text;
  std::optional<CrcVariant> crc;  ///< the algorithm that gives crc_text over `segment`, if any
  bool closed_by_crlf = false;
  /// Bytes before "##", between CP and its CRC, and behind the frame that belong to nothing.
  std::size_t noise = 0;

  bool length_right() const {
    return declared >= 0 && static_cast<std::size_t>(declared) == segment.size();
  }
};

/// True when `bytes` starts with "##" and something a segment or its length can start with.
/// nullopt: too few bytes to say.
std::optional<bool> header_at(std::string_view bytes);

/// Where the first start mark (`header_at`) stands; npos when there is none.
std::size_t find_header(std::string_view bytes);

/// The length behind "##" as sent: digits, with up to three blanks before them; six characters at
/// most. "" when there are no digits. `bytes` starts with "##".
std::string_view length_field(std::string_view bytes);
std::size_t length_value(std::string_view field);

/// Opens one frame that fills `bytes` but for noise around it. Where the declared length does not
/// lead to a fitting CRC, the CRC is looked for right behind the "&&" that closes CP (blanks, "0x"
/// or a third "&" between them are noise), else in the last four characters.
/// Errors: "hj212.header" no "##" with anything behind it; "hj212.size" segment over max_segment.
Result<Envelope> open_envelope(std::string_view bytes);

}  // namespace tocsin::hj212
