#pragma once
// What must be remembered of a station from frame to frame and from one connection to the next:
// packets already kept, and in which way its frames depart from the standard.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"

namespace tocsin::hj212 {

/// A packet as the station would send it again: QN, CN, PNO and what CP holds, not RF.
using PacketMark = std::uint64_t;
PacketMark mark_of(std::string_view qn, std::string_view cn, std::string_view pno,
                   std::string_view cp);

/// A departure seen often enough in a row to be told to a person.
struct DialectSuggestion {
  std::string station;     ///< id
  std::string what;        ///< the word Dialect::approve takes: "crc:modbus-hi-first", "len:+6", …
  std::uint32_t seen = 0;  ///< frames in a row
  Instant first, last;

  bool operator==(const DialectSuggestion&) const = default;
};

/// Shared by all connections of one listener; one thread owns it. Bounded per station.
class Memory {
 public:
  static constexpr std::size_t packets_kept = 256;  ///< per station
  static constexpr std::uint32_t suggest_after = 20;

  /// True when this packet was remembered before.
  bool knows(std::string_view station, PacketMark mark) const;
  /// The packet's readings are durable. Only now may it count as known: what was not kept must be
  /// taken again when it is sent again.
  void remember(std::string_view station, PacketMark mark);

  /// One frame's word on one aspect ("crc", "len", "cp", "time", "unit:CODE"): how it departs, or
  /// "" when it does not, which ends the run. Gives the suggestion when the run reaches
  /// `suggest_after`, and again each time it has doubled since.
  std::optional<DialectSuggestion> departs(std::string_view station, std::string_view aspect,
                                           std::string_view what, Instant now);

  /// Runs of `suggest_after` or more that go on now, for a board that is built anew.
  std::vector<DialectSuggestion> standing() const;

 private:
  struct Run {
    std::string what;
    std::uint32_t count = 0;
    Instant first, last;
  };
  struct Station {
    std::array<PacketMark, packets_kept> packets{};
    std::size_t next = 0, used = 0;
    std::map<std::string, Run, std::less<>> runs;  ///< by aspect; an aspect at rest has none
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Stations = std::unordered_map<std::string, Station, Hash, std::equal_to<>>;
  Station& of(std::string_view station);
  Stations stations_;
};

}  // namespace tocsin::hj212
