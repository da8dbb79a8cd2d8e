#include "adapter/hj212/framer.h"

#include <algorithm>

#include "adapter/hj212/frame.h"

namespace tocsin::hj212 {
namespace {

/// Digits of the length, start mark, CRC and line end beside the segment.
constexpr std::size_t furniture = 16;

bool is_line_end(char c) { return c == '\r' || c == '\n'; }

std::optional<CrcVariant> fitting_crc(std::string_view segment, std::string_view crc_text) {
  const auto sent = parse_crc(crc_text);
  return sent ? match_crc(segment, *sent) : std::nullopt;
}

}  // namespace

void Framer::feed(std::string_view bytes) {
  finished_ = false;
  if (start_ > 0) {
    buffer_.erase(0, start_);
    scan_ = scan_ > start_ ? scan_ - start_ : 0;
    if (line_end_ > 0) line_end_ -= start_;
    if (mark_ > 0) mark_ -= start_;
    start_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<std::string_view> Framer::next() {
  std::string_view frame;
  for (;;) {
    const Step done = step(frame);
    if (done == Step::frame) return frame;
    if (done == Step::starve) return std::nullopt;
  }
}

Framer::Step Framer::step(std::string_view& frame) {
  if (!find_start()) return Step::starve;
  const std::string_view rest = std::string_view(buffer_).substr(start_);
  const std::string_view length = length_field(rest);
  const std::size_t header = 2 + length.size();
  if (header == rest.size() && length.size() < 6 && !finished_) return Step::starve;
  const std::size_t declared = length_value(length);
  if (length.empty() || declared > max_segment) past_length_ = true;

  scan_ = std::max(scan_, start_ + header);
  const std::size_t crc_at = start_ + header + declared;
  const std::size_t hard_end = start_ + max_segment + furniture;
  std::size_t end = 0;
  bool starving = false;
  if (!past_length_) {
    const bool closed = scan(std::min(crc_at + 4, buffer_.size()), end, starving);
    if (mark_ > 0 && (closed || another_inside(crc_at + 4))) return cut_at_mark(crc_at, frame);
    if (closed) return give(end, frame);
    if (starving) return Step::starve;
    if (buffer_.size() >= crc_at + 4) return by_length(crc_at, frame);
    if (!finished_) return Step::starve;
    if (mark_ > 0) return cut_at_mark(crc_at, frame);
    return give(line_end_ > 0 ? line_end_ : buffer_.size(), frame);
  }
  if (scan(std::min(hard_end, buffer_.size()), end, starving)) return give(end, frame);
  if (starving) return Step::starve;
  if (buffer_.size() >= hard_end) {
    skip(2);
    return Step::again;
  }
  return finished_ ? give(buffer_.size(), frame) : Step::starve;
}

/// Moves `start_` to the next start mark; what is passed over is noise.
bool Framer::find_start() {
  for (;;) {
    const std::size_t hash = std::min(buffer_.find('#', start_), buffer_.size());
    skip(hash - start_);
    if (start_ == buffer_.size()) return false;
    const auto header = header_at(std::string_view(buffer_).substr(start_));
    if (header.value_or(false)) return true;
    if (!header && !finished_) return false;
    skip(1);
  }
}

/// Looks from `scan_` to `until` for what ends a frame. Within the declared length a line end only
/// counts behind "&&" and a CRC; the first other one is remembered in `line_end_`, the first start
/// mark in `mark_`.
bool Framer::scan(std::size_t until, std::size_t& end, bool& starving) {
  const char* const data = buffer_.data();
  for (; scan_ < until; ++scan_) {
    if (data[scan_] == '\n') {
      end = scan_ + 1;
      if (past_length_ || closed_before(scan_)) return true;
      if (line_end_ == 0) line_end_ = end;
    } else if (data[scan_] == '#') {
      const auto header = header_at(std::string_view(buffer_).substr(scan_));
      end = scan_;
      if (header.value_or(false)) {
        if (past_length_ || in_vain_ > 4 * passed_ + 16 * max_segment) return true;
        if (mark_ == 0) mark_ = scan_;
        continue;
      }
      starving = !header && !finished_;
      if (starving) return false;
    }
  }
  return false;
}

bool Framer::closed_before(std::size_t line_end) const {
  std::string_view piece = std::string_view(buffer_).substr(start_, line_end - start_);
  while (!piece.empty() && (piece.back() == '\r' || piece.back() == ' ')) piece.remove_suffix(1);
  return piece.size() > 6 && piece.substr(piece.size() - 6).starts_with("&&") &&
         parse_crc(piece.substr(piece.size() - 4)).has_value();
}

/// A whole frame, by length and CRC, begins at `mark_` and ends not behind `until`. False also
/// while too little of it is here.
bool Framer::another_inside(std::size_t until) {
  const std::string_view all = buffer_;
  const std::string_view length = length_field(all.substr(mark_));
  const std::size_t segment_at = mark_ + 2 + length.size();
  const std::size_t crc_at = segment_at + length_value(length);
  if (mark_is_none_ || length.empty() || crc_at + 4 > std::min(until, all.size())) return false;
  const std::string_view segment = all.substr(segment_at, crc_at - segment_at);
  mark_is_none_ = !fitting_crc(segment, all.substr(crc_at, 4));
  return !mark_is_none_;
}

/// The declared length is wrong, and the frame ends at the start mark inside it, or before that at
/// a line end behind a CRC that fits.
Framer::Step Framer::cut_at_mark(std::size_t crc_at, std::string_view& frame) {
  in_vain_ += crc_at + 4 - mark_;
  if (line_end_ > 0 && line_end_ < mark_) {
    const auto line = std::string_view(buffer_).substr(start_, line_end_ - start_);
    const auto envelope = open_envelope(line);
    if (envelope && envelope->crc) return give(line_end_, frame);
  }
  return give(mark_, frame);
}

/// All bytes up to the CRC the declared length points at are here.
Framer::Step Framer::by_length(std::size_t crc_at, std::string_view& frame) {
  const std::string_view all = buffer_;
  Envelope envelope;
  const std::string_view length = length_field(all.substr(start_));
  envelope.digits = trim(length);
  const std::size_t segment_at = start_ + 2 + length.size();
  envelope.declared = static_cast<int>(crc_at - segment_at);
  envelope.segment = all.substr(segment_at, crc_at - segment_at);
  envelope.crc_text = all.substr(crc_at, 4);
  envelope.crc = fitting_crc(envelope.segment, envelope.crc_text);
  if (!envelope.crc) {
    if (mark_ > 0) return cut_at_mark(crc_at, frame);
    past_length_ = true;
    return line_end_ > 0 ? give(line_end_, frame) : Step::again;
  }
  std::size_t end = crc_at + 4;
  if (wait_for_line_end_) {
    const std::string_view behind = all.substr(end, 2);
    if (!finished_ && (behind.empty() || behind == "\r")) return Step::starve;
    envelope.closed_by_crlf = behind == "\r\n";
    if (envelope.closed_by_crlf) end += 2;
  }
  const Step step = give(end, frame);
  if (step == Step::frame) opened_ = envelope;
  return step;
}

Framer::Step Framer::give(std::size_t end, std::string_view& frame) {
  frame = std::string_view(buffer_).substr(start_, end - start_);
  const bool says_something = frame.find('=') != std::string_view::npos;
  if (!says_something) skip(frame.size());
  given_ = frame;
  opened_.reset();
  begin_at(end);
  return says_something ? Step::frame : Step::again;
}

void Framer::begin_at(std::size_t start) {
  passed_ += start - start_;
  start_ = start;
  scan_ = line_end_ = mark_ = 0;
  past_length_ = mark_is_none_ = false;
}

/// Passes over noise. Line ends between frames are no noise.
void Framer::skip(std::size_t bytes) {
  if (bytes == 0) return;
  for (std::size_t i = start_; i < start_ + bytes; ++i)
    if (!is_line_end(buffer_[i])) ++noise_;
  begin_at(start_ + bytes);
}

}  // namespace tocsin::hj212
