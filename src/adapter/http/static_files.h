#pragma once
// The web desk's files, read into memory once at start, with their gzip form beside them.

#include <filesystem>

#include "adapter/http/router.h"

namespace tocsin::http {

/// Serves the files under `folder`: strong ETag, gzip where it gains, `immutable` for hashed assets
/// (name-a1b2c3d4.js), `no-cache` for the rest, and index.html for paths without a dot that are not
/// under /api/ (the desk's own addresses). Errors "static.unreadable", "static.too_large" (64 MB).
/// A file that is a symbolic link out of the folder is not served.
Result<Handler> static_files(const std::filesystem::path& folder);

/// "text/javascript; charset=utf-8" for ".js"; application/octet-stream for what is not known.
std::string_view content_type_of(std::string_view file_name);

}  // namespace tocsin::http
