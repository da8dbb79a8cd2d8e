// The schemas of CAP 1.0 (http://www.incident.com/cap/1.0), 1.1 and 1.2 (OASIS), written down as
// data.

#include "adapter/cap/grammar.h"

namespace tocsin::cap {
namespace {

using Words = std::string_view;

constexpr Words statuses_1_0[] = {"Actual", "Exercise", "System", "Test"};
constexpr Words statuses[] = {"Actual", "Exercise", "System", "Test", "Draft"};
constexpr Words msg_types[] = {"Alert", "Update", "Cancel", "Ack", "Error"};
constexpr Words scopes[] = {"Public", "Restricted", "Private"};
constexpr Words categories_1_0[] = {"Geo",    "Met", "Safety",    "Security", "Rescue", "Fire",
                                    "Health", "Env", "Transport", "Infra",    "Other"};
constexpr Words categories[] = {"Geo",    "Met", "Safety",    "Security", "Rescue", "Fire",
                                "Health", "Env", "Transport", "Infra",    "CBRNE",  "Other"};
constexpr Words responses_1_1[] = {"Shelter", "Evacuate", "Prepare", "Execute",
                                   "Monitor", "Assess",   "None"};
constexpr Words responses[] = {"Shelter", "Evacuate", "Prepare",  "Execute", "Avoid",
                               "Monitor", "Assess",   "AllClear", "None"};
constexpr Words urgencies[] = {"Immediate", "Expected", "Future", "Past", "Unknown"};
constexpr Words severities[] = {"Extreme", "Severe", "Moderate", "Minor", "Unknown"};
constexpr Words certainties_1_0[] = {"Very Likely", "Likely", "Possible", "Unlikely", "Unknown"};
constexpr Words certainties[] = {"Observed", "Likely", "Possible", "Unlikely", "Unknown"};

constexpr Field must(Words name, Kind kind = Kind::text) {
  return {.name = name, .required = true, .kind = kind};
}
constexpr Field may(Words name, Kind kind = Kind::text) { return {.name = name, .kind = kind}; }
constexpr Field any(Words name, Kind kind = Kind::text) {
  return {.name = name, .many = true, .kind = kind};
}
constexpr Field word(Words name, std::span<const Words> allowed, bool required = true,
                     bool many = false) {
  return {
      .name = name, .required = required, .many = many, .kind = Kind::words, .allowed = allowed};
}
constexpr Field groups(Words name, std::span<const Field> fields) {
  return {.name = name, .many = true, .kind = Kind::group, .fields = fields};
}

constexpr Field named[] = {must("valueName"), must("value")};

constexpr Field resource_1_0[] = {must("resourceDesc"), may("mimeType"), may("size", Kind::integer),
                                  may("uri", Kind::uri), may("digest")};
constexpr Field resource_1_1[] = {
    must("resourceDesc"),  may("mimeType"), may("size", Kind::integer),
    may("uri", Kind::uri), may("derefUri"), may("digest")};
constexpr Field resource_1_2[] = {
    must("resourceDesc"),  must("mimeType"), may("size", Kind::integer),
    may("uri", Kind::uri), may("derefUri"),  may("digest")};

constexpr Field area_1_0[] = {must("areaDesc"), any("polygon"),  any("circle"),
                              any("geocode"),   may("altitude"), may("ceiling")};
constexpr Field area_1_1[] = {must("areaDesc"),         any("polygon"),  any("circle"),
                              groups("geocode", named), may("altitude"), may("ceiling")};
constexpr Field area_1_2[] = {must("areaDesc"),
                              any("polygon"),
                              any("circle"),
                              groups("geocode", named),
                              may("altitude", Kind::decimal),
                              may("ceiling", Kind::decimal)};

constexpr Field info_1_0[] = {may("language", Kind::language),
                              word("category", categories_1_0, false, true),
                              must("event"),
                              word("urgency", urgencies),
                              word("severity", severities),
                              word("certainty", certainties_1_0),
                              may("audience"),
                              any("eventCode"),
                              may("effective", Kind::time),
                              may("onset", Kind::time),
                              may("expires", Kind::time),
                              may("senderName"),
                              may("headline"),
                              may("description"),
                              may("instruction"),
                              may("web", Kind::uri),
                              may("contact"),
                              any("parameter"),
                              groups("resource", resource_1_0),
                              groups("area", area_1_0)};
constexpr Field info_1_1[] = {may("language", Kind::language),
                              word("category", categories, true, true),
                              must("event"),
                              word("responseType", responses_1_1, false, true),
                              word("urgency", urgencies),
                              word("severity", severities),
                              word("certainty", certainties),
                              may("audience"),
                              groups("eventCode", named),
                              may("effective", Kind::time),
                              may("onset", Kind::time),
                              may("expires", Kind::time),
                              may("senderName"),
                              may("headline"),
                              may("description"),
                              may("instruction"),
                              may("web", Kind::uri),
                              may("contact"),
                              groups("parameter", named),
                              groups("resource", resource_1_1),
                              groups("area", area_1_1)};
constexpr Field info_1_2[] = {may("language", Kind::language),
                              word("category", categories, true, true),
                              must("event"),
                              word("responseType", responses, false, true),
                              word("urgency", urgencies),
                              word("severity", severities),
                              word("certainty", certainties),
                              may("audience"),
                              groups("eventCode", named),
                              may("effective", Kind::time_offset),
                              may("onset", Kind::time_offset),
                              may("expires", Kind::time_offset),
                              may("senderName"),
                              may("headline"),
                              may("description"),
                              may("instruction"),
                              may("web", Kind::uri),
                              may("contact"),
                              groups("parameter", named),
                              groups("resource", resource_1_2),
                              groups("area", area_1_2)};

constexpr Field alert_1_0[] = {must("identifier"),
                               must("sender"),
                               must("sent", Kind::time),
                               word("status", statuses_1_0),
                               word("msgType", msg_types),
                               may("password"),
                               may("source"),
                               word("scope", scopes, false),
                               may("restriction"),
                               may("addresses"),
                               any("code"),
                               may("note"),
                               may("references"),
                               may("incidents"),
                               groups("info", info_1_0)};
constexpr Field alert_1_1[] = {must("identifier"),
                               must("sender"),
                               must("sent", Kind::time),
                               word("status", statuses),
                               word("msgType", msg_types),
                               may("source"),
                               word("scope", scopes),
                               may("restriction"),
                               may("addresses"),
                               any("code"),
                               may("note"),
                               may("references"),
                               may("incidents"),
                               groups("info", info_1_1)};
constexpr Field alert_1_2[] = {must("identifier"),
                               must("sender"),
                               must("sent", Kind::time_offset),
                               word("status", statuses),
                               word("msgType", msg_types),
                               may("source"),
                               word("scope", scopes),
                               may("restriction"),
                               may("addresses"),
                               any("code"),
                               may("note"),
                               may("references"),
                               may("incidents"),
                               groups("info", info_1_2)};

}  // namespace

std::span<const Field> alert_fields(Version version) {
  switch (version) {
    case Version::v1_0:
      return alert_1_0;
    case Version::v1_1:
      return alert_1_1;
    case Version::v1_2:
      return alert_1_2;
  }
  return {};
}

}  // namespace tocsin::cap
