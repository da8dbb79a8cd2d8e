#pragma once
// What the link page asks of the node.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/text.h"
#include "base/time.h"
#include "server/link/token.h"

namespace tocsin::server {

namespace asio = boost::asio;

enum class LinkState : std::uint8_t {
  asked,    // the person is asked and may answer (again)
  closed,   // the call is closed, the warning over or cancelled
  expired,  // the link's end has passed
  unknown,  // no such call, rung or person
};

/// What is over where nothing is asked any more.
enum class LinkEnd : std::uint8_t {
  none,
  lifted,       // the warning, by somebody
  ran_out,      // the warning, by its time
  called_anew,  // this round of calls: another one asks
};

/// 回复. Kinds as everywhere: "received", "cannot", "done".
struct LinkAnswer {
  std::string kind;
  std::optional<int> moved;  // people moved, with "done"
  std::string words;         // at most 500 characters
  std::string call = {};     // the page he answered was of this one; empty: of the link's own
};

/// What the page shows. Every text is plain; the page escapes it.
struct LinkView {
  LinkState state = LinkState::unknown;
  std::string call;  // it shows; another than the link's where he was called anew
  LinkEnd end = LinkEnd::none;
  std::string end_reason;       // why it was lifted
  std::string language = "zh";  // "zh" or "en", as the phone asks for; set by the site
  bool exercise = false;        // 演练
  bool sample = false;          // made-up person
  int level = 0;                // 1 red … 4 blue
  Text hazard;                  // "山洪"; of these texts the Chinese stands in for missing English
  std::string place;            // "西溪村"
  std::string person_name;
  Text headline;                // what he is to do, in one line
  std::string description;      // what is going on, where somebody wrote it
  Text instruction;             // how
  int people = 0, to_move = 0;  // at his risk points; not reported moved yet. 0: not said
  bool silence = false;         // a station that says nothing: nobody has to move, somebody to look
  Text reading;                 // "西溪 3 小时雨量 86.5 毫米", empty when issued by hand
  Instant issued_at{}, expires{};
  std::string sender;                // "庆元县防汛抗旱指挥部"
  std::string phone;                 // of the duty desk
  std::string sms;                   // number that takes 1/2/3 by text message; empty: none
  std::optional<LinkAnswer> answer;  // the last one kept
  Instant answered_at{};
};

class LinkDesk {
 public:
  virtual ~LinkDesk() = default;
  /// The call as this link may see it. The claims are verified; whether rung and person still match
  /// is the desk's to say (`unknown`). Where the person was called anew about the same warning, it
  /// is the call that asks him now. Reading changes nothing.
  virtual asio::awaitable<LinkView> view(LinkClaims claims) = 0;
  /// Keeps an answer; returns once it is on disk, with the view after it. Errors "store.…", and
  /// what the decision refuses ("call.closed" …; "call.called_anew" when the page he answered was
  /// of an earlier call than the one that asks him now: he has not seen what it says).
  virtual asio::awaitable<Result<LinkView>> answer(LinkClaims claims, LinkAnswer answer) = 0;
};

}  // namespace tocsin::server
