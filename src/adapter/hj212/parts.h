#pragma once
// 拆分包. A message sent in PNUM packets, put together again. Values of a split upload need no
// assembly (each packet names its DataTime); logs and lists that must be read as one do.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "adapter/hj212/frame.h"
#include "base/time.h"

namespace tocsin::hj212 {

/// Keeps packets until their message is whole. Bounded: at most `max_messages` open at a time, the
/// oldest gives way; a message not whole after `patience` is given up.
class PartAssembler {
 public:
  static constexpr std::size_t max_messages = 64;
  static constexpr int max_parts = 256;
  static constexpr Duration patience = std::chrono::minutes(10);

  /// Adds a packet with its plain CP body. The whole message's CP, parts in order joined by ";" and
  /// DataTime said once, when this was the last one missing; nullopt while some are. A packet
  /// that comes twice replaces itself. Errors "hj212.parts": PNUM or PNO missing, not a number, out
  /// of 1..PNUM, over max_parts, or PNUM changed in the middle.
  Result<std::optional<std::string>> add(const Head& head, std::string_view cp, Instant now);

  std::size_t open_messages() const { return open_.size(); }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  // MN, CN, DataTime (else none)
  struct Message {
    std::vector<std::optional<std::string>> parts;
    std::size_t missing = 0;
    Instant first;
  };
  void make_room(Instant now);
  std::map<Key, Message> open_;
};

}  // namespace tocsin::hj212
