#pragma once
// Writing XML: the few things a message and a feed need, with escaping that cannot be forgotten.

#include <string>
#include <string_view>

namespace tocsin::cap {

class XmlWriter {
 public:
  XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

  void open(std::string_view name, std::string_view attributes = {});
  void close(std::string_view name);
  /// <name>text</name>, escaped.
  void text(std::string_view name, std::string_view text, std::string_view attributes = {});
  /// The same, but nothing at all for an empty text.
  void text_if(std::string_view name, std::string_view text);
  void empty(std::string_view name, std::string_view attributes);
  /// False when some text was not UTF-8 or had a character XML cannot carry (it was left out).
  bool clean() const { return clean_; }
  std::string take() { return std::move(out_); }

 private:
  void indent();
  void escape(std::string_view text);

  std::string out_;
  int depth_ = 0;
  bool clean_ = true;
};

/// True when an attribute can carry the text as it is: printable UTF-8 on one line.
bool attribute_clean(std::string_view value);

/// ` name="escaped value"`.
std::string attribute(std::string_view name, std::string_view value);

}  // namespace tocsin::cap
