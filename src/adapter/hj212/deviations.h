#pragma once
// In which ways a frame departs from HJ 212-2017 (2025 where its Flag says so). Facts only: what
// they mean for a reading is decided elsewhere. docs/formats/hj212.md lists every name.

#include <string>
#include <string_view>
#include <vector>

#include "adapter/hj212/envelope.h"
#include "adapter/hj212/frame.h"

namespace tocsin::hj212 {

/// Names such as "no-crlf", "crc-modbus-hi-first", "attr:td", each once, in the order of the frame.
using Deviations = std::vector<std::string>;

/// `cp` is the plain CP body (decrypted where it was encrypted and a key was at hand, else "").
/// `crc` is the variant that fits: over the plain segment for an encrypted frame.
struct Seen {
  const Envelope& envelope;
  const Segment& segment;
  std::string_view cp;
  std::optional<CrcVariant> crc;
  bool crc_known = true;       ///< false: encrypted and no key, so nothing can be said of the CRC
  std::size_t plain_size = 0;  ///< length of the plain segment
};

Deviations deviations(const Seen& frame);

}  // namespace tocsin::hj212
