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

/// "key id" and a line feed.
std::string line_of(const CaseFile::Entry& entry) {
  return (entry.second ? to_base64url(*entry.second) : std::string(key_chars, wiped)) + " " +
         entry.first + "\n";
}

/// A key that is wiped, or whose overwriting was broken off: '#' from its beginning on or up to its
/// end. One in the middle is damage.
bool is_wiped(std::string_view key) {
  const auto mark = [](char c) { return c == wiped; };
  const auto first = std::ranges::find_if_not(key, mark);  // behind those at the beginning
  const auto rest = std::string_view(first, key.end());
  if (first != key.begin()) return !rest.contains(wiped);
  const std::size_t begin = rest.find(wiped);
  return begin != rest.npos && std::ranges::all_of(rest.substr(begin), mark);
}

/// One line without its line feed; nothing when it is none.
std::optional<CaseFile::Entry> parse_line(std::string_view line) {
  if (line.size() < key_chars + 2 || line[key_chars] != ' ') return std::nullopt;
  CaseFile::Entry out{log::CaseId(line.substr(key_chars + 1)), std::nullopt};
  if (!fits_a_line(out.first)) return std::nullopt;
  const auto key = line.substr(0, key_chars);
  if (is_wiped(key)) return out;
  out.second = from_base64url(key);
  if (!out.second || out.second->size() != log::case_key_size) return std::nullopt;
  return out;
}

/// Whether a whole line stands anywhere in what follows a bad one.
bool holds_a_line(std::string_view text) {
  while (!text.empty()) {
    const std::size_t stop = text.find('\n');
    if (stop == text.npos) return false;
    if (parse_line(text.substr(0, stop))) return true;
    text.remove_prefix(stop + 1);
  }
  return false;
}

struct Lines {
  std::vector<CaseFile::Entry> entries;
  std::map<log::CaseId, std::size_t> key_at;
  std::vector<std::size_t> half_wiped;  ///< where their keys begin
  std::size_t end = 0;                  ///< bytes that count
};

/// A line is synced before the next one is begun: half a line, or one with bytes that never reached
/// the disk, is the last one and nobody was given its key. Anything else that is no line is damage.
Result<Lines> read_lines(std::string_view text, const std::string& path) {
  Lines out;
  while (out.end < text.size()) {
    const std::size_t stop = text.find('\n', out.end);
    const auto line = text.substr(out.end, stop - out.end);
    auto entry = stop == text.npos ? std::nullopt : parse_line(line);
    const auto bad = [&](std::string detail) {
      return fail("key.file_bad", path + ":" + std::to_string(out.entries.size() + 1),
                  std::move(detail));
    };
    if (!entry) {
      const bool torn = stop == text.npos || line.contains('\0');
      if (!torn || (stop != text.npos && holds_a_line(text.substr(stop + 1))))
        return bad("no key and id");
      return out;
    }
    if (!entry->second && line.substr(0, key_chars) != std::string(key_chars, wiped))
      out.half_wiped.push_back(out.end);
    if (!out.key_at.emplace(entry->first, out.end).second) return bad("this id stands there twice");
    out.entries.push_back(std::move(*entry));
    out.end = stop + 1;
  }
  return out;
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
  if (!*text) return fail("store.not_found", path);
  auto lines = read_lines(**text, path);
  const std::size_t size = (*text)->size();
  sodium_memzero((*text)->data(), size);
  if (!lines) return std::unexpected(lines.error());
  CaseFile out;
  out.path_ = path;
  out.file_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (out.file_ < 0) return system_error(path);
  for (const std::size_t at : lines->half_wiped)
    if (!write_at(out.file_, std::string(key_chars, wiped), at)) return system_error(path);
  const auto end = static_cast<off_t>(lines->end);
  if (lines->end < size && ::ftruncate(out.file_, end) != 0) return system_error(path);
  if (::fdatasync(out.file_) != 0) return system_error(path);
  out.end_ = lines->end;
  out.key_at_ = std::move(lines->key_at);
  out.read_ = std::move(lines->entries);
  return out;
}

Result<std::vector<CaseFile::Entry>> CaseFile::look(const std::string& path) {
  auto text = read_private(path);
  if (!text) return std::unexpected(text.error());
  if (!*text) return fail("store.not_found", path);
  auto lines = read_lines(**text, path);
  sodium_memzero((*text)->data(), (*text)->size());
  if (!lines) return std::unexpected(lines.error());
  return std::move(lines->entries);
}

Result<void> CaseFile::write(const std::string& path, const std::vector<Entry>& entries) {
  std::string text;
  for (const Entry& entry : entries) {
    if (!fits_a_line(entry.first)) return fail("key.file_bad", entry.first, "not an id of a case");
    text += line_of(entry);
  }
  auto done = replace_private(path, text, true);
  sodium_memzero(text.data(), text.size());
  return done;
}

Result<void> CaseFile::add(const Entry& entry) {
  if (!fits_a_line(entry.first)) return fail("key.file_bad", entry.first, "not an id of a case");
  std::string text = line_of(entry);
  const bool kept = write_at(file_, text, end_) && ::fdatasync(file_) == 0;
  const int number = errno;
  sodium_memzero(text.data(), text.size());
  if (!kept) {
    // Whatever stands behind the end is written over by the next one, or cut away at the next
    // start.
    if (::ftruncate(file_, static_cast<off_t>(end_)) != 0) return system_error(path_);
    return system_error(path_, number);
  }
  key_at_[entry.first] = end_;
  end_ += text.size();
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
