#pragma once
// Words for people, in the two languages of the house.

#include <string>

namespace tocsin {

/// 双语文字. Chinese first, English complete.
struct Text {
  std::string zh, en;
  bool operator==(const Text&) const = default;
};

/// The text with `end` behind it where it does not end as a sentence does, so that the next one can
/// follow. Empty stays empty.
inline std::string sentence(std::string_view text, std::string_view end) {
  for (const std::string_view mark : {"。", "！", "？", "；", ".", "!", "?"})
    if (text.ends_with(mark)) return std::string(text);
  return std::string(text) + std::string(text.empty() ? "" : end);
}

/// The text as it begins a line or a sentence: "mountain flood" is "Mountain flood".
inline std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace tocsin
