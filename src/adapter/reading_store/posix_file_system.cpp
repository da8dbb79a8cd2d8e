#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "adapter/reading_store/file_system.h"

namespace tocsin::reading_store {
namespace {

std::unexpected<Error> failed(const std::string& path) {
  const int why = errno;
  const char* code = "store.io";
  if (why == ENOSPC || why == EDQUOT) code = "store.disk_full";
  if (why == ENOENT) code = "store.not_found";
  return fail(code, path, std::strerror(why));
}

class PosixFile final : public File {
 public:
  PosixFile(int handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  ~PosixFile() override { ::close(handle_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  Result<void> write_at(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
    while (!bytes.empty()) {
      const ssize_t done =
          ::pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return failed(path_);
      offset += static_cast<std::uint64_t>(done);
      bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return {};
  }

  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    while (!out.empty()) {
      const ssize_t done = ::pread(handle_, out.data(), out.size(), static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return failed(path_);
      if (done == 0) return fail("store.io", path_, "the file ends too early");
      offset += static_cast<std::uint64_t>(done);
      out = out.subspan(static_cast<std::size_t>(done));
    }
    return {};
  }

  Result<std::uint64_t> size() const override {
    struct stat status{};
    if (::fstat(handle_, &status) != 0) return failed(path_);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Result<void> truncate(std::uint64_t size) override {
    if (::ftruncate(handle_, static_cast<off_t>(size)) != 0) return failed(path_);
    return {};
  }

  Result<void> sync() override {
    if (::fdatasync(handle_) != 0) return failed(path_);
    return {};
  }

 private:
  int handle_;
  std::string path_;
};

Result<std::unique_ptr<File>> open_with(const std::string& path, int flags) {
  const int handle = ::open(path.c_str(), flags | O_CLOEXEC, 0640);
  if (handle < 0) return failed(path);
  return std::make_unique<PosixFile>(handle, path);
}

Result<void> copy(FileSystem& files, const std::string& from, const std::string& to) {
  const auto source = files.open_to_read(from);
  if (!source) return std::unexpected(source.error());
  const auto size = (*source)->size();
  if (!size) return std::unexpected(size.error());
  auto target = files.create(to);
  if (!target) return std::unexpected(target.error());
  std::vector<std::uint8_t> piece(std::size_t{1} << 20);
  for (std::uint64_t at = 0; at < *size;) {
    const auto part = std::span(piece).first(std::min<std::uint64_t>(piece.size(), *size - at));
    if (auto done = (*source)->read_at(at, part); !done) return done;
    if (auto done = (*target)->write_at(at, part); !done) return done;
    at += part.size();
  }
  return (*target)->sync();
}

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> create(const std::string& path) override {
    return open_with(path, O_RDWR | O_CREAT | O_TRUNC);
  }
  Result<std::unique_ptr<File>> open(const std::string& path) override {
    return open_with(path, O_RDWR);
  }
  Result<std::unique_ptr<File>> open_to_read(const std::string& path) override {
    return open_with(path, O_RDONLY);
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return failed(from);
    return {};
  }
  Result<void> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return failed(path);
    return {};
  }
  Result<void> link_or_copy(const std::string& from, const std::string& to) override {
    if (::link(from.c_str(), to.c_str()) == 0) return {};
    if (errno == ENOENT || errno == ENOSPC || errno == EDQUOT) return failed(from);
    return copy(*this, from, to);
  }

  Result<std::vector<std::string>> list(const std::string& folder) override {
    DIR* open = ::opendir(folder.c_str());
    if (open == nullptr) return failed(folder);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(open)) {
      struct stat status{};
      const bool plain =
          ::fstatat(::dirfd(open), entry->d_name, &status, 0) == 0 && S_ISREG(status.st_mode);
      if (plain) names.emplace_back(entry->d_name);
      errno = 0;
    }
    const bool whole = errno == 0;
    const auto error = failed(folder);
    ::closedir(open);
    if (!whole) return error;
    std::ranges::sort(names);
    return names;
  }

  Result<void> make_folder(const std::string& folder) override {
    for (std::size_t end = 0; end != std::string::npos;) {
      end = folder.find('/', end + 1);
      const std::string part = folder.substr(0, end);
      const bool made = ::mkdir(part.c_str(), 0750) == 0;
      if (!made && errno != EEXIST) return failed(folder);
      // The folder's own name must last too; the last one's also when a crash came in between.
      if (!made && end != std::string::npos) continue;
      const std::size_t slash = part.rfind('/');
      const std::string above = slash == part.npos ? "." : part.substr(0, slash + 1);
      if (auto done = sync_folder(above); !done) return done;
    }
    return {};
  }

  Result<void> sync_folder(const std::string& folder) override {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return failed(folder);
    const bool done = ::fsync(handle) == 0;
    const auto error = failed(folder);
    ::close(handle);
    if (!done) return error;
    return {};
  }
};

}  // namespace

FileSystem& posix_file_system() {
  static PosixFileSystem system;
  return system;
}

}  // namespace tocsin::reading_store
