#include "adapter/reading_store/journal_format.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "adapter/reading_store/bytes.h"
#include "domain/observation/column.h"

namespace tocsin::reading_store {
namespace {

using observation::Flag;
using observation::Input;
using observation::PointKey;
using observation::put_varint;
using observation::Reading;

constexpr std::string_view file_magic = "TOCSINRJ";
constexpr std::uint32_t version = 1;
constexpr std::uint32_t record_magic = 0x4254'5354;  // "TSTB" read as bytes
constexpr std::uint8_t no_value_bit = 0x80;
constexpr std::uint64_t numbers_max = std::uint64_t{1} << 24;

void put_text(std::string_view text, Bytes& out) {
  out.insert(out.end(), text.begin(), text.end());
}

bool good_header(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= journal_header_size && as_text(bytes.first(8)) == file_magic &&
         get<std::uint32_t>(bytes, 8) == version &&
         get<std::uint32_t>(bytes, 20) == crc32c(bytes.first(20));
}

struct Record {
  std::uint64_t ordinal = 0, durable = 0;
  std::span<const std::uint8_t> payload;
};

/// The record at `at`, if a whole one with the right checksum stands there.
std::optional<Record> record_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  if (bytes.size() - at < record_header_size) return std::nullopt;
  const auto head = bytes.subspan(at, record_header_size);
  if (get<std::uint32_t>(head, 0) != record_magic) return std::nullopt;
  const std::size_t size = get<std::uint32_t>(head, 4);
  if (size > record_payload_max || size > bytes.size() - at - record_header_size)
    return std::nullopt;
  const auto payload = bytes.subspan(at + record_header_size, size);
  if (get<std::uint32_t>(head, 24) != crc32c(payload, crc32c(head.first(24)))) return std::nullopt;
  return Record{get<std::uint64_t>(head, 8), get<std::uint64_t>(head, 16), payload};
}

/// Whether the bytes from `at` to the end may have been a whole batch: unless no more than a header
/// is there (nothing but the mark of a clean end is that short), or a header whose payload goes on
/// beyond the end. (A length that was damaged is seen where the checksum holds for the length that
/// is there.)
bool may_have_been_whole(std::span<const std::uint8_t> bytes, std::size_t at) {
  if (bytes.size() - at <= record_header_size) return false;
  const std::size_t rest = bytes.size() - at - record_header_size;
  const auto head = bytes.subspan(at, record_header_size);
  if (get<std::uint32_t>(head, 0) != record_magic) return true;
  if (get<std::uint32_t>(head, 4) <= rest) return true;
  Bytes as_long_as_it_is;
  put(record_magic, as_long_as_it_is);
  put(static_cast<std::uint32_t>(rest), as_long_as_it_is);
  const auto numbers = head.subspan(8, 16);
  as_long_as_it_is.insert(as_long_as_it_is.end(), numbers.begin(), numbers.end());
  return get<std::uint32_t>(head, 24) ==
         crc32c(bytes.last(rest), crc32c(std::span<const std::uint8_t>(as_long_as_it_is)));
}

/// The next good record behind a bad one that was written when the bad one was already on disk.
std::optional<std::size_t> next_after_damage(std::span<const std::uint8_t> bytes, std::size_t bad) {
  for (std::size_t at = bad + 1; at + record_header_size <= bytes.size(); ++at) {
    const void* found = std::memchr(&bytes[at], record_magic & 0xff, bytes.size() - at);
    if (found == nullptr) return std::nullopt;
    at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data());
    const auto record = record_at(bytes, at);
    if (record && record->durable > bad) return at;
  }
  return std::nullopt;
}

Reading get_reading(Input& in, Instant& before, const std::vector<bool>& named) {
  Reading reading;
  const std::uint64_t number = in.varint(numbers_max, "journal.point");
  if (number >= named.size() || !named[number]) in.fail("journal.point");
  reading.point = PointKey{static_cast<std::uint32_t>(number)};
  const auto plus = [&in](Instant from) {
    return instant_ms(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(ms_of(from)) +
                                  static_cast<std::uint64_t>(observation::unzigzag(in.varint()))));
  };
  reading.time = before = plus(before);
  reading.arrival = plus(reading.time);
  const std::uint8_t tag = in.byte();
  const char letter = static_cast<char>(tag & ~no_value_bit);
  if (!observation::is_flag(letter)) in.fail("journal.payload");
  reading.flag = static_cast<Flag>(letter);
  if ((tag & no_value_bit) != 0) return reading;
  const auto raw = in.take(8);
  if (!in.failed()) reading.value = std::bit_cast<double>(get<std::uint64_t>(raw, 0));
  return reading;
}

/// Fills new_points and readings. `named`: which numbers have had their point's id; grows.
bool get_payload(Input& in, std::vector<bool>& named, JournalBatch& batch) {
  batch.first_new = in.varint(numbers_max, "journal.payload");
  const std::size_t count_new = in.varint(in.left(), "journal.payload");
  for (std::size_t i = 0; i < count_new && !in.failed(); ++i) {
    const std::size_t size = in.varint(in.left(), "journal.payload");
    batch.new_points.push_back(as_text(in.take(size)));
  }
  if (in.failed()) return false;
  named.resize(std::max(named.size(), batch.first_new + count_new));
  std::fill_n(named.begin() + static_cast<std::ptrdiff_t>(batch.first_new), count_new, true);
  const std::size_t count = in.varint(in.left(), "journal.payload");
  Instant before{};
  batch.readings.reserve(count);
  for (std::size_t i = 0; i < count && !in.failed(); ++i)
    batch.readings.push_back(get_reading(in, before, named));
  if (!in.failed() && (in.left() != 0 || count == 0)) in.fail("journal.payload");
  return !in.failed();
}

/// One walk over a journal.
class Scanner {
 public:
  Scanner(std::span<const std::uint8_t> bytes,
          const std::function<bool(const JournalBatch&)>& visit)
      : bytes_(bytes), visit_(visit) {}

  JournalScan run() {
    begin();
    while (at_ < bytes_.size()) {
      const auto record = record_at(bytes_, at_);
      if (!record) {
        if (!skip_damage("journal.record")) break;
      } else if (!take(*record)) {
        break;
      }
    }
    scan_.torn = stopped_ ? 0 : bytes_.size() - scan_.end;
    scan_.unclear =
        scan_.torn > 0 && scan_.first_ordinal != 0 && may_have_been_whole(bytes_, scan_.end);
    return scan_;
  }

 private:
  void begin() {
    if (good_header(bytes_)) {
      scan_.first_ordinal = get<std::uint64_t>(bytes_, 12);
      expected_ = scan_.first_ordinal;
      at_ = scan_.end = journal_header_size;
    } else if (!skip_damage("journal.header")) {
      at_ = bytes_.size();
    }
  }

  /// Steps over a stretch that cannot be read; false when nothing durable follows it.
  bool skip_damage(const char* code) {
    const auto next = next_after_damage(bytes_, at_);
    if (!next) return false;
    damaged(code, at_, *next, {});
    at_ = *next;
    expected_.reset();
    return true;
  }

  void damaged(const char* code, std::uint64_t begin, std::uint64_t end, std::string detail) {
    scan_.damaged.push_back(
        {begin, end, {code, "byte " + std::to_string(begin), std::move(detail)}});
  }

  bool take(const Record& record) {
    const std::uint64_t begin = at_;
    at_ += record_header_size + record.payload.size();
    const bool mark = record.payload.empty();
    scan_.clean_end = mark;
    if (!mark && expected_.value_or(record.ordinal) != record.ordinal)
      damaged("journal.ordinal", begin, at_, "expected " + std::to_string(*expected_));
    scan_.end = at_;
    if (mark) return true;
    expected_ = record.ordinal + 1;
    scan_.last_ordinal = record.ordinal;
    JournalBatch batch{.ordinal = record.ordinal, .begin = begin, .end = at_};
    Input in(record.payload);
    if (!get_payload(in, named_, batch)) {
      const Error error = in.error();
      const bool point = error.code == "journal.point";
      damaged(point ? "journal.point" : "journal.payload", begin, at_, error.field);
      return true;
    }
    stopped_ = !visit_(batch);
    return !stopped_;
  }

  std::span<const std::uint8_t> bytes_;
  const std::function<bool(const JournalBatch&)>& visit_;
  std::size_t at_ = 0;
  std::vector<bool> named_;
  std::optional<std::uint64_t> expected_;
  bool stopped_ = false;
  JournalScan scan_;
};

}  // namespace

void put_journal_header(std::uint64_t first_ordinal, Bytes& out) {
  const std::size_t start = out.size();
  put_text(file_magic, out);
  put(version, out);
  put(first_ordinal, out);
  put(crc32c(std::span(out).subspan(start)), out);
}

std::uint32_t JournalPoints::number_of(PointKey key) const {
  const std::uint32_t index = index_of(key);
  return index < number_.size() ? number_[index] : unknown;
}

void JournalPoints::add(PointKey key) {
  const std::uint32_t index = index_of(key);
  if (index >= number_.size()) number_.resize(index + 1, unknown);
  number_[index] = static_cast<std::uint32_t>(used_.size());
  used_.push_back(key);
}

void JournalPoints::drop() {
  for (std::size_t i = kept_; i < used_.size(); ++i) number_[index_of(used_[i])] = unknown;
  used_.resize(kept_);
}

void JournalPoints::put_payload(std::span<const Reading> batch, const std::deque<std::string>& ids,
                                Bytes& out) {
  const std::size_t first_new = used_.size();
  for (const Reading& reading : batch)
    if (number_of(reading.point) == unknown) add(reading.point);
  put_varint(first_new, out);
  put_varint(used_.size() - first_new, out);
  for (std::size_t i = first_new; i < used_.size(); ++i) {
    const std::string& id = ids[index_of(used_[i])];
    put_varint(id.size(), out);
    put_text(id, out);
  }
  put_varint(batch.size(), out);
  std::int64_t before = 0;
  for (const Reading& reading : batch) {
    put_varint(number_of(reading.point), out);
    put_varint(observation::zigzag(ms_of(reading.time) - before), out);
    put_varint(observation::zigzag(ms_of(reading.arrival) - ms_of(reading.time)), out);
    before = ms_of(reading.time);
    const auto letter = static_cast<std::uint8_t>(reading.flag);
    out.push_back(reading.has_value() ? letter : letter | no_value_bit);
    if (reading.has_value()) put(std::bit_cast<std::uint64_t>(reading.value), out);
  }
}

void put_record(std::uint64_t ordinal, std::uint64_t durable, std::span<const std::uint8_t> payload,
                Bytes& out) {
  const std::size_t start = out.size();
  put(record_magic, out);
  put(static_cast<std::uint32_t>(payload.size()), out);
  put(ordinal, out);
  put(durable, out);
  put(crc32c(payload, crc32c(std::span(out).subspan(start))), out);
  out.insert(out.end(), payload.begin(), payload.end());
}

JournalScan scan_journal(std::span<const std::uint8_t> bytes,
                         const std::function<bool(const JournalBatch&)>& visit) {
  return Scanner(bytes, visit).run();
}

}  // namespace tocsin::reading_store
