#pragma once
// 会话留存. Sessions outlive a restart of the server, so that a screen on the wall does not fall
// silent. They lie in a private file, apart from log and backup: the hash of each token, who holds
// it and since when. Who logged out stays out: the file is replaced before he has his answer.

#include <mutex>
#include <string>
#include <vector>

#include "server/access/sessions.h"

namespace tocsin::server {

std::string print_sessions(const std::vector<KeptSession>& sessions);
/// Error "session.file_bad" (field names the member).
Result<std::vector<KeptSession>> parse_sessions(std::string_view text);

class SessionFile {
 public:
  SessionFile(Sessions& sessions, std::string path) : sessions_(sessions), path_(std::move(path)) {}

  /// What the file holds; nothing where there is none. Errors "session.file_bad",
  /// "key.file_open_to_others", "store.io".
  Result<std::vector<KeptSession>> read() const;
  /// Brings the file to what is so now. One that cannot be written is removed: rather everybody
  /// logs in again after a restart than somebody who was logged out is back. Errors "store.…".
  Result<void> keep();

 private:
  Sessions& sessions_;
  std::string path_;
  std::mutex mutex_;  // what is read last is written last
  std::string written_;
};

}  // namespace tocsin::server
