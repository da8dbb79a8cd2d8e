#pragma once
// Words for people, in the two languages of the house.

#include <string>

namespace tocsin {

/// 双语文字. Chinese first, English complete.
struct Text {
  std::string zh, en;
  bool operator==(const Text&) const = default;
};

/// The text as it begins a line or a sentence: "mountain flood" is "Mountain flood".
inline std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace tocsin
