#pragma once
// 哈希链. Follows logs record by record and says of the first record that does not follow what is
// wrong with it, and of each seal whether it covers what was read.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "log/event.h"
#include "log/segment.h"

namespace tocsin::log {

/// How far a log was followed.
struct Head {
  std::uint64_t seq = 0;
  Hash hash;

  bool operator==(const Head&) const = default;
};

/// One log's chain. Feed it the records in order and the seals as `expect` before them.
class Chain {
 public:
  /// `head`: where to go on from; the beginning when left out.
  explicit Chain(std::string log, Head head = {})
      : log_(std::move(log)), head_(head), sealed_(head.seq) {}

  /// Seals of this log in order of `last`. A node that went on from a backup seals what it finds
  /// unsealed, so that seal and the one its former self had made may overlap. Error "segment.gap":
  /// they leave out records, or one says nothing new.
  Result<void> expect(std::uint64_t first, std::uint64_t last, const Hash& hash);
  /// Takes the next record. Errors: "event.bad_header", "segment.gap" (another log's, or a number
  /// left out or repeated), "segment.broken_chain", "segment.bad_hash" (a seal names another hash);
  /// field "<log>#<seq>, byte N".
  Result<void> follow(const Header& header, const Hash& hash);
  /// Error "segment.gap": a seal covers records that are not there.
  Result<void> finish() const;

  const Head& head() const { return head_; }
  const std::string& log() const { return log_; }
  /// Last record that a seal covers.
  std::uint64_t sealed() const { return sealed_; }

 private:
  struct Expected {
    std::uint64_t last;
    Hash hash;
  };
  std::string log_;
  Head head_;
  std::uint64_t sealed_ = 0;
  std::vector<Expected> seals_;
  std::size_t next_seal_ = 0;
};

/// "<log>#<seq>, byte N", the form in which errors name a place.
std::string place_text(std::string_view log, std::uint64_t seq, std::size_t byte);

}  // namespace tocsin::log
