// Any bytes as a journal: the scan ends, what it hands out lies within the file and in order, and
// nothing behind its end was handed out.

#include <cstdint>

#include "adapter/reading_store/bytes.h"
#include "adapter/reading_store/journal_format.h"

using namespace tocsin;
using namespace tocsin::reading_store;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// Puts checksums and lengths right now and then, so that mutations reach what lies behind them:
/// the input becomes a header and one record with all the rest as payload.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned int seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  constexpr std::size_t heads = journal_header_size + record_header_size;
  if (seed % 2 == 0 || size <= heads) return size;
  const Bytes payload(data + heads, data + size);
  Bytes whole;
  put_journal_header(1, whole);
  put_record(1, journal_header_size, payload, whole);
  std::copy(whole.begin(), whole.end(), data);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  std::uint64_t end = 0;
  const JournalScan scan = scan_journal(bytes, [&](const JournalBatch& batch) {
    TOCSIN_CHECK(batch.begin >= end && batch.begin < batch.end && batch.end <= size);
    TOCSIN_CHECK(!batch.readings.empty());
    end = batch.end;
    return true;
  });
  TOCSIN_CHECK(scan.end >= end && scan.end + scan.torn == size);
  for (const JournalDamage& damage : scan.damaged)
    TOCSIN_CHECK(damage.begin < damage.end && damage.end <= size &&
                 damage.error.field.starts_with("byte "));
  return 0;
}
