// JSON bodies: whatever comes, an answer with a place in it, and what is taken can be printed.

#include <cstddef>
#include <cstdint>

#include "log/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin;
  const auto value = json::parse({reinterpret_cast<const char*>(data), size}, 1 << 16);
  if (!value) {
    TOCSIN_CHECK(value.error().field.starts_with("byte "));
    return 0;
  }
  static_cast<void>(json::parse(json::print(*value), 1 << 20));
  json::Fields in(*value, "event.bad_body");
  in.text("a");
  in.integer_if("b", INT64_MIN, INT64_MAX);
  in.number_if("c");
  in.instant_if("d");
  in.texts("e");
  in.objects("f");
  in.flag_or("g", true);
  TOCSIN_CHECK(in.ok() || in.error().code == "event.bad_body");
  return 0;
}
