#pragma once
// 台账. Which version of each register is in use. A register (divisions, risk points, stations,
// rules, relief …) is imported whole as one package named by the hash of its bytes; this room only
// says which package counts since when, and by whom. People are personal: their register is a
// sealed part, and the log holds no more of a person than an id and which channels reach it.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "log/part.h"
#include "log/room.h"

namespace tocsin::registers {

/// 启用. v1. Entity id "register/<kind>" ("register/divisions", "register/rules" …).
struct Adopted {
  static constexpr std::string_view type = "register.adopted";
  std::string kind;
  log::Hash package;
  std::optional<log::Hash> source;  ///< the file as handed in, when kept
  std::string file;                 ///< its name, for people
  int rows = 0, added = 0, changed = 0, removed = 0;
};

/// 可达. Which ways lead to a person: "phone", "mail".
struct Reach {
  PersonRef person;
  bool phone = false, mail = false;

  bool operator==(const Reach&) const = default;
};

/// 人员台账启用. v1. Entity id "register/people".
struct PeopleAdopted {
  static constexpr std::string_view type = "register.people_adopted";
  log::PartRef part;
  std::vector<Reach> people;
};

using Event = std::variant<Adopted, PeopleAdopted>;
Result<Event> decode(std::string_view type, int version, std::string_view json_body);
log::Written encode(const Event& event);

struct Register {
  std::optional<Adopted> adopted;
  std::optional<PeopleAdopted> people;
  Instant since;
  std::string by;
  int versions = 0;
};

Register evolve(Register r, const Event& event, const log::Meta& meta);

struct Registers {
  static constexpr std::string_view kind = "register";
  using State = Register;
  using Event = registers::Event;
  static Result<Event> decode(std::string_view type, int version, std::string_view body) {
    return registers::decode(type, version, body);
  }
  static State evolve(State state, const Event& event, const log::Meta& meta) {
    return registers::evolve(std::move(state), event, meta);
  }
};

}  // namespace tocsin::registers
