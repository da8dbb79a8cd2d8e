// Seals as they come from files and peers.

#include <cstddef>
#include <cstdint>

#include "log/segment.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin::log;
  const auto seal = parse_seal({reinterpret_cast<const char*>(data), size});
  if (!seal) {
    TOCSIN_CHECK(seal.error().code == "segment.bad_seal");
    return 0;
  }
  static_cast<void>(signature_holds(*seal));
  const auto again = parse_seal(print(*seal));
  TOCSIN_CHECK(again && print(*again) == print(*seal));
  static_cast<void>(check({*seal, {}}, {}));
  return 0;
}
