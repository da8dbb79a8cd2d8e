#pragma once
// What the event log says about stored readings: which files of packed blocks there are, and by
// which digest each is known. The files themselves are docs/formats/readings.md.

#include <cstdint>
#include <string>

#include "base/time.h"

namespace tocsin::observation {

/// 读数封存文件. One closed, never again changed file of packed readings, as named in the log.
struct SealedFile {
  std::string name{};  ///< file name without folder
  std::uint64_t bytes = 0;
  std::string sha256{};  ///< of the whole file; 43 characters, the form of every hash in the log
  std::uint64_t blocks = 0;
  std::uint64_t readings = 0;
  Instant first{}, last{};                            ///< earliest and latest event time within
  std::uint64_t first_ordinal = 0, last_ordinal = 0;  ///< the batches it holds, both inclusive

  bool operator==(const SealedFile&) const = default;
};

}  // namespace tocsin::observation
