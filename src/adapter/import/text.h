#pragma once
// The bytes of a file as UTF-8. Clerks export from Excel: UTF-8 with or without a byte order mark,
// or GB18030 (which Excel calls CSV). Which it was is found out, converted explicitly, and told.

#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::importing {

/// 10 MB: no file of a register is larger.
inline constexpr std::size_t file_size_max = 10'000'000;

struct Text {
  std::string utf8;  ///< without a byte order mark
  bool from_gb18030 = false;
};

/// Errors: "text.too_large", "text.utf16" (save it as CSV UTF-8), "text.nul" (field "byte N"),
/// "text.encoding" (neither UTF-8 nor GB18030, field "byte N").
Result<Text> read_text(std::string_view bytes);

}  // namespace tocsin::importing
