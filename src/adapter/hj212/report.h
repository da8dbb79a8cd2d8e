#pragma once
// The full account of one frame as `tocsin decode hj212` prints it. docs/formats/hj212.md has the
// shape. Slower than the listener's path by design: it says everything.

#include <optional>
#include <string>
#include <string_view>

#include "adapter/hj212/cipher.h"

namespace tocsin::hj212 {

struct Report {
  std::string json;     ///< one line, without a line end
  bool accept = false;  ///< the CRC is right by the standard
};

/// `bytes` hold one frame, with or without its line end. Never fails: what cannot be read is said
/// in "code" ("hj212.header", "hj212.size", "hj212.crc", "hj212.cipher", "hj212.key").
Report report(std::string_view bytes, const std::optional<Sm4Key>& key);

/// `line` should hold one frame, but may begin with a false start or hold several: the report on
/// the frame that a stream of these bytes would accept first; when it accepts none, on the first.
Report report_line(std::string_view line, const std::optional<Sm4Key>& key);

/// A report for an input line that holds no frame at all.
Report report_error(std::string_view code, std::string_view detail);

}  // namespace tocsin::hj212
