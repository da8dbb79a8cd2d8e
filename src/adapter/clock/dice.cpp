#include "adapter/clock/dice.h"

#include <sodium.h>

namespace tocsin {

void SystemDice::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace tocsin
