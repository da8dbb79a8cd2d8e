#pragma once
// What CAP 1.0, 1.1 and 1.2 allow where: the three schemas of the standards as tables, and one walk
// that holds an <alert> against them.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/cap/xml_tree.h"

namespace tocsin::cap {

/// 问题. `path` is "alert/info[2]/area[1]/polygon[1]"; positions count from 1 among equal names.
struct Finding {
  std::string code;
  std::string path;
  std::string text;
  bool operator==(const Finding&) const = default;
};

enum class Version { v1_0, v1_1, v1_2 };

inline constexpr std::string_view signature_space = "http://www.w3.org/2000/09/xmldsig#";

enum class Kind {
  text,
  words,        ///< one of `allowed`
  time,         ///< xs:dateTime
  time_offset,  ///< xs:dateTime as CAP 1.2 narrows it: whole seconds, numeric offset
  language,
  uri,
  integer,
  decimal,
  group,  ///< elements of its own: `fields`
};

struct Field {
  std::string_view name;
  bool required = false;
  bool many = false;
  Kind kind = Kind::text;
  std::span<const std::string_view> allowed = {};
  std::span<const Field> fields = {};
};

/// The children an <alert> of this version may have, in this order.
std::span<const Field> alert_fields(Version version);

/// Holds the children of `element` against `fields`. Codes: "cap.missing_element",
/// "cap.unknown_element", "cap.order", "cap.repeated", "cap.stray_text", "cap.attribute",
/// "cap.not_allowed" (word), "cap.time", "cap.language", "cap.uri", "cap.number".
void check_fields(const XmlElement& element, std::span<const Field> fields, const std::string& path,
                  std::vector<Finding>& out);

/// At most `bytes_max` bytes of the text, never half a character.
std::string clip(std::string_view text, std::size_t bytes_max = 100);

/// Numbers the children of one parent, counting equal names: "PATH/info[2]".
class Numbering {
 public:
  std::string next(const std::string& path, const std::string& name) {
    return path + "/" + name + "[" + std::to_string(++counts_[name]) + "]";
  }

 private:
  std::map<std::string, int> counts_;
};

/// True when the text, white space around it aside, is what xs:dateTime allows; `offset_only` as in
/// CAP 1.2.
bool is_date_time(std::string_view text, bool offset_only);

}  // namespace tocsin::cap
