// What the text of the standards demands of a message beyond its schema.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "adapter/cap/check.h"

namespace tocsin::cap {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(white); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(white, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(white, end);
  }
  return words;
}

/// A decimal number, as the standards write coordinates. A leading + is common and harmless.
std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

/// "lat,lon" within the ranges of WGS 84.
bool is_pair(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return false;
  const auto lat = number_of(text.substr(0, comma)), lon = number_of(text.substr(comma + 1));
  return lat && lon && std::abs(*lat) <= 90 && std::abs(*lon) <= 180;
}

class Meaning {
 public:
  Meaning(const XmlElement& alert, Version version, const std::string& path, Verdict& verdict)
      : alert_(alert), version_(version), path_(path), verdict_(verdict) {}

  void check() {
    word("identifier");
    word("sender");
    time(alert_, "sent", path_);
    limited_to("Restricted", "restriction", "cap.needs_restriction");
    limited_to("Private", "addresses", "cap.needs_addresses");
    references();
    signature();
    int n = 0;
    for (const XmlElement& child : alert_.children)
      if (child.name == "info") info(child, path_ + "/info[" + std::to_string(++n) + "]");
    if (n == 0 && text(alert_, "msgType") == "Alert") warn("cap.no_info", path_, "");
  }

 private:
  void refuse(const char* code, std::string path, std::string_view detail) {
    verdict_.errors.push_back({code, std::move(path), clip(detail)});
  }
  void warn(const char* code, std::string path, std::string_view detail) {
    verdict_.warnings.push_back({code, std::move(path), clip(detail)});
  }

  static const XmlElement* child(const XmlElement& of, std::string_view name) {
    const auto found = std::ranges::find(of.children, name, &XmlElement::name);
    return found == of.children.end() ? nullptr : &*found;
  }
  static std::string_view text(const XmlElement& of, std::string_view name) {
    const XmlElement* const found = child(of, name);
    return found == nullptr ? std::string_view() : trimmed(found->text);
  }

  /// Identifier and sender: no spaces, no commas (from 1.1 on), no < and no &.
  void word(std::string_view name) {
    const XmlElement* const found = child(alert_, name);
    if (found == nullptr) return;
    const std::string_view value = trimmed(found->text);
    const std::string_view never = version_ == Version::v1_0 ? " \t\r\n<&" : " \t\r\n<&,";
    const std::string path = path_ + "/" + std::string(name);
    if (value.empty()) refuse("cap.empty", path, "");
    if (value.find_first_of(never) != std::string_view::npos) refuse("cap.bad_text", path, value);
  }

  /// From 1.1 on times carry a numeric offset; "Z" must not be used.
  void time(const XmlElement& of, std::string_view name, const std::string& path) {
    const std::string_view value = text(of, name);
    if (value.size() < 20 || !is_date_time(value, false)) {
      if (value.size() == 19 && is_date_time(value, false) && version_ == Version::v1_1)
        refuse("cap.time_zone", path + "/" + std::string(name), value);
      return;  // anything else is the schema's business
    }
    const bool offset = value[value.size() - 3] == ':' && value.size() > 24;
    if (offset) return;
    if (version_ == Version::v1_1) refuse("cap.time_zone", path + "/" + std::string(name), value);
    if (version_ == Version::v1_0) warn("cap.time_zone", path + "/" + std::string(name), value);
  }

  void limited_to(std::string_view scope, std::string_view name, const char* code) {
    if (text(alert_, "scope") == scope && text(alert_, name).empty())
      refuse(code, path_ + "/" + std::string(name), "");
  }

  void references() {
    const std::vector<std::string_view> all = words_of(text(alert_, "references"));
    const std::string_view type = text(alert_, "msgType");
    const bool needed = type == "Update" || type == "Cancel" || type == "Ack" || type == "Error";
    if (needed && all.empty()) refuse("cap.needs_references", path_ + "/references", type);
    if (version_ == Version::v1_0) return;  // another form there: identifier/sender
    for (const std::string_view one : all)
      if (!is_reference(one)) refuse("cap.references", path_ + "/references", one);
  }

  /// "sender,identifier,sent".
  static bool is_reference(std::string_view text) {
    const std::size_t first = text.find(','), last = text.rfind(',');
    if (first == std::string_view::npos || first == last) return false;
    return first > 0 && last > first + 1 && is_date_time(text.substr(last + 1), false);
  }

  /// An enveloped signature stands last.
  void signature() {
    bool seen = false;
    for (const XmlElement& e : alert_.children) {
      const bool is_one = e.space == signature_space;
      if (seen && !is_one) refuse("cap.signature_place", path_ + "/" + e.name, "after a signature");
      seen |= is_one;
      verdict_.signatures += is_one && e.name == "Signature";
    }
  }

  void info(const XmlElement& info, const std::string& path) {
    for (const std::string_view name : {"effective", "onset", "expires"}) time(info, name, path);
    if (const XmlElement* const event = child(info, "event"); event && blank(event->text))
      refuse("cap.empty", path + "/event", "");
    if (child(info, "area") == nullptr) warn("cap.no_area", path, "");
    int n = 0;
    for (const XmlElement& e : info.children)
      if (e.name == "area") area(e, path + "/area[" + std::to_string(++n) + "]");
  }

  void area(const XmlElement& area, const std::string& path) {
    int polygons = 0, circles = 0;
    for (const XmlElement& e : area.children) {
      if (e.name == "polygon") polygon(e, path + "/polygon[" + std::to_string(++polygons) + "]");
      if (e.name == "circle") circle(e, path + "/circle[" + std::to_string(++circles) + "]");
    }
    if (!text(area, "ceiling").empty() && text(area, "altitude").empty())
      refuse("cap.ceiling", path + "/ceiling", "without altitude");
  }

  void polygon(const XmlElement& e, const std::string& path) {
    const std::vector<std::string_view> pairs = words_of(e.text);
    if (pairs.empty()) return warn("cap.polygon", path, "empty");
    for (const std::string_view pair : pairs)
      if (!is_pair(pair)) return refuse("cap.polygon", path, pair);
    if (pairs.size() < 4) return refuse("cap.polygon", path, "fewer than four points");
    if (pairs.front() != pairs.back() && !same_place(pairs.front(), pairs.back()))
      refuse("cap.polygon", path, "not closed");
  }

  static bool same_place(std::string_view a, std::string_view b) {
    const auto part = [](std::string_view text, bool first) {
      const std::size_t comma = text.find(',');
      return number_of(first ? text.substr(0, comma) : text.substr(comma + 1));
    };
    return part(a, true) == part(b, true) && part(a, false) == part(b, false);
  }

  /// "lat,lon radius".
  void circle(const XmlElement& e, const std::string& path) {
    const std::vector<std::string_view> parts = words_of(e.text);
    if (parts.empty()) return warn("cap.circle", path, "empty");
    const auto radius = parts.size() == 2 ? number_of(parts[1]) : std::nullopt;
    if (!radius || *radius < 0 || !is_pair(parts[0])) refuse("cap.circle", path, trimmed(e.text));
  }

  const XmlElement& alert_;
  Version version_;
  const std::string& path_;
  Verdict& verdict_;
};

}  // namespace

void check_meaning(const XmlElement& alert, Version version, const std::string& path,
                   Verdict& verdict) {
  Meaning(alert, version, path, verdict).check();
}

}  // namespace tocsin::cap
