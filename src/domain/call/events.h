#pragma once
// 叫应. Calling until somebody answers. Two kinds of entity: the *call* belongs to whoever issued
// the warning and holds the order (whom, when, who next); each *answer* is a fact of its own with
// one writer, so that an answer taken at a cut-off node is never lost to a handover of the call.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "log/part.h"
#include "log/room.h"

namespace tocsin::call {

/// A角、B角、上级: the holder of the responsible post, its deputy, or somebody of a post above.
enum class RungKind : std::uint8_t { holder, deputy, above };

/// 通道. `mail` carries the signed link; `phone` means the call board at the desk.
enum class Channel : std::uint8_t { mail, phone, link };

/// 一级阶梯. One person to be asked, fixed when the call is opened. `skip` says why nobody is asked
/// here: "no_holder", "unreachable", "already_asked"; empty when somebody is.
struct Rung {
  PostId post;
  PersonRef person;
  RungKind kind = RungKind::holder;
  Duration wait{};  ///< silence after which the next is asked
  std::vector<Channel> channels;
  std::string skip;

  bool operator==(const Rung&) const = default;
};

/// 开始叫应. v1.
struct Opened {
  static constexpr std::string_view type = "call.opened";
  WarningId warning;
  int round = 1;  ///< 1 for the first level, counted up when a raise calls everybody again
  int level = 4;
  std::string area;  ///< code of the place the calls are about
  std::vector<RiskPointId> riskpoints;
  std::vector<Rung> rungs;
  int people = 0;  ///< how many live at the risk points, as registered
};

/// 请其应答. Rung `rung` is being asked from now on.
struct Asked {
  static constexpr std::string_view type = "call.asked";
  int rung = 0;
};

/// 送达情况. A channel took the message over, or did not. Says nothing about the person.
struct Delivered {
  static constexpr std::string_view type = "call.delivery";
  int rung = 0;
  Channel channel = Channel::mail;
  bool handed_over = false;
  bool final = false;  ///< of a failure: no further try
  std::string error;   ///< the other side's words
  bool news = false;   ///< of the message that told what became of the warning, not of the asking
  int asked = 0;       ///< which asking, or telling, of the rung it is about; 0: not said
};

/// 电话记录. Somebody phoned; "no_answer", "busy", "wrong_person", or "told": he knows now what
/// became of the warning. What was noted is a part.
struct Attempted {
  static constexpr std::string_view type = "call.attempted";
  static constexpr std::string_view told = "told";
  int rung = 0;
  std::string outcome;
  std::optional<log::PartRef> words;
};

/// 转下一位. Because of "silent" or "cannot".
struct Climbed {
  static constexpr std::string_view type = "call.climbed";
  int from = 0, to = 0;
  std::string why;
};

/// 全部未应. Nobody is left to ask.
struct Exhausted {
  static constexpr std::string_view type = "call.exhausted";
};

/// 结束. "cancelled", "expired" (the warning), "superseded" (a later round).
struct Closed {
  static constexpr std::string_view type = "call.closed";
  std::string why;
};

/// 告知. These rungs were asked and are to know from now on what became of the warning:
/// "cancelled", "expired", "lowered" (to `level`, by the `change`th level it had) or "prolonged"
/// (by the `change`th). v1.
struct Informed {
  static constexpr std::string_view type = "call.informed";
  std::string about;
  int level = 4;
  std::vector<int> rungs;
  int change = 0;
};

using Event =
    std::variant<Opened, Asked, Delivered, Attempted, Climbed, Exhausted, Closed, Informed>;

Result<Event> decode(std::string_view type, int version, std::string_view json_body);
log::Written encode(const Event& event);

enum class AnswerKind : std::uint8_t { received, cannot, done };

/// 应答. What one person said. `moved` only with `done`; his words are a part.
struct Given {
  static constexpr std::string_view type = "answer.given";
  CallId call;
  WarningId warning;
  int rung = 0;
  PersonRef person;
  AnswerKind kind = AnswerKind::received;
  std::optional<int> moved;
  std::optional<log::PartRef> words;
  Channel channel = Channel::phone;
  int asked = 0;  ///< which asking of the rung it answers, counted from 1; 0: not said
};

using AnswerEvent = std::variant<Given>;

Result<AnswerEvent> decode_answer(std::string_view type, int version, std::string_view json_body);
log::Written encode(const Given& event);

std::string_view text_of(Channel channel);
std::string_view text_of(AnswerKind kind);
std::string_view text_of(RungKind kind);
std::optional<AnswerKind> parse_answer_kind(std::string_view text);

}  // namespace tocsin::call
