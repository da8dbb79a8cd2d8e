#pragma once
// Cryptographic dice.

#include "base/random.h"

namespace tocsin {

/// libsodium's generator; thread-safe.
class SystemDice final : public Dice {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace tocsin
