// Any request target: split, decoded and matched, or refused naming the byte; what is decoded is
// clean UTF-8.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "adapter/http/router.h"
#include "adapter/http/target.h"
#include "base/encode.h"

using namespace tocsin;

namespace {

class NoGate final : public http::Gate {
 public:
  http::asio::awaitable<std::optional<http::Response>> admit(const http::Route&,
                                                             http::Request&) override {
    co_return std::nullopt;
  }
  http::asio::awaitable<std::optional<http::Response>> admit_rows(
      const http::Route&, const http::Request&, const std::vector<std::string>&) override {
    co_return std::nullopt;
  }
};

const http::Router& router() {
  static NoGate gate;
  static const http::Router* made = [] {
    auto* out = new http::Router(gate);
    const http::Handler none;
    for (const char* pattern : {"/", "/a/{id}", "/a/{id}.xml", "/a/b", "/{x}/{y}/z", "/{x}/b/{y}"})
      out->get(pattern, {.access = access::Access::open, .summary = "x"}, none);
    return out;
  }();
  return *made;
}

void check_clean(std::string_view text) {
  if (!valid_utf8(text)) std::abort();
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto target = http::split_target(text);
  if (!target) return 0;
  const auto query = http::parse_pairs(target->query, "http.bad_target", target->path.size() + 1);
  if (query)
    for (const auto& [name, value] : *query) {
      check_clean(name);
      check_clean(value);
    }
  else if (!query.error().field.starts_with("byte "))
    std::abort();
  const auto match = router().match(http::Method::get, target->path);
  if (match)
    for (const auto& [name, value] : match->params) check_clean(value);
  return 0;
}
