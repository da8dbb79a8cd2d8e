#pragma once
// SQLite drops the write-ahead file from the first frame on that does not hold, silently: right
// after a power cut, wrong when somebody changed a byte of a commit that was acknowledged. The two
// differ in what follows the frame.

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace tocsin::sqlite {

struct WalState {
  std::uint64_t frames = 0, commits = 0;   ///< that hold
  std::optional<std::uint64_t> broken_at;  ///< byte of the first frame that does not
  std::uint64_t commits_behind = 0;        ///< of this round of the file, behind that frame
};

/// Reads FILE-wal; nothing in it (or no file): no frames. At rest only. Errors "store.io",
/// "store.damaged" (its header).
Result<WalState> check_wal(const std::string& path);

}  // namespace tocsin::sqlite
