#include "adapter/sqlite/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tocsin::sqlite {
namespace {

Error io_error(const std::string& path, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  const bool fixed = number == EROFS || number == EACCES || number == EPERM;
  return Error{full ? "store.disk_full" : (fixed ? "store.read_only" : "store.io"), path,
               std::strerror(number)};
}

Result<void> make_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code problem;
  if (fs::create_directories(folder, problem))
    fs::permissions(folder, fs::perms::owner_all, problem);
  if (problem) return std::unexpected(io_error(folder, problem.value()));
  const std::string above = fs::absolute(folder).lexically_normal().parent_path().string();
  const int parent = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return {};  // not ours to read: whoever made the folder has seen to it
  const bool synced = ::fsync(parent) == 0;
  const int number = errno;
  ::close(parent);
  if (!synced) return std::unexpected(io_error(above, number));
  return {};
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder) {
  if (auto made = make_folder(folder); !made) return std::unexpected(made.error());
  const std::string path = folder + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return std::unexpected(io_error(path, errno));
  FolderLock out(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return std::unexpected(io_error(path, errno));
    std::array<char, 32> holder{};
    const auto got = ::pread(file, holder.data(), holder.size() - 1, 0);
    return fail("store.in_use", folder,
                "process " + std::string(holder.data(), got > 0 ? got : 0) + " has it open");
  }
  const std::string pid = std::to_string(::getpid());
  // Only a hint for the message above: a full disk must not keep the folder shut.
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) < 0) errno = 0;
  return out;
}

bool folder_is_in_use(const std::string& folder) {
  const int file = ::open((folder + "/lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0;
  ::close(file);
  return held;
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tocsin::sqlite
