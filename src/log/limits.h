#pragma once
// How much an event may hold. What is written must be readable again, so writer and reader go by
// the same numbers.

#include <cstddef>

namespace tocsin::log {

/// Places in one event: more than a whole county has. A record is full (record_size_max) before
/// that where ids are long.
inline constexpr std::size_t places_max = 20'000;
/// Of a record's bytes, what its header may take up; the rest is for the body.
inline constexpr std::size_t header_size_max = 2048;

}  // namespace tocsin::log
