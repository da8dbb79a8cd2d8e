#include "log/chain.h"

namespace tocsin::log {
namespace {

std::string number_name(std::string_view log, std::uint64_t seq) {
  return std::string(log) + "#" + std::to_string(seq);
}

/// Where a header's members stand in the record it was parsed from: `log` is the first.
std::size_t offset_of_prev(const Header& header) {
  constexpr std::string_view before_log = R"({"log":")", before_seq = R"(","seq":)",
                             before_prev = R"(,"prev":")";
  return before_log.size() + header.log.size() + before_seq.size() +
         std::to_string(header.seq).size() + before_prev.size();
}

}  // namespace

std::string place_text(std::string_view log, std::uint64_t seq, std::size_t byte) {
  return number_name(log, seq) + ", byte " + std::to_string(byte);
}

Result<void> Chain::expect(std::uint64_t first, std::uint64_t last, const Hash& hash) {
  if (first > sealed_ + 1 || last < first || last <= sealed_)
    return fail("segment.gap", number_name(log_, sealed_ + 1),
                "the next seal covers " + std::to_string(first) + " to " + std::to_string(last));
  seals_.push_back({last, hash});
  sealed_ = last;
  return {};
}

Result<void> Chain::follow(const Header& header, const Hash& hash) {
  constexpr std::size_t log_at = std::string_view(R"({"log":")").size();
  if (header.log != log_)
    return fail("segment.gap", place_text(log_, head_.seq + 1, log_at),
                "a record of " + std::string(header.log) + " stands here");
  if (header.seq != head_.seq + 1)
    return fail("segment.gap", place_text(log_, head_.seq + 1, log_at + header.log.size() + 8),
                "record " + std::to_string(header.seq) + " stands here");
  if (header.prev != head_.hash)
    return fail("segment.broken_chain", place_text(log_, header.seq, offset_of_prev(header)),
                "it names another record before it than the one that is there");
  head_ = {header.seq, hash};
  if (next_seal_ < seals_.size() && seals_[next_seal_].last == header.seq)
    if (seals_[next_seal_++].hash != hash)
      return fail("segment.bad_hash", number_name(log_, header.seq),
                  "the seal names another hash than the record's");
  return {};
}

Result<void> Chain::finish() const {
  if (next_seal_ < seals_.size())
    return fail("segment.gap", number_name(log_, head_.seq + 1),
                "sealed up to " + std::to_string(sealed_) + ", but the records end here");
  return {};
}

}  // namespace tocsin::log
