#pragma once
// The bytes of the journal, pure: records in and out of memory. docs/formats/readings.md,
// "Journal". A record is one batch, or the mark of a clean end. Each says up to which byte the file
// was already on disk when it was written; that tells damage to what was acknowledged from a torn
// tail.

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/encode.h"
#include "base/result.h"
#include "domain/observation/reading.h"

namespace tocsin::reading_store {

inline constexpr std::size_t journal_header_size = 24;
inline constexpr std::size_t record_header_size = 28;
inline constexpr std::size_t record_payload_max = std::size_t{64} << 20;

void put_journal_header(std::uint64_t first_ordinal, Bytes& out);

/// The journal's own numbers for points, in the order in which it first saw them.
class JournalPoints {
 public:
  /// Writes the batch's new points and readings; keeps the numbers only when keep() follows.
  void put_payload(std::span<const observation::Reading> batch, const std::deque<std::string>& ids,
                   Bytes& out);
  void keep() { kept_ = used_.size(); }
  void drop();
  /// While replaying: the journal's next number means this point.
  void add(observation::PointKey key);
  std::size_t size() const { return used_.size(); }
  observation::PointKey key(std::size_t number) const { return used_[number]; }

 private:
  static constexpr std::uint32_t unknown = UINT32_MAX;
  std::uint32_t number_of(observation::PointKey key) const;

  std::vector<std::uint32_t> number_;        // by key
  std::vector<observation::PointKey> used_;  // by number
  std::size_t kept_ = 0;
};

/// Appends a whole record; `payload` empty: the mark of a clean end.
void put_record(std::uint64_t ordinal, std::uint64_t durable, std::span<const std::uint8_t> payload,
                Bytes& out);

/// One batch as it stands in the journal: `point` of the readings is the journal's own number.
struct JournalBatch {
  std::uint64_t ordinal = 0;
  std::uint64_t begin = 0, end = 0;  ///< where its record lies in the file
  std::size_t first_new = 0;         ///< number of the first of new_points
  std::vector<std::string_view> new_points{};
  std::vector<observation::Reading> readings{};
};

/// A stretch of the journal that was on disk once and is not readable now.
struct JournalDamage {
  std::uint64_t begin = 0, end = 0;
  Error error;
};

struct JournalScan {
  std::uint64_t first_ordinal = 0;  ///< as the header says; 0 when it cannot be read
  std::uint64_t last_ordinal = 0;   ///< of the last batch that was read; 0 without one
  std::uint64_t end = 0;            ///< behind the last good record; from here on the tail is torn
  std::uint64_t torn = 0;           ///< bytes behind `end` that cannot be read
  /// The torn bytes are as long as the record they begin, or no beginning of one: written and never
  /// acknowledged, or acknowledged and damaged since. Which of the two nobody can tell. False: the
  /// record ends beyond the file, so its write did not finish.
  bool unclear = false;
  bool clean_end = false;  ///< the last good record is the mark of a clean end
  std::vector<JournalDamage> damaged;
};

/// Walks a whole journal. `visit` gets each good batch and returns false to stop. Error codes in
/// `damaged`: "journal.header", "journal.record" (length or checksum), "journal.ordinal" (not the
/// next one), "journal.payload" (checksum right, content not), "journal.point" (a number no batch
/// gave a name). Their field is "byte N".
JournalScan scan_journal(std::span<const std::uint8_t> bytes,
                         const std::function<bool(const JournalBatch&)>& visit);

}  // namespace tocsin::reading_store
