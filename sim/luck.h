#pragma once
// What a seed decides. Everything in a simulated night that could have gone otherwise is drawn from
// here, so that the same seed is the same night, byte for byte.

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "base/time.h"

namespace tocsin::sim {

class Luck {
 public:
  explicit Luck(std::uint64_t seed) : dice_(seed) {}

  Dice& dice() { return dice_; }
  /// 0 … n-1; n at least 1.
  std::uint64_t below(std::uint64_t n) { return dice_.next() % n; }
  bool chance(double p) { return static_cast<double>(dice_.next() >> 11) * 0x1p-53 < p; }
  /// Between nothing and `most`, to the millisecond.
  Duration upto(Duration most) {
    return Duration(static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most.count()) + 1)));
  }
  template <class T>
  const T& one_of(const std::vector<T>& things) {
    return things[below(things.size())];
  }

 private:
  SeededDice dice_;
};

}  // namespace tocsin::sim
