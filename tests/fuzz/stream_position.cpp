// Any Last-Event-ID: the reader resumes at a position the ring holds, or gets whole boards.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/stream/boards.h"

using namespace tocsin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ManualClock clock;
  static server::Boards* boards = [] {
    auto* out = new server::Boards(clock, {.ring_max = 4});
    out->add("b", "starting", {});
    out->reset("b", {});
    for (int i = 0; i < 6; ++i) {
      server::StreamPatch patch;
      patch.put.push_back({std::to_string(i), "{\"id\":\"x\"}", {}});
      out->publish("b", std::move(patch));
    }
    return out;
  }();
  server::Reader reader;
  reader.boards.resize(1);
  reader.boards[0].name = "b";
  reader.filter = [](const server::StreamRow&) { return true; };
  boards->resume(reader, {reinterpret_cast<const char*>(data), size}, "t");
  if (reader.seen > 7) std::abort();
  const std::string events = boards->take(reader, "t");
  const bool whole = events.find("\"whole\":true") != std::string::npos;
  if (reader.seen != 7 ||
      (!whole && events.find("\"total\":6") == std::string::npos && !events.empty()))
    std::abort();
  return 0;
}
