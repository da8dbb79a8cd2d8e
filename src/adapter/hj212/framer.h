#pragma once
// Frames out of a byte stream that is cut anywhere, glued, damaged or mixed with other bytes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapter/hj212/envelope.h"

namespace tocsin::hj212 {

/// Takes bytes as they come and gives frames as soon as they are whole. Which frames come out
/// depends on the bytes alone, never on how they were cut. Memory is bounded: a start mark with no
/// end within `max_segment` bytes is given up as noise.
///
/// A frame ends where its declared length leads to a CRC that fits (any variant), whatever stands
/// in it or follows; failing that at a line end behind "&&" and a CRC; failing that at the next
/// start mark, or at the first line end once the declared length is passed (before the mark only
/// where the CRC before that line end fits). It is known to fail
/// before all of the length is there when a whole frame begins and ends inside it: a torn frame
/// does not hold up the good one behind it.
class Framer {
 public:
  /// `wait_for_line_end` holds a whole frame back until the bytes behind it tell whether CR LF
  /// follows (for a full account); a listener answers at once and leaves it off.
  explicit Framer(bool wait_for_line_end = false) : wait_for_line_end_(wait_for_line_end) {}

  void feed(std::string_view bytes);
  /// No more bytes will come, or not soon: what is left is a frame or noise. `next` then gives the
  /// rest; `feed` may go on afterwards.
  void finish() { finished_ = true; }

  /// The next frame's bytes from "##" to its CRC and line end; good until the next call of `feed`
  /// or `next`. nullopt: more bytes are needed.
  std::optional<std::string_view> next();

  /// The frame given last, opened. A frame found by its length was opened to find it, so this is
  /// cheaper than open_envelope. Errors as there. Good as long as the frame's bytes are.
  Result<Envelope> envelope() const { return opened_ ? *opened_ : open_envelope(given_); }

  /// Bytes so far that belonged to no frame; line ends between frames are not counted.
  std::uint64_t noise_bytes() const { return noise_; }
  /// Bytes held that are not decided yet.
  std::size_t pending() const { return buffer_.size() - start_; }

 private:
  enum class Step : std::uint8_t { frame, again, starve };
  Step step(std::string_view& frame);
  bool find_start();
  bool scan(std::size_t until, std::size_t& end, bool& starving);
  bool closed_before(std::size_t line_end) const;
  bool another_inside(std::size_t until);
  Step by_length(std::size_t crc_at, std::string_view& frame);
  Step cut_at_mark(std::size_t crc_at, std::string_view& frame);
  Step give(std::size_t end, std::string_view& frame);
  void begin_at(std::size_t start);
  void skip(std::size_t bytes);

  std::string buffer_;
  std::size_t start_ = 0;      ///< of what is undecided
  std::size_t scan_ = 0;       ///< everything before it was searched for an end of this frame
  std::size_t line_end_ = 0;   ///< behind the first line end inside the declared length; 0: none
  std::size_t mark_ = 0;       ///< the first start mark inside the declared length; 0: none
  bool mark_is_none_ = false;  ///< no whole frame begins at `mark_`
  std::string_view given_;     ///< the frame given last
  std::optional<Envelope> opened_;  ///< and what it holds, when that was needed to find it
  bool past_length_ = false;        ///< there is no declared length, or it led to no fitting CRC
  bool finished_ = false, wait_for_line_end_ = false;
  /// Bytes passed, and bytes that were looked at in vain behind a start mark because a length said
  /// so. A line of nothing but such lengths is not worth it: then the next mark counts at once.
  std::uint64_t passed_ = 0, in_vain_ = 0;
  std::uint64_t noise_ = 0;
};

}  // namespace tocsin::hj212
