#pragma once
// A file named on the command line: it may be missing, a folder, or endless.

#include <string>

#include "base/result.h"

namespace tocsin::cli {

/// The whole of a file of at most `most` bytes. Error `code`, field the path, detail why.
Result<std::string> read_whole(const std::string& path, std::size_t most, const char* code);

}  // namespace tocsin::cli
