#pragma once
// 叫应. The state of one call and of one answer, and what happens next to a call. A call is
// answered when the last word of some rung is `received` or `done`; `cannot` climbs at once;
// silence climbs when the rung's wait is over. A late answer from a lower rung counts as well as
// one in time.

#include <expected>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "domain/call/events.h"

namespace tocsin::call {

/// One try by phone, as noted at the desk.
struct Attempt {
  Instant at;
  std::string outcome;
  std::optional<log::PartRef> words;
};

/// What a person who was asked is to know besides, and what became of that message.
struct News {
  std::string about;  ///< "cancelled", "expired", "lowered", "prolonged"
  int level = 4;
  int count = 0;   ///< how many times this rung was informed of something
  int change = 0;  ///< of a level: which of the warning's
  Instant since;
  std::optional<Instant> handed_over_at, failed_at;  ///< of the mail
  bool given_up = false;
  int failures = 0;
  std::string error;
  std::optional<Instant> told_at = {};  ///< by phone
};

/// Whether they are of a level (or an end) that a later change makes old.
inline bool of_the_level(const News& news) {
  return news.about == "lowered" || news.about == "prolonged";
}

/// What became of one rung.
struct RungState {
  std::optional<Instant> asked_at;  ///< last asked (a recall asks again)
  int times_asked = 0;
  std::optional<Instant> handed_over_at;
  std::optional<Instant> failed_at;  ///< last failure since the last ask
  bool given_up = false;             ///< of mail: no further try
  int failures = 0;
  std::string error;
  std::vector<Attempt> attempts;
  std::string left;  ///< why the ladder went on from here; "closed": it ended while he was asked
  std::optional<News> news = {};
};

enum class Phase : std::uint8_t { none, open, exhausted, closed };

struct Call {
  Phase phase = Phase::none;
  Opened opened;
  Instant opened_at, ended_at;
  std::optional<int> current;  ///< rung being asked
  std::vector<RungState> rungs;
  std::string closed_why;
};

/// One answer as folded.
struct Answer {
  Given given;
  Instant at;
  std::string by;        ///< who wrote it down
  std::string log = {};  ///< where it stands; of words of one instant the place decides
  std::uint64_t seq = 0;
};

Call evolve(Call c, const Event& event, const log::Meta& meta);
Answer evolve(Answer a, const AnswerEvent& event, const log::Meta& meta);

/// The last word of each rung: by the asking it answers, then by time written down. `answers` come
/// in an order that is the same everywhere.
using LastWords = std::map<int, const Answer*>;
LastWords last_words(std::span<const Answer* const> answers);

/// The answer that settles the call (`received` or `done`), if there is one.
const Answer* settling(const LastWords& words);

/// What happens next: nothing, a climb (with the next asked), or that nobody is left. `waited`: the
/// current rung's wait is over; the node's timers say so, since they know of clocks set back.
std::vector<Event> next(const Call& c, const LastWords& words, bool waited);

/// 时限. The wait now running: since when and how long. Nothing when only an answer moves the call.
struct Wait {
  Instant since;
  Duration length{};
};
std::optional<Wait> waiting(const Call& c, const LastWords& words);

/// The rungs whose mail nobody took over and nobody gave up. Who was asked and has said nothing is
/// to read it also when the ladder has gone on past him, until somebody answers.
std::vector<int> mails_wait(const Call& c, const LastWords& words);

/// He is to be told something and neither a mail nor anybody by phone has.
bool untold(const RungState& rung);

/// The rungs whose news have to go out by mail still.
std::vector<int> news_waits(const Call& c);

/// First events of a new call: opened, then the first rung that has somebody is asked, or
/// exhausted.
/// `besides`: people (ids) to be asked at once as well, wherever they stand on its ladder, where a
/// mail reaches them; who is phoned waits for his turn, since one is phoned at a time.
std::vector<Event> open(const Opened& what, const std::set<std::string>& besides = {});

/// Asks the rung now being asked once more (再呼). Refusals "call.not_open", "call.answered".
std::expected<std::vector<Event>, Refusal> recall(const Call& c, const LastWords& words);

struct Calls {
  static constexpr std::string_view kind = "call";
  using State = Call;
  using Event = call::Event;
  static Result<Event> decode(std::string_view type, int version, std::string_view body) {
    return call::decode(type, version, body);
  }
  static State evolve(State state, const Event& event, const log::Meta& meta) {
    return call::evolve(std::move(state), event, meta);
  }
};

struct Answers {
  static constexpr std::string_view kind = "answer";
  using State = Answer;
  using Event = AnswerEvent;
  static Result<Event> decode(std::string_view type, int version, std::string_view body) {
    return decode_answer(type, version, body);
  }
  static State evolve(State state, const Event& event, const log::Meta& meta) {
    return call::evolve(std::move(state), event, meta);
  }
};

}  // namespace tocsin::call
