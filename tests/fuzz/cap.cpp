// Any bytes get a verdict, and the verdict is the same twice.

#include <cstddef>
#include <cstdint>

#include "adapter/cap/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const tocsin::cap::Verdict verdict = tocsin::cap::check(bytes);
  if (verdict.valid() && verdict.format.empty()) __builtin_trap();
  if (tocsin::cap::check(bytes).errors != verdict.errors) __builtin_trap();
  return 0;
}
