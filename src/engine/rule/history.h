#pragma once
// The readings of one point that rules may still have to look at again, in order of event time.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"
#include "domain/observation/reading.h"

namespace tocsin::rule {

/// One usable reading in 16 bytes.
class Sample {
 public:
  Sample(Instant time, double value, observation::Flag flag)
      : packed_(ms_of(time) * 256 + static_cast<unsigned char>(flag)), value_(value) {}

  Instant time() const { return instant_ms(packed_ >> 8); }
  double value() const { return value_; }
  observation::Flag flag() const { return static_cast<observation::Flag>(packed_ & 0xff); }
  bool same_as(const Sample& other) const {
    return packed_ == other.packed_ &&
           (value_ == other.value_ || (value_ != value_ && other.value_ != other.value_));
  }

 private:
  std::int64_t packed_;
  double value_;
};

/// Readings of one point, oldest first, one an instant. Those before `folded()` are only context:
/// what they lead to is already in the base state of the rules, and no reading may come before
/// them.
class History {
 public:
  enum class Fate { appended, inserted, replaced, duplicate, before_folded };

  Fate put(Sample sample);
  /// True when there was one at that instant, and it was not folded.
  bool erase(Instant time);

  std::size_t size() const { return samples_.size() - first_; }
  const Sample& operator[](std::size_t i) const { return samples_[first_ + i]; }
  std::size_t folded() const { return folded_; }
  bool empty() const { return size() == 0; }
  /// The instant of the last one folded; readings up to it come too late.
  Instant folded_until() const { return folded_until_; }

  void fold_one();
  /// Drops context before `keep_from`.
  void trim(Instant keep_from);

 private:
  std::size_t position(Instant time) const;  ///< index of the first at or after `time`

  std::vector<Sample> samples_;
  std::size_t first_ = 0;   ///< dropped at the front, space not yet given back
  std::size_t folded_ = 0;  ///< index, counted from first_
  Instant folded_until_ = Instant::min();
};

}  // namespace tocsin::rule
