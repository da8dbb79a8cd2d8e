#include "adapter/hj212/json_text.h"

#include <iconv.h>

#include <charconv>
#include <cmath>

#include "base/encode.h"

namespace tocsin::hj212 {
namespace {

std::optional<std::string> from_gb18030(std::string_view bytes) {
  const iconv_t converter = iconv_open("UTF-8", "GB18030");
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string in(bytes), out(bytes.size() * 4 + 4, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t left = in.size(), room = out.size();
  const bool whole = iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
  iconv_close(converter);
  if (!whole) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

}  // namespace

std::string as_utf8(std::string_view bytes) {
  if (valid_utf8(bytes)) return std::string(bytes);
  if (auto text = from_gb18030(bytes)) return *std::move(text);
  std::string out;
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x80)
      out += c;
    else
      out += "\xEF\xBF\xBD";
  }
  return out;
}

void JsonText::comma() {
  if (need_comma_) out_ += ',';
  need_comma_ = true;
}

void JsonText::quote(std::string_view value) {
  constexpr char digits[] = "0123456789abcdef";
  out_ += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (byte < 0x20) {
      out_ += "\\u00";
      out_ += digits[byte >> 4];
      out_ += digits[byte & 15];
    } else {
      out_ += c;
    }
  }
  out_ += '"';
}

JsonText& JsonText::open(char bracket) {
  comma();
  out_ += bracket;
  need_comma_ = false;
  return *this;
}

JsonText& JsonText::close(char bracket) {
  out_ += bracket;
  need_comma_ = true;
  return *this;
}

JsonText& JsonText::key(std::string_view name) {
  text(name);
  out_ += ':';
  need_comma_ = false;
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  comma();
  if (valid_utf8(value))
    quote(value);
  else
    quote(as_utf8(value));
  return *this;
}

JsonText& JsonText::text_or_null(std::optional<std::string_view> value) {
  return value ? text(*value) : null();
}

JsonText& JsonText::number(double value) {
  if (!std::isfinite(value)) return null();
  comma();
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out_.append(buffer, end);
  return *this;
}

JsonText& JsonText::boolean(bool value) {
  comma();
  out_ += value ? "true" : "false";
  return *this;
}

JsonText& JsonText::null() {
  comma();
  out_ += "null";
  return *this;
}

}  // namespace tocsin::hj212
