#include "adapter/cap/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "adapter/cap/xml_writer.h"

namespace tocsin::cap {
namespace {

constexpr std::array<std::string_view, 5> statuses{"Actual", "Exercise", "System", "Test", "Draft"};
constexpr std::array<std::string_view, 5> msg_types{"Alert", "Update", "Cancel", "Ack", "Error"};
constexpr std::array<std::string_view, 3> scopes{"Public", "Restricted", "Private"};

/// CAP 1.2 §3.2.1: identifier and sender must not include these.
bool plain_word(std::string_view text) {
  return text.find_first_of(" \t\r\n,<&") == std::string_view::npos;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    // The standard's own way for a word with spaces in it.
    out += word.find(' ') == std::string::npos ? word : '"' + word + '"';
  }
  return out;
}

/// CAP writes latitude first.
std::string pair_of(LonLat p) { return fmt::format("{:.6f},{:.6f}", p.lat, p.lon); }

bool on_earth(LonLat p) { return std::abs(p.lat) <= 90 && std::abs(p.lon) <= 180; }

Result<void> check_area(const Area& area) {
  if (area.desc.empty()) return fail("cap.missing", "areaDesc");
  for (const auto& ring : area.polygons) {
    if (ring.size() < 4 || ring.front() != ring.back())
      return fail("cap.bad_area", "polygon", area.desc + ": not a closed ring of four points");
    if (!std::ranges::all_of(ring, on_earth)) return fail("cap.bad_area", "polygon", area.desc);
  }
  for (const Circle& circle : area.circles)
    if (!on_earth(circle.centre) || !(circle.radius_km >= 0) || !std::isfinite(circle.radius_km))
      return fail("cap.bad_area", "circle", area.desc);
  return {};
}

Result<void> check_info(const Info& info) {
  if (info.categories.empty()) return fail("cap.missing", "category");
  if (info.event.empty()) return fail("cap.missing", "event");
  if (info.urgency.empty()) return fail("cap.missing", "urgency");
  if (info.severity.empty()) return fail("cap.missing", "severity");
  if (info.certainty.empty()) return fail("cap.missing", "certainty");
  for (const Area& area : info.areas)
    if (auto checked = check_area(area); !checked) return checked;
  return {};
}

Result<void> check(const Message& m) {
  if (m.identifier.empty()) return fail("cap.missing", "identifier");
  if (m.sender.empty()) return fail("cap.missing", "sender");
  if (!plain_word(m.identifier)) return fail("cap.bad_text", "identifier", m.identifier);
  if (!plain_word(m.sender)) return fail("cap.bad_text", "sender", m.sender);
  if (m.scope == Scope::restricted && m.restriction.empty())
    return fail("cap.missing", "restriction");
  if (m.scope == Scope::privat && m.addresses.empty()) return fail("cap.missing", "addresses");
  if (m.msg_type != MsgType::alert && m.references.empty())
    return fail("cap.missing", "references");
  for (const Reference& r : m.references)
    if (r.sender.empty() || r.identifier.empty() || !plain_word(r.sender) ||
        !plain_word(r.identifier))
      return fail("cap.bad_text", "references", r.identifier);
  for (const Info& info : m.infos)
    if (auto checked = check_info(info); !checked) return checked;
  return {};
}

void write_named(XmlWriter& xml, std::string_view element, const std::vector<Named>& all) {
  for (const Named& named : all) {
    xml.open(element);
    xml.text("valueName", named.name);
    xml.text("value", named.value);
    xml.close(element);
  }
}

void write_time(XmlWriter& xml, std::string_view element, const std::optional<Instant>& at) {
  if (at) xml.text(element, iso_beijing(*at));
}

void write_area(XmlWriter& xml, const Area& area) {
  xml.open("area");
  xml.text("areaDesc", area.desc);
  for (const auto& ring : area.polygons) {
    std::string pairs;
    for (const LonLat p : ring) pairs += (pairs.empty() ? "" : " ") + pair_of(p);
    xml.text("polygon", pairs);
  }
  for (const Circle& circle : area.circles)
    xml.text("circle", fmt::format("{} {:.3f}", pair_of(circle.centre), circle.radius_km));
  write_named(xml, "geocode", area.geocodes);
  xml.close("area");
}

void write_info(XmlWriter& xml, const Info& info) {
  xml.open("info");
  xml.text_if("language", info.language);
  for (const std::string& category : info.categories) xml.text("category", category);
  xml.text("event", info.event);
  for (const std::string& type : info.response_types) xml.text("responseType", type);
  xml.text("urgency", info.urgency);
  xml.text("severity", info.severity);
  xml.text("certainty", info.certainty);
  write_named(xml, "eventCode", info.event_codes);
  write_time(xml, "effective", info.effective);
  write_time(xml, "onset", info.onset);
  write_time(xml, "expires", info.expires);
  xml.text_if("senderName", info.sender_name);
  xml.text_if("headline", info.headline);
  xml.text_if("description", info.description);
  xml.text_if("instruction", info.instruction);
  xml.text_if("web", info.web);
  xml.text_if("contact", info.contact);
  write_named(xml, "parameter", info.parameters);
  for (const Area& area : info.areas) write_area(xml, area);
  xml.close("info");
}

std::string references_of(const Message& m) {
  std::string out;
  for (const Reference& r : m.references)
    out += fmt::format("{}{},{},{}", out.empty() ? "" : " ", r.sender, r.identifier,
                       iso_beijing(r.sent));
  return out;
}

}  // namespace

Result<std::string> write(const Message& m) {
  if (auto checked = check(m); !checked) return std::unexpected(checked.error());
  XmlWriter xml;
  xml.open("alert", attribute("xmlns", "urn:oasis:names:tc:emergency:cap:1.2"));
  xml.text("identifier", m.identifier);
  xml.text("sender", m.sender);
  xml.text("sent", iso_beijing(m.sent));
  xml.text("status", statuses[static_cast<std::size_t>(m.status)]);
  xml.text("msgType", msg_types[static_cast<std::size_t>(m.msg_type)]);
  xml.text_if("source", m.source);
  xml.text("scope", scopes[static_cast<std::size_t>(m.scope)]);
  xml.text_if("restriction", m.restriction);
  xml.text_if("addresses", join(m.addresses));
  for (const std::string& code : m.codes) xml.text("code", code);
  xml.text_if("note", m.note);
  xml.text_if("references", references_of(m));
  xml.text_if("incidents", join(m.incidents));
  for (const Info& info : m.infos) write_info(xml, info);
  xml.close("alert");
  if (!xml.clean()) return fail("cap.bad_text", "", "a character XML cannot carry");
  return xml.take();
}

Result<std::string> identifier(std::string_view division, std::string_view trade,
                               std::string_view unit, std::string_view extension, Instant sent,
                               int number) {
  const auto digits = [](std::string_view text, std::size_t size) {
    return text.size() == size &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!digits(division, 6)) return fail("cap.bad_identifier", "division", std::string(division));
  if (!digits(trade, 3)) return fail("cap.bad_identifier", "trade", std::string(trade));
  if (!digits(unit, 3)) return fail("cap.bad_identifier", "unit", std::string(unit));
  if (!digits(extension, 2)) return fail("cap.bad_identifier", "extension", std::string(extension));
  if (number < 0) return fail("cap.bad_identifier", "number", std::to_string(number));
  std::string id =
      fmt::format("{}{}{}{}_{}", division, trade, unit, extension, compact_beijing(sent));
  if (number > 0) id += fmt::format("_{}", number);
  return id;
}

}  // namespace tocsin::cap
