#include "adapter/cap/grammar.h"

#include <libxml/uri.h>
#include <libxml/xmlmemory.h>

#include <algorithm>

namespace tocsin::cap {
namespace {

constexpr std::string_view instance_space = "http://www.w3.org/2001/XMLSchema-instance";

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Reads the number of exactly `size` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t size) {
  if (at + size > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + size; ++i) {
    if (!digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

int days_in(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

/// "" when allowed, "Z", or [+-]hh:mm up to 14:00.
bool is_zone(std::string_view zone) {
  if (zone.empty() || zone == "Z") return true;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return false;
  const int hour = digits(zone, 1, 2), minute = digits(zone, 4, 2);
  return hour >= 0 && minute >= 0 && minute < 60 && (hour < 14 || (hour == 14 && minute == 0));
}

bool is_language(std::string_view text) {
  std::size_t part = 0;
  bool first = true;
  for (const char c : text) {
    if (c == '-') {
      if (part == 0) return false;
      part = 0;
      first = false;
    } else if ((!letter(c) && (first || !digit(c))) || ++part > 8) {
      return false;
    }
  }
  return part > 0;
}

bool is_integer(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, digit);
}

bool is_decimal(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? "" : text.substr(point + 1);
  return !(whole.empty() && part.empty()) && std::ranges::all_of(whole, digit) &&
         std::ranges::all_of(part, digit);
}

/// xs:anyURI is any text that is a URI once what URIs cannot hold has been escaped.
bool is_uri(std::string_view text) {
  if (text.empty()) return true;
  std::string escaped;
  constexpr std::string_view kept = "_.-!~*'()/#:;?@%&=+$,[]";
  constexpr std::string_view hex = "0123456789ABCDEF";
  for (const char c : text) {
    if (letter(c) || digit(c) || kept.find(c) != std::string_view::npos) {
      escaped += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped.append({'%', hex[byte >> 4], hex[byte & 15]});
  }
  xmlURIPtr uri = xmlParseURI(escaped.c_str());
  const bool good = uri != nullptr;
  xmlFreeURI(uri);
  return good;
}

void check_value(const XmlElement& e, const Field& field, const std::string& path,
                 std::vector<Finding>& out) {
  const std::string_view text = trimmed(e.text);
  const auto refuse = [&](const char* code) { out.push_back({code, path, clip(text)}); };
  switch (field.kind) {
    case Kind::text:
    case Kind::group:
      break;
    case Kind::words:
      if (std::ranges::find(field.allowed, e.text) == field.allowed.end())
        refuse("cap.not_allowed");
      break;
    case Kind::time:
    case Kind::time_offset:
      if (!is_date_time(text, field.kind == Kind::time_offset)) refuse("cap.time");
      break;
    case Kind::language:
      // The schemas give it a default, which an empty element takes.
      if (!e.text.empty() && !is_language(text)) refuse("cap.language");
      break;
    case Kind::uri:
      if (!is_uri(text)) refuse("cap.uri");
      break;
    case Kind::integer:
      if (!is_integer(text)) refuse("cap.number");
      break;
    case Kind::decimal:
      if (!is_decimal(text)) refuse("cap.number");
      break;
  }
}

void check_element(const XmlElement& e, const Field& field, const std::string& path,
                   std::vector<Finding>& out) {
  for (const XmlAttribute& a : e.attributes)
    if (a.space != instance_space) out.push_back({"cap.attribute", path, a.name});
  if (field.kind == Kind::group) return check_fields(e, field.fields, path, out);
  for (const XmlElement& child : e.children)
    out.push_back({"cap.unknown_element", path + "/" + child.name, "not inside a value"});
  check_value(e, field, path, out);
}

}  // namespace

std::string clip(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

bool is_date_time(std::string_view text, bool offset_only) {
  text = trimmed(text);
  const bool shape = text.size() >= 19 && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
                     text[13] == ':' && text[16] == ':';
  if (!shape) return false;
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return false;
  const bool midnight = hour == 24 && minute == 0 && second == 0;
  if (hour < 0 || minute < 0 || second < 0 || minute > 59 || second > 59) return false;
  if (hour > 23 && !midnight) return false;
  std::string_view rest = text.substr(19);
  if (offset_only) return rest.size() == 6 && is_zone(rest);
  if (rest.starts_with('.')) {
    const std::size_t end = rest.find_first_not_of("0123456789", 1);
    const std::string_view fraction = rest.substr(1, end == std::string_view::npos ? end : end - 1);
    if (fraction.empty() || (midnight && fraction.find_first_not_of('0') != std::string_view::npos))
      return false;
    rest.remove_prefix(fraction.size() + 1);
  }
  return is_zone(rest);
}

void check_fields(const XmlElement& element, std::span<const Field> fields, const std::string& path,
                  std::vector<Finding>& out) {
  if (!blank(element.text)) out.push_back({"cap.stray_text", path, clip(trimmed(element.text))});
  std::vector<int> seen(fields.size(), 0);
  std::size_t reached = 0;
  Numbering numbering;
  for (const XmlElement& child : element.children) {
    if (child.space == signature_space && element.name == "alert")
      continue;  // its place: check_alert()
    const std::string child_path = numbering.next(path, child.name);
    const auto found = child.space == element.space
                           ? std::ranges::find(fields, child.name, &Field::name)
                           : fields.end();
    if (found == fields.end()) {
      out.push_back({"cap.unknown_element", child_path, child.space});
      continue;
    }
    const auto at = static_cast<std::size_t>(found - fields.begin());
    if (at < reached)
      out.push_back({"cap.order", child_path, "after " + std::string(fields[reached].name)});
    if (++seen[at] > 1 && !found->many) out.push_back({"cap.repeated", child_path, ""});
    reached = std::max(reached, at);
    check_element(child, *found, child_path, out);
  }
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].required && seen[i] == 0)
      out.push_back({"cap.missing_element", path + "/" + std::string(fields[i].name), ""});
}

}  // namespace tocsin::cap
