#include "adapter/keyring_file/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace tocsin::keyring_file {
namespace {

constexpr std::size_t size_max = 256 << 20;

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  Descriptor(Descriptor&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  int get() const { return file_; }
  bool good() const { return file_ >= 0; }

 private:
  int file_;
};

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(file, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

Result<void> sync_folder(const std::string& folder) {
  const Descriptor it(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC));
  if (!it.good() || ::fsync(it.get()) != 0) return system_error(folder);
  return {};
}

}  // namespace

std::unexpected<Error> system_error(const std::string& path, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  const bool fixed = number == EROFS || number == EACCES || number == EPERM;
  return fail(full ? "store.disk_full" : (fixed ? "store.read_only" : "store.io"), path,
              std::strerror(number));
}

Result<std::optional<std::string>> read_private(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.good() && errno == ENOENT) return std::nullopt;
  if (!file.good()) return system_error(path);
  struct ::stat status{};
  if (::fstat(file.get(), &status) != 0) return system_error(path);
  if ((status.st_mode & 077) != 0)
    return fail("key.file_open_to_others", path, "its mode must be 0600");
  if (static_cast<std::size_t>(status.st_size) > size_max)
    return fail("store.io", path, "larger than any keyring");
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t done = ::read(file.get(), text.data() + at, text.size() - at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return system_error(path);
    at += static_cast<std::size_t>(done);
  }
  return text;
}

Result<void> replace_private(const std::string& path, std::string_view text, bool wipe_old) {
  const std::string next = path + ".new";
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor old(wipe_old ? ::open(path.c_str(), O_WRONLY | O_CLOEXEC) : -1);
  {
    const Descriptor file(
        ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.good()) return system_error(next);
    if (!write_all(file.get(), text) || ::fsync(file.get()) != 0) {
      const int number = errno;
      ::unlink(next.c_str());
      return system_error(path, number);
    }
  }
  if (::rename(next.c_str(), path.c_str()) != 0) return system_error(path);
  if (auto synced = sync_folder(folder); !synced) return synced;
  if (old.good()) {
    struct ::stat status{};
    if (::fstat(old.get(), &status) != 0) return system_error(path);
    const std::string zeros(static_cast<std::size_t>(status.st_size), '\0');
    if (!write_all(old.get(), zeros) || ::fsync(old.get()) != 0) return system_error(path);
  }
  return {};
}

Result<void> make_private_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code problem;
  if (fs::create_directories(folder, problem))
    fs::permissions(folder, fs::perms::owner_all, problem);
  if (problem) return system_error(folder, problem.value());
  return sync_folder(fs::absolute(folder).lexically_normal().parent_path().string());
}

}  // namespace tocsin::keyring_file
