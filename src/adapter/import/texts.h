#pragma once
// What each finding of an import means, for people. The code is the key; the detail behind it says
// which one.

#include <span>
#include <string_view>

namespace tocsin::importing {

struct FindingText {
  std::string_view code, zh, en;
};

/// By code.
std::span<const FindingText> finding_texts();
/// The code itself in both languages where nobody wrote a text.
FindingText text_for(std::string_view code);

}  // namespace tocsin::importing
