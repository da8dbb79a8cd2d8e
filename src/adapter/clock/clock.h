#pragma once
// The one place that reads clocks. Below adapter/ time is an argument; above it, a Clock.

#include "base/time.h"

namespace tocsin {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall clock, UTC. May be wrong and may be set back.
  virtual Instant now() const = 0;
  /// Never goes back; says nothing about the date. For expiry, throttling, timeouts.
  virtual Duration steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Duration steady() const override;
};

/// Moved by hand, in tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = instant_ms(1'800'000'000'000)) : now_(start) {}
  Instant now() const override { return now_; }
  Duration steady() const override { return steady_; }
  void advance(Duration by) {
    now_ += by;
    steady_ += by;
  }
  /// Somebody sets the date; steady time does not care.
  void set_wall(Instant to) { now_ = to; }

 private:
  Instant now_;
  Duration steady_{0};
};

}  // namespace tocsin
