#pragma once
// `tocsin decode`: device frames in, facts out, one JSON line each.

#include <iosfwd>
#include <span>
#include <string_view>

namespace tocsin::cli {

/// `decode hj212 [--stream] [--key HEX]`. Without --stream: JSON Lines {"raw": …} or {"hex": …}
/// (with "key_hex" to override --key), or plain frames, one a line; one answer per line, in order.
/// With --stream: raw bytes to the end; one answer per frame found, noise counted on `err`.
/// A stream that ends inside a frame has its rest answered as one.
/// Returns 0 done, 1 input could not be read or output not written, 2 wrong use.
int run_decode(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
               std::ostream& err);

}  // namespace tocsin::cli
