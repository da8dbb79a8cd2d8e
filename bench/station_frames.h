#pragma once
// What many stations send, for the load makers: a frame of five values a station and second of
// event time. 2 % of the frames are half an hour late, 1 % are sent twice, the values wander as
// measured ones do, and some stations go over their limit once. The same numbers come out for every
// program that asks, so that a peer is given the very same readings.

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "base/time.h"

namespace tocsin::bench {

constexpr std::size_t values_a_frame = 5;

struct Frame {
  int station = 0;
  Instant time;  ///< event time, whole seconds
  std::array<double, values_a_frame> values{};
  bool twice = false;
  bool crosses = false;  ///< its first value is over the limit of 5
};

class StationFrames {
 public:
  /// `rounds`: how many frames each station will send. The last of them is of `end`.
  StationFrames(int stations, std::uint64_t rounds, int crossings, Instant end)
      : stations_(stations), rounds_(rounds), crossings_(crossings), begin_(end), dice_(7) {
    begin_ -= std::chrono::seconds(rounds);
    walk_.resize(static_cast<std::size_t>(stations) * values_a_frame);
    for (int& at : walk_) at = 100 + static_cast<int>(dice_.next() % 200);
  }

  Frame next() {
    const auto stations = static_cast<std::uint64_t>(stations_);
    const std::uint64_t round = sent_ / stations;
    Frame out;
    out.station = static_cast<int>(sent_++ % stations);
    out.crosses = round == crossing_round(out.station);
    const bool late = !out.crosses && dice_.next() % 50 == 0;
    out.twice = dice_.next() % 100 == 0;
    out.time = begin_ + std::chrono::seconds(round) -
               (late ? std::chrono::minutes(30) : std::chrono::minutes(0));
    for (std::size_t k = 0; k < values_a_frame; ++k) {
      int& at = walk_[static_cast<std::size_t>(out.station) * values_a_frame + k];
      at = std::clamp(at + static_cast<int>(dice_.next() % 11) - 5, 50, 400);
      out.values[k] = at / 100.0;
    }
    if (out.crosses) out.values[0] = 9.5;
    return out;
  }

 private:
  /// Every tenth station or so crosses, one after another over the middle half of the run.
  std::uint64_t crossing_round(int station) const {
    if (crossings_ == 0) return UINT64_MAX;
    const int step = std::max(1, stations_ / crossings_);
    if (station % step != 0 || station / step >= crossings_) return UINT64_MAX;
    const auto nth = static_cast<std::uint64_t>(station / step);
    return rounds_ / 4 + nth * rounds_ / 2 / static_cast<std::uint64_t>(crossings_);
  }

  int stations_;
  std::uint64_t rounds_;
  int crossings_;
  Instant begin_;
  SeededDice dice_;
  std::uint64_t sent_ = 0;
  std::vector<int> walk_;
};

}  // namespace tocsin::bench
