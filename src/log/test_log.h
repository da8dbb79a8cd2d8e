#pragma once
// A log to try things on: tests, benchmarks and the kill harness write with it.

#include <string>
#include <vector>

#include "log/segment.h"
#include "log/store.h"

namespace tocsin::log {

/// Writes one log: numbers, chains and seals.
class TestLog {
 public:
  explicit TestLog(std::string name, std::uint64_t key_seed = 1) : name_(std::move(name)) {
    SeededDice dice(key_seed);
    key_ = make_signing_key(dice);
  }

  Draft draft(std::string_view words) const {
    return Draft{.entity = "warning/w1",
                 .term = {},
                 .type = "warning.noted",
                 .version = 1,
                 .by = "post/duty",
                 .command = "",
                 .body = R"({"note":")" + std::string(words) + R"("})"};
  }

  Record next(const Draft& draft) {
    const Stamp at{instant_ms(1'780'000'000'000 + static_cast<std::int64_t>(seq_) * 10), 0};
    Record record = make_record(name_, seq_ + 1, prev_, at, draft);
    ++seq_;
    prev_ = record.hash;
    return record;
  }
  Record next(std::string_view words = "hello") { return next(draft(words)); }

  /// Seals what was written since the last seal.
  Seal seal() {
    const Seal out = make_seal(name_, sealed_ + 1, seq_, prev_, key_);
    sealed_ = seq_;
    return out;
  }

  /// `count` records and a seal over them, ready to commit.
  Batch batch(std::size_t count, std::string_view words = "hello") {
    Batch out;
    for (std::size_t i = 0; i < count; ++i) out.records.push_back(next(words));
    out.seals.push_back(seal());
    return out;
  }

  /// Goes on behind what was found on disk.
  void resume(std::uint64_t seq, const Hash& prev, std::uint64_t sealed) {
    seq_ = seq;
    prev_ = prev;
    sealed_ = sealed;
  }

  std::uint64_t seq() const { return seq_; }
  const Hash& head() const { return prev_; }
  const std::string& name() const { return name_; }
  const SigningKey& key() const { return key_; }

 private:
  std::string name_;
  SigningKey key_;
  std::uint64_t seq_ = 0, sealed_ = 0;
  Hash prev_;
};

}  // namespace tocsin::log
