#pragma once
// The questions a frame is asked, in order. Inside of intake.cpp; nobody else needs it.

#include <optional>
#include <string>
#include <string_view>

#include "adapter/hj212/intake.h"

namespace tocsin::hj212 {

/// One frame on its way through the questions below.
struct Case {
  const IntakeSettings& settings;
  const Registry& registry;
  Memory& memory;
  ValueReader& values;
  Instant now;
  Taken& out;

  Envelope envelope;
  Segment segment;
  std::string plain, whole;  ///< of an encrypted frame: CP body, segment
  std::string_view cp;       ///< plain
  std::size_t size = 0;      ///< of the plain segment
  std::optional<CrcVariant> crc;

  const StationProfile& profile() const { return registry.profile(*out.station); }
  const observation::Station& station() const { return registry.station(*out.station); }
  const Head& head() const { return segment.head; }
  int length_off() const { return envelope.declared - static_cast<int>(size); }
};

/// nullopt: go on.
using Verdict = std::optional<Aside>;

/// Finds the station, reads the segment, opens the cipher.
Verdict open(Case& c);

/// Keeps count of how the envelope departs from the standard and from what is approved.
void tally(Case& c);

/// What must be right before a word of the frame is believed.
Verdict check_form(const Case& c);

/// The station's clock against ours, by the QN of a frame that is no resend.
void compare_clocks(Case& c);

/// Reads the frame's time and values into `c.out`. A frame without any values is no error.
Verdict take_values(Case& c);

/// Counts one frame's word on one aspect; a suggestion that is due goes to `c.out`.
void tell(Case& c, std::string_view aspect, std::string_view what);

}  // namespace tocsin::hj212
