#pragma once
// What each code of an Error, a Refusal or a finding means, for people: what is so, then what to
// do. The words stand once, in codes.json beside this file; the build turns them into the table
// here, the web desk reads the same file, and docs/codes.md is made from it (tools/codes.py).

#include <span>
#include <string_view>

namespace tocsin {

/// One code in both languages. No full stop at the end: a detail in brackets may follow.
struct CodeText {
  std::string_view code, zh, en;
};

/// All of them, by code.
std::span<const CodeText> code_texts();
/// The code itself in both languages where nobody wrote a text.
CodeText text_for(std::string_view code);

}  // namespace tocsin
