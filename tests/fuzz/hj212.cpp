// Any bytes, cut anywhere: the framer gives the same frames, every frame gets a report, memory
// stays bounded, and nothing is read past its end.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "adapter/hj212/framer.h"
#include "adapter/hj212/report.h"

using namespace tocsin::hj212;

namespace {

std::vector<std::string> frames_of(std::string_view stream, std::size_t cut) {
  Framer framer(true);
  std::vector<std::string> out;
  const auto drain = [&] {
    while (const auto frame = framer.next()) out.emplace_back(*frame);
    if (framer.pending() > max_segment + 64) std::abort();
  };
  for (; !stream.empty(); stream.remove_prefix(std::min(cut, stream.size()))) {
    framer.feed(stream.substr(0, cut));
    drain();
  }
  framer.finish();
  drain();
  if (framer.pending() != 0) std::abort();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Sm4Key key = *parse_key("30303030303030303030303030303030");
  if (size == 0) return 0;
  const std::size_t cut = 1 + data[0] % 97;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto frames = frames_of(stream, stream.size() + 1);
  if (frames != frames_of(stream, cut)) std::abort();
  for (const std::string& frame : frames) (void)report(frame, key);
  (void)report(stream, std::nullopt);
  return 0;
}
