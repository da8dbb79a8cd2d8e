#pragma once
// The little JSON the reports need: strings of any bytes, numbers as short as they round-trip.

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::hj212 {

/// Device text as UTF-8: kept when it is, read as GB 18030 when it is that, else with U+FFFD.
std::string as_utf8(std::string_view bytes);

/// Appends to one JSON text. The caller opens and closes; commas are put in here.
class JsonText {
 public:
  JsonText& open(char bracket);
  JsonText& close(char bracket);
  JsonText& key(std::string_view name);
  JsonText& text(std::string_view value);
  JsonText& text_or_null(std::optional<std::string_view> value);
  JsonText& number(double value);
  JsonText& boolean(bool value);
  JsonText& null();
  std::string take() { return std::move(out_); }

 private:
  void comma();
  void quote(std::string_view value);
  std::string out_;
  bool need_comma_ = false;
};

}  // namespace tocsin::hj212
