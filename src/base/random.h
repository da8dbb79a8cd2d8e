#pragma once
// Dice are handed in, like clocks: the server gives a cryptographic source, the simulator a seeded
// one.

#include <cstdint>
#include <span>

namespace tocsin {

class Dice {
 public:
  virtual ~Dice() = default;
  /// Fills `out` with random bytes.
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t next() {
    std::uint8_t bytes[8];
    fill(bytes);
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
  }
};

/// A small seeded generator (splitmix64) for tests and the simulator. Never for keys.
class SeededDice final : public Dice {
 public:
  explicit SeededDice(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::size_t i = 0; i < out.size();) {
      std::uint64_t word = step();
      for (int k = 0; k < 8 && i < out.size(); ++k, word >>= 8)
        out[i++] = static_cast<std::uint8_t>(word);
    }
  }

 private:
  std::uint64_t step() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace tocsin
