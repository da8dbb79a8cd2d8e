#include "base/unit.h"

namespace tocsin {
namespace {

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string unit_text(std::string_view unit) {
  std::string out;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const char c = unit[i], before = i == 0 ? '\0' : unit[i - 1];
    const char after = i + 1 == unit.size() ? '\0' : unit[i + 1];
    const bool micro =
        c == 'u' && !letter(before) && !digit(before) && after != '\0' && letter(after);
    const bool power = (c == '2' || c == '3') && before >= 'a' && before <= 'z' && !digit(after);
    if (micro)
      out += "µ";
    else if (power)
      out += c == '2' ? "²" : "³";
    else
      out += c;
  }
  return out;
}

}  // namespace tocsin
