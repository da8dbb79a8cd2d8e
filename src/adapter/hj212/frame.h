#pragma once
// A data segment read without copying: head fields, and what stands between the && marks of CP.
// This is the path every received frame takes; `report.h` builds the full account on top of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapter/hj212/cipher.h"
#include "adapter/hj212/envelope.h"

namespace tocsin::hj212 {

/// 版本. Flag bits V5..V0: 0 = HJ/T 212-2005, 1 = HJ 212-2017, 2 = HJ 212-2025.
enum class Version : std::uint8_t { v2005 = 0, v2017 = 1, v2025 = 2, unknown = 255 };

/// 拆分包及应答标志. Decimal of the bits V5..V0 D A; absent in most 2005 uploads.
struct Flag {
  int value = 0;
  bool split() const { return (value & 2) != 0; }      ///< D: PNUM and PNO are present
  bool wants_ack() const { return (value & 1) != 0; }  ///< A: an answer is asked for
  Version version() const;
};

/// Head fields as sent, trimmed; empty view = absent (`has` tells an empty PW from none).
/// Names are matched without regard to case; that they departed is for the report to say.
struct Head {
  std::string_view qn, st, cn, pw, mn, flag_text, pnum, pno, rf;
  bool has_pw = false;
  std::optional<Flag> flag;

  /// CN as a number, -1 when it is not 4 digits.
  int command() const;
};

struct Segment {
  std::string_view head_text;  ///< what stands before CP=
  Head head;
  std::string_view cp_mark;  ///< what opens CP as sent, "CP=&&"
  std::string_view cp;       ///< CP body between the && marks
  bool has_cp = false, opened = false, closed = false;
  bool text_behind_cp = false;   ///< something follows the closing &&
  bool extra_ampersand = false;  ///< a mark is &&&

  bool encrypted() const { return looks_encrypted(cp); }
};

Segment parse_segment(std::string_view segment);

/// Where CP stands in a segment. Its name is read in either case, with blanks round "=".
struct CpMark {
  std::size_t name = 0;  ///< of its first letter
  std::size_t data = 0;  ///< of what is behind "=", the && mark as a rule
};

/// The first CP that a && opens, else the first one at all; nullopt when there is none.
std::optional<CpMark> find_cp(std::string_view segment);

/// Calls f(name, value) for each head item as written (blanks and stray commas trimmed).
template <class F>
void for_each_head_item(std::string_view head_text, F&& f);

/// The segment as it was before encryption: its head, then CP=&&plain&& with
/// the opening as sent. The CRC is over this.
std::string plain_segment(const Segment& segment, std::string_view plain_cp);

bool same_name(std::string_view a, std::string_view b);  ///< ASCII, without regard to case
std::string_view trim(std::string_view text);            ///< blanks and tabs off both ends

template <class F>
void for_each_head_item(std::string_view head_text, F&& f) {
  while (!head_text.empty()) {
    const std::size_t end = head_text.find_first_of(";,");  // the standard itself misprints a comma
    const std::string_view item = head_text.substr(0, end);
    head_text.remove_prefix(end == std::string_view::npos ? head_text.size() : end + 1);
    const std::size_t equals = item.find('=');
    if (equals != std::string_view::npos)
      f(trim(item.substr(0, equals)), trim(item.substr(equals + 1)));
  }
}

}  // namespace tocsin::hj212
