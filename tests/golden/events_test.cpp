// Every event as it was first written. These bytes stand in logs out there: they must be understood
// for ever, and a line of events.jsonl is never changed.

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "domain/account/account.h"
#include "domain/alarm/alarm.h"
#include "domain/audit/audit.h"
#include "domain/call/events.h"
#include "domain/office/office.h"
#include "domain/register/register.h"
#include "domain/warning/events.h"
#include "golden.h"

namespace tocsin::golden {
namespace {

using Again = std::function<Result<log::Written>(const std::string& type, int version,
                                                 const std::string& body)>;

/// type -> read a body of it and write it again.
using Rooms = std::map<std::string, Again>;

template <class... Types>
void add(Rooms& rooms, const Again& again, std::type_identity<std::variant<Types...>>) {
  (rooms.emplace(std::string(Types::type), again), ...);
}

/// Both directions of a room whose decode() gives `Event`.
template <class Event>
void add_room(Rooms& rooms, Result<Event> (*decode)(std::string_view, int, std::string_view)) {
  const Again again = [decode](const std::string& type, int version,
                               const std::string& body) -> Result<log::Written> {
    const auto event = decode(type, version, body);
    if (!event) return std::unexpected(event.error());
    return encode(*event);
  };
  add(rooms, again, std::type_identity<Event>());
}

Rooms all_rooms() {
  Rooms rooms;
  add_room(rooms, account::decode);
  add_room(rooms, alarm::decode);
  add_room(rooms, call::decode);
  add_room(rooms, office::decode);
  add_room(rooms, registers::decode);
  add_room(rooms, warning::decode);
  rooms.emplace(
      call::Given::type,
      [](const std::string& type, int version, const std::string& body) -> Result<log::Written> {
        const auto event = call::decode_answer(type, version, body);
        if (!event) return std::unexpected(event.error());
        return call::encode(std::get<call::Given>(*event));
      });
  rooms.emplace(
      audit::Noted::type,
      [](const std::string& type, int version, const std::string& body) -> Result<log::Written> {
        const auto note = audit::decode(type, version, body);
        if (!note) return std::unexpected(note.error());
        return audit::encode(*note);
      });
  rooms.emplace(office::Claimed::type,
                [](const std::string&, int, const std::string& body) -> Result<log::Written> {
                  const auto claim = office::decode_claim(body);
                  if (!claim) return std::unexpected(claim.error());
                  return office::encode(*claim);
                });
  return rooms;
}

TEST(GoldenEvents, AreReadForEverAndWrittenAsBefore) {
  const Rooms rooms = all_rooms();
  std::set<std::string> seen;
  std::istringstream lines(read("events.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    // {"type":"…","v":1,"body":{…}}, the body's own bytes kept.
    const auto value = boost::json::parse(line);
    const std::string type(value.at("type").as_string());
    const int version = value.at("v").to_number<int>();
    const std::size_t at = line.find("\"body\":") + 7;
    const std::string body = line.substr(at, line.size() - at - 1);
    ASSERT_TRUE(rooms.contains(type)) << type;
    const auto written = rooms.at(type)(type, version, body);
    ASSERT_TRUE(written) << type << ": " << written.error().code << " " << written.error().field;
    EXPECT_EQ(written->type, type);
    if (written->version == version) EXPECT_EQ(written->body, body) << type;
    seen.insert(type);
  }
  for (const auto& [type, again] : rooms)
    EXPECT_TRUE(seen.contains(type)) << type << " has no line in tests/golden/events.jsonl";
}

TEST(GoldenEvents, ABodyThatLacksAMemberIsNoted) {
  const Rooms rooms = all_rooms();
  EXPECT_EQ(rooms.at("warning.issued")("warning.issued", 1, "{}").error().code, "event.bad_body");
  EXPECT_EQ(rooms.at("call.asked")("call.asked", 1, R"({"rung":"0"})").error().code,
            "event.bad_body");
}

}  // namespace
}  // namespace tocsin::golden
