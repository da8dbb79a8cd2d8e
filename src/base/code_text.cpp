#include "base/code_text.h"

#include <algorithm>
#include <iterator>

namespace tocsin {
namespace {

constexpr CodeText table[] = {
#include "codes.inc"
};
static_assert(std::ranges::is_sorted(table, {}, &CodeText::code));

}  // namespace

std::span<const CodeText> code_texts() { return table; }

CodeText text_for(std::string_view code) {
  const auto* found = std::ranges::lower_bound(table, code, {}, &CodeText::code);
  return found != std::end(table) && found->code == code ? *found : CodeText{code, code, code};
}

}  // namespace tocsin
