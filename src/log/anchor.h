#pragma once
// 锚. The head of each log as text that fits on a sheet of paper or into a mail: who holds it can
// tell later whether the logs are still the ones it was taken from, even if somebody with the
// node's own key wrote them anew. docs/formats/log.md, "Anchor".

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "log/chain.h"

namespace tocsin::log {

struct Anchored {
  std::string log;
  Head head;

  bool operator==(const Anchored&) const = default;
};

struct Anchor {
  Instant made;
  std::vector<Anchored> logs;

  bool operator==(const Anchor&) const = default;
};

std::string print(const Anchor& anchor);
/// Blank lines, blanks around lines and CR LF are allowed: it may have been typed or mailed. Errors
/// "anchor.bad", field "line N"; a typing error shows in the last line ("anchor.mistyped").
Result<Anchor> parse_anchor(std::string_view text);

}  // namespace tocsin::log
