// Any bytes, cut anywhere: the framer gives the same frames, every frame gets a report, memory
// stays bounded, and nothing is read past its end.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "adapter/hj212/framer.h"
#include "adapter/hj212/intake.h"
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

/// One station of each kind: as the standard has it, and with everything approved.
const Registry& registry() {
  static const Registry made = [] {
    const auto station = [](const char* id, const char* mn) {
      return tocsin::observation::Station{.id = id,
                                          .name = "x",
                                          .kind = "outfall",
                                          .area = {"331126102205", "2022"},
                                          .position = {118.9, 27.7},
                                          .protocol = "hj212",
                                          .mn = mn,
                                          .st = "",
                                          .interval_s = 60,
                                          .riskpoints = {},
                                          .sample = true};
    };
    auto stations = tocsin::observation::Stations::make(
        {station("a", "010000A8900016F000169DC0"), station("b", "88888880000001")},
        {{"a.1", "a", "w01018", "Rtd", "x", "mg/L", 1},
         {"a.2", "a", "a01006", "Rtd", "x", "kPa", 1},
         {"b.1", "b", "w01018", "Avg", "x", "mg/L", 1}});
    const std::vector<std::pair<std::string, std::string>> approved = {
        {"b", "crc:modbus-lo-first"}, {"b", "len:+6"}, {"b", "cp:open"}, {"b", "time:utc"}};
    const StationSettings settings{
        .station = "a", .password = {}, .key = *parse_key("30303030303030303030303030303030")};
    return Registry::make(
        std::make_shared<const tocsin::observation::Stations>(std::move(*stations)), approved,
        {&settings, 1});
  }();
  return made;
}

std::string decisions(std::string_view stream, std::size_t cut) {
  Intake intake;
  Memory memory;
  Taken taken;
  std::string out;
  const tocsin::Instant now = *device_time("20240801120000");
  const auto drain = [&] {
    while (intake.next(registry(), memory, now, taken)) {
      if (taken.aside && !(taken.answer.empty() && taken.readings.empty())) std::abort();
      if (taken.station && taken.packet)
        memory.remember(registry().station(*taken.station).id, *taken.packet);
      out += taken.aside ? taken.aside->example : taken.answer;
      out += std::to_string(taken.readings.size()) + (taken.duplicate ? "d\n" : "\n");
    }
  };
  for (; !stream.empty(); stream.remove_prefix(std::min(cut, stream.size()))) {
    intake.feed(stream.substr(0, cut));
    drain();
  }
  intake.flush();
  drain();
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
  if (decisions(stream, stream.size() + 1) != decisions(stream, cut)) std::abort();
  return 0;
}
