#pragma once
// A file named on the command line: it may be missing, a folder, or endless.

#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::cli {

/// The whole of a file of at most `most` bytes. Error `code`, field the path, detail why.
Result<std::string> read_whole(const std::string& path, std::size_t most, const char* code);

/// A text for a terminal or a line of JSON, whatever bytes it has: where it is no UTF-8 or holds
/// control characters, each such byte and each byte above 0x7f as \xNN.
std::string printable(std::string_view text);

}  // namespace tocsin::cli
