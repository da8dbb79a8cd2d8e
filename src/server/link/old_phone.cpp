#include "server/link/old_phone.h"

#include <algorithm>

#include "adapter/import/text.h"
#include "base/encode.h"

namespace tocsin::server {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The byte that three characters stand for, or -1.
int escaped(std::string_view three) {
  if (three.size() < 3 || three[0] != '%') return -1;
  const int high = hex_digit(three[1]), low = hex_digit(three[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// What means something to the parser of forms stays escaped.
bool stays(int byte) {
  return byte < 0x20 || byte == 0x7f ||
         std::string_view("&=+%").find(static_cast<char>(byte)) != std::string_view::npos;
}

std::string unescaped(std::string_view body) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const int byte = escaped(body.substr(i, 3));
    if (byte < 0 || stays(byte)) {
      out.push_back(body[i]);
    } else {
      out.push_back(static_cast<char>(byte));
      i += 2;
    }
  }
  return out;
}

/// Every run of bytes that are not ASCII as one U+FFFD.
std::string unreadable(std::string_view bytes) {
  std::string out;
  bool in_run = false;
  for (const char c : bytes) {
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    if (ascii) out.push_back(c);
    if (!ascii && !in_run) out.append("\xef\xbf\xbd");
    in_run = !ascii;
  }
  return out;
}

}  // namespace

std::string form_in_utf8(std::string_view body) {
  const std::string bytes = unescaped(body);
  if (valid_utf8(bytes)) return std::string(body);
  if (auto text = importing::read_text(bytes)) return std::move(text->utf8);
  return unreadable(bytes);
}

}  // namespace tocsin::server
