// Any bytes are a rulebook or a list of problems, and a rulebook read twice is the same.

#include <cstddef>
#include <cstdint>

#include "adapter/rulebook/rulebook_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto book = tocsin::rulebook_file::read(text);
  if (!book) {
    if (book.error().empty()) __builtin_trap();
    return 0;
  }
  const auto again = tocsin::rulebook_file::read(text);
  if (!again || again->rules != book->rules) __builtin_trap();
  return 0;
}
