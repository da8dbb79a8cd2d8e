#pragma once
// Reading XML from strangers. No document type, so no entities and nothing fetched; limits on
// bytes, depth and elements. libxml2 reads the bytes, what we keep is a plain tree.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::cap {

inline constexpr std::size_t xml_bytes_max = 16 * 1024 * 1024;
inline constexpr int xml_depth_max = 64;
inline constexpr std::size_t xml_elements_max = 400'000;

struct XmlAttribute {
  std::string space, name, value;  ///< namespace URI and local name
};

struct XmlElement {
  std::string space, name;
  int line = 0;
  std::string text;  ///< its own character data, without that of its children
  std::vector<XmlAttribute> attributes;
  std::vector<XmlElement> children;
};

/// The root element. Errors: "cap.too_large", "cap.doctype", "cap.too_deep", "cap.too_many",
/// "cap.xml" (not well-formed; detail from the parser); field "line N".
Result<XmlElement> parse_xml(std::string_view bytes);

/// `text` without leading and trailing white space.
std::string_view trimmed(std::string_view text);
bool blank(std::string_view text);

}  // namespace tocsin::cap
