#pragma once
// 节点. What happens to a node itself: its logs are opened, it came back from a backup, a person
// let out what was held, it took command of an entity, a file of readings was closed or removed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/text_key.h"
#include "base/time.h"
#include "domain/observation/sealed_file.h"
#include "log/event.h"
#include "log/room.h"

namespace tocsin::office {

/// 开卷. First record of every log. v1. Entity id "log/<node>/<epoch>/<lane>".
struct LogOpened {
  static constexpr std::string_view type = "log.opened";
  std::string suite, key;                  ///< how seals of this log are made, and by which key
  int rank = 9;                            ///< of the office: county 1, township 2, village 3
  std::optional<log::Position> continues;  ///< last record of the epoch before, as far as known
  std::string continues_hash;
};

/// 自备份恢复. The node went on from a backup; everything outbound is held. Entity id
/// "node/<name>".
struct Restored {
  static constexpr std::string_view type = "node.restored";
  std::string from;  ///< what the backup said of itself
};
/// 放行. A person looked and let it go out.
struct Released {
  static constexpr std::string_view type = "node.released";
  std::string reason;
};
/// 读数封存. A file of readings is closed; its digest is part of the chain from here on.
struct ReadingsSealed {
  static constexpr std::string_view type = "readings.sealed";
  observation::SealedFile file;
};
/// 读数清除. By retention; what events quote was kept.
struct ReadingsRemoved {
  static constexpr std::string_view type = "readings.removed";
  std::string file;
};
/// 设备方言批准. A person approved how a station departs from the standard.
struct DialectApproved {
  static constexpr std::string_view type = "station.dialect_approved";
  std::string station, what;
  bool approved = true;
};

/// 案卷密钥销毁. The key of a case is gone from this node, by the rule on personal data
/// (突发事件应对法 art. 85): what was sealed with it can be read by nobody any more. Each node says
/// it of its own.
struct KeyDestroyed {
  static constexpr std::string_view type = "case.key_destroyed";
  std::string case_id;  ///< "case/warning/<id>"
  std::string reason;   ///< "retention": its time was over
  Instant over;         ///< when the warning ended
  int kept_days = 0;    ///< how long after that the rule keeps a case
};

using Event = std::variant<LogOpened, Restored, Released, ReadingsSealed, ReadingsRemoved,
                           DialectApproved, KeyDestroyed>;
Result<Event> decode(std::string_view type, int version, std::string_view json_body);
log::Written encode(const Event& event);

/// 指挥权移交. Opens the next term of an entity of any room; names the claim it builds on (absent:
/// term 1) and how far it had seen that term's log. The type is the same for every room.
struct Claimed {
  static constexpr std::string_view type = "entity.claimed";
  std::optional<log::Position> parent;
  std::uint64_t saw = 0;
  std::string reason;
};
Result<Claimed> decode_claim(std::string_view json_body);
log::Written encode(const Claimed& claim);

/// State of a node as its own logs tell it.
struct Office {
  bool held = false;
  Instant held_since, released_at;
  std::string released_by;
  std::vector<observation::SealedFile> sealed;
  std::vector<std::pair<std::string, std::string>> dialects;  ///< station, what
  TextSet destroyed;                                          ///< cases whose key is gone
};

Office evolve(Office o, const Event& event, const log::Meta& meta);

struct Offices {
  static constexpr std::string_view kind = "node";
  using State = Office;
  using Event = office::Event;
  static Result<Event> decode(std::string_view type, int version, std::string_view body) {
    return office::decode(type, version, body);
  }
  static State evolve(State state, const Event& event, const log::Meta& meta) {
    return office::evolve(std::move(state), event, meta);
  }
};

}  // namespace tocsin::office
