#pragma once
// What a room of the domain tells the rest of the house about its events: enough to fold any room's
// entities with one piece of code (node/shelf.h), so that a new event type changes one folder.
//
//   struct Warnings {                                        // the room, as a type
//     static constexpr std::string_view kind = "warning";    // entity ids are "warning/…"
//     using State = Warning;                                 // value; default: nothing happened
//     yet using Event = std::variant<Issued, …>; static Result<Event> decode(std::string_view type,
//     int version, std::string_view body); static State evolve(State, const Event&, const Meta&);
//     // total
//   };

#include <string>
#include <string_view>

#include "log/event.h"

namespace tocsin::log {

/// What the header of an event tells its fold.
struct Meta {
  Instant at;            ///< when it was written down (the node's clock)
  std::string_view by;   ///< who said so: "post/…", "node/…", "person/…"
  std::string_view log;  ///< in which log it stands
  std::uint64_t seq = 0;
};

/// What a decision hands to the writer: one event, still without a place in a log.
struct Written {
  std::string type;
  int version = 1;
  std::string body;
};

}  // namespace tocsin::log
