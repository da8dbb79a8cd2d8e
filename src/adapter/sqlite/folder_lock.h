#pragma once
// One process per data folder. The kernel drops the lock with the process, however it ends.

#include <string>
#include <utility>

#include "base/result.h"

namespace tocsin::sqlite {

class FolderLock {
 public:
  /// Makes the folder (mode 0700) when missing. Error "store.in_use", detail names the process.
  static Result<FolderLock> take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

/// Whether a process holds the folder's lock just now.
bool folder_is_in_use(const std::string& folder);

}  // namespace tocsin::sqlite
