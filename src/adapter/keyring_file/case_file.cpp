#include "adapter/keyring_file/case_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "adapter/keyring_file/private_file.h"

namespace tocsin::keyring_file {
namespace {

constexpr std::size_t key_chars = 43;  // 32 bytes of base64url
constexpr char wiped = '#';

bool write_at(int file, std::string_view text, std::size_t at) {
  while (!text.empty()) {
    const ssize_t done = ::pwrite(file, text.data(), text.size(), static_cast<off_t>(at));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(done));
    at += static_cast<std::size_t>(done);
  }
  return true;
}

bool fits_a_line(const log::CaseId& id) {
  return !id.empty() &&
         std::ranges::none_of(id, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

CaseFile::CaseFile(CaseFile&& other) noexcept { *this = std::move(other); }

CaseFile& CaseFile::operator=(CaseFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  std::swap(end_, other.end_);
  std::swap(key_at_, other.key_at_);
  std::swap(read_, other.read_);
  return *this;
}

CaseFile::~CaseFile() {
  for (auto& [id, key] : read_)
    if (key) sodium_memzero(key->data(), key->size());
  if (file_ >= 0) ::close(file_);
}

Result<CaseFile> CaseFile::open(const std::string& path) {
  auto text = read_private(path);
  if (!text) return std::unexpected(text.error());
  if (!*text)
    if (auto made = replace_private(path, "", false); !made) return std::unexpected(made.error());
  CaseFile out;
  out.path_ = path;
  out.file_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (out.file_ < 0) return system_error(path);
  if (auto read = out.read(std::move(*text).value_or("")); !read)
    return std::unexpected(read.error());
  return out;
}

Result<void> CaseFile::read(std::string text) {
  std::size_t line_number = 0;
  Result<void> done;
  while (done && end_ < text.size()) {
    const std::size_t stop = text.find('\n', end_);
    const auto line = std::string_view(text).substr(end_, stop - end_);
    ++line_number;
    // Each line is synced before the next one is begun: half a line, or one with bytes that never
    // reached the disk, is the last and was not acknowledged.
    if (stop == std::string::npos || line.contains('\0')) break;
    if (line.size() < key_chars + 2 || line[key_chars] != ' ') {
      done = fail("key.file_bad", path_ + ":" + std::to_string(line_number), "no key and id");
      break;
    }
    const auto key = line.substr(0, key_chars);
    Entry entry{log::CaseId(line.substr(key_chars + 1)), from_base64url(key)};
    if (key.contains(wiped)) {
      if (key != std::string(key_chars, wiped)) {  // a crash while it was overwritten
        if (!write_at(file_, std::string(key_chars, wiped), end_)) done = system_error(path_);
      }
    } else if (!entry.second || entry.second->size() != log::case_key_size) {
      done = fail("key.file_bad", path_ + ":" + std::to_string(line_number), "not a key");
    }
    key_at_[entry.first] = end_;
    read_.push_back(std::move(entry));
    end_ = stop + 1;
  }
  if (done && end_ < text.size() && ::ftruncate(file_, static_cast<off_t>(end_)) != 0)
    done = system_error(path_);
  sodium_memzero(text.data(), text.size());
  return done;
}

Result<void> CaseFile::add(const std::vector<Entry>& entries) {
  std::string text;
  for (const auto& [id, key] : entries) {
    if (!fits_a_line(id)) return fail("key.file_bad", id, "not an id of a case");
    text += (key ? to_base64url(*key) : std::string(key_chars, wiped)) + " " + id + "\n";
  }
  const bool kept = write_at(file_, text, end_) && ::fdatasync(file_) == 0;
  const int number = errno;
  sodium_memzero(text.data(), text.size());
  if (!kept) {
    // Whatever stands behind the end is written over by the next one, or cut away at the next
    // start.
    if (::ftruncate(file_, static_cast<off_t>(end_)) != 0) return system_error(path_);
    return system_error(path_, number);
  }
  for (const auto& [id, key] : entries) {
    key_at_[id] = end_;
    end_ += key_chars + 1 + id.size() + 1;
  }
  return {};
}

Result<void> CaseFile::wipe(const log::CaseId& id) {
  const auto at = key_at_.find(id);
  if (at == key_at_.end()) return fail("key.unknown", id);
  if (!write_at(file_, std::string(key_chars, wiped), at->second) || ::fdatasync(file_) != 0)
    return system_error(path_);
  return {};
}

}  // namespace tocsin::keyring_file
