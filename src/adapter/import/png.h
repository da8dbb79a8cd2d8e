#pragma once
// As much of PNG as an import needs: is it a picture, how large, does it end. Pixels are not read.

#include <string_view>

#include "base/result.h"

namespace tocsin::importing {

struct PngHeader {
  int width = 0, height = 0;  // pixels
  int bit_depth = 0;
  int colour_type = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA
};

/// Walks all chunks and their CRCs. Errors, field "byte N": "png.signature", "png.header"
/// (IHDR missing, out of range or over 16,384 pixels a side), "png.chunk" (cut off or longer than
/// the file), "png.crc", "png.no_image" (no IDAT), "png.no_end", "png.trailing".
Result<PngHeader> check_png(std::string_view bytes);

}  // namespace tocsin::importing
