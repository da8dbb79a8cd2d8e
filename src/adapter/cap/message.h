#pragma once
// A warning as the Common Alerting Protocol 1.2 says it. Field names and meanings are those of the
// OASIS standard; docs/formats/cap.md says which of them we fill, and with what.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/geo.h"
#include "base/level.h"
#include "base/result.h"
#include "base/text.h"
#include "base/time.h"

namespace tocsin::cap {

/// Only `actual` may ever reach a public channel.
enum class Status { actual, exercise, system, test, draft };
enum class MsgType { alert, update, cancel, ack, error };
/// restricted needs `restriction`, privat needs `addresses`.
enum class Scope { open, restricted, privat };

struct Named {
  std::string name, value;
  bool operator==(const Named&) const = default;
};

struct Circle {
  LonLat centre;
  double radius_km = 0;
};

/// 影响范围. Polygons are closed rings of at least four points, first = last, WGS 84.
struct Area {
  std::string desc = {};
  std::vector<std::vector<LonLat>> polygons = {};
  std::vector<Circle> circles = {};
  std::vector<Named> geocodes = {};
};

/// One language's telling. The enumerated fields hold the standard's own words ("Met", "Extreme").
struct Info {
  std::string language = {};
  std::vector<std::string> categories = {};
  std::string event = {};
  std::vector<std::string> response_types = {};
  std::string urgency = {}, severity = {}, certainty = {};
  std::vector<Named> event_codes = {};
  std::optional<Instant> effective = {}, onset = {}, expires = {};
  std::string sender_name = {}, headline = {}, description = {}, instruction = {}, web = {},
              contact = {};
  std::vector<Named> parameters = {};
  std::vector<Area> areas = {};
};

/// An earlier message: "sender,identifier,sent".
struct Reference {
  std::string sender, identifier;
  Instant sent;
};

struct Message {
  std::string identifier = {}, sender = {};
  Instant sent = {};
  Status status = Status::draft;
  MsgType msg_type = MsgType::alert;
  std::string source = {};
  Scope scope = Scope::restricted;
  std::string restriction = {};
  std::vector<std::string> addresses = {}, codes = {};
  std::string note = {};
  std::vector<Reference> references = {};  ///< at least one for update and cancel
  std::vector<std::string> incidents = {};
  std::vector<Info> infos = {};
};

/// The message as UTF-8 XML, times in Beijing time ("+08:00"). Valid against the OASIS schema.
/// Errors: "cap.missing" (field names the element that must be filled), "cap.bad_text" (a character
/// XML cannot carry, or a space, comma, '<' or '&' where the standard forbids them),
/// "cap.bad_area".
Result<std::string> write(const Message& message);

/// 预警文件编号: ZZZZZZDDDUUUXX_YYYYMMDDhhmmss[_N]: division (6 digits), trade (3), sub-unit (3),
/// extension (2), Beijing time, and a number from 1 when several go out in one second (0: none).
/// Error "cap.bad_identifier" naming the part.
Result<std::string> identifier(std::string_view division, std::string_view trade,
                               std::string_view unit, std::string_view extension, Instant sent,
                               int number = 0);

/// A place of the notice. `code` is GB/T 2260 (+ GB/T 10114), `edition` the year of the code table:
/// codes change their meaning between editions.
struct Place {
  std::string code, edition;
  Text name;
  std::vector<std::vector<LonLat>> polygons = {};
  std::vector<Circle> circles = {};
};

/// 预警. What a warning of ours has to say; bilingual() makes the two <info> blocks of it.
struct Notice {
  std::string identifier = {}, sender = {};
  Instant sent = {};
  Status status = Status::draft;
  MsgType msg_type = MsgType::alert;
  Scope scope = Scope::restricted;
  std::string restriction = {};
  std::vector<Reference> references = {};
  std::vector<std::string> incidents = {};
  std::string note = {};    ///< the reason of an update or a cancel
  std::string hazard = {};  ///< GB/T 35561
  Text event = {};          ///< the hazard's name
  Level level = Level::blue;
  bool observed = true;  ///< a reading says so: certainty Observed; else Likely
  Instant onset = {}, expires = {};
  Text sender_name = {}, headline = {}, description = {}, instruction = {};
  std::string web = {};
  std::vector<Place> places = {};
};

/// zh-CN first, then en when there is an English headline. Severity follows the colour (red
/// Extreme, orange Severe, yellow Moderate, blue Minor), the category the hazard code; the colour
/// itself goes into the parameter "level" (红 … and red …) because CAP has no word for it.
Message bilingual(const Notice& notice);

/// CAP category of a GB/T 35561 code: "11B03" is "Met", an unknown code "Other".
std::string_view category_of(std::string_view hazard);
std::string_view severity_of(Level level);

}  // namespace tocsin::cap
