#include "adapter/hj212/memory.h"

#include <algorithm>
#include <bit>

namespace tocsin::hj212 {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return (hash ^ text.size()) * 0x9E3779B97F4A7C15u;  // so that "ab","c" is not "a","bc"
}

}  // namespace

PacketMark mark_of(std::string_view qn, std::string_view cn, std::string_view pno,
                   std::string_view cp) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const std::string_view part : {qn, cn, pno, cp}) hash = mixed(hash, part);
  return hash;
}

Memory::Station& Memory::of(std::string_view station) {
  const auto found = stations_.find(station);
  return found != stations_.end() ? found->second : stations_[std::string(station)];
}

bool Memory::knows(std::string_view station, PacketMark mark) const {
  const auto found = stations_.find(station);
  if (found == stations_.end()) return false;
  const Station& s = found->second;
  return std::find(s.packets.begin(), s.packets.begin() + static_cast<std::ptrdiff_t>(s.used),
                   mark) != s.packets.begin() + static_cast<std::ptrdiff_t>(s.used);
}

void Memory::remember(std::string_view station, PacketMark mark) {
  Station& s = of(station);
  s.packets[s.next] = mark;
  s.next = (s.next + 1) % packets_kept;
  s.used = std::min(s.used + 1, packets_kept);
}

std::optional<DialectSuggestion> Memory::departs(std::string_view station, std::string_view aspect,
                                                 std::string_view what, Instant now) {
  if (what.empty()) {  // the usual case: nothing to make room for
    const auto found = stations_.find(station);
    if (found == stations_.end() || found->second.runs.empty()) return std::nullopt;
    const auto run = found->second.runs.find(aspect);
    if (run != found->second.runs.end()) found->second.runs.erase(run);
    return std::nullopt;
  }
  auto& runs = of(station).runs;
  auto found = runs.find(aspect);
  if (found == runs.end()) found = runs.emplace(std::string(aspect), Run{}).first;
  Run& run = found->second;
  if (run.what != what) run = Run{.what = std::string(what), .count = 0, .first = now, .last = now};
  ++run.count;
  run.last = now;
  const bool due = run.count % suggest_after == 0 && std::has_single_bit(run.count / suggest_after);
  if (!due) return std::nullopt;
  return DialectSuggestion{std::string(station), run.what, run.count, run.first, run.last};
}

std::vector<DialectSuggestion> Memory::standing() const {
  std::vector<DialectSuggestion> out;
  for (const auto& [station, s] : stations_)
    for (const auto& [aspect, run] : s.runs)
      if (run.count >= suggest_after)
        out.push_back({station, run.what, run.count, run.first, run.last});
  std::ranges::sort(out, {},
                    [](const DialectSuggestion& d) { return std::pair(d.station, d.what); });
  return out;
}

}  // namespace tocsin::hj212
