#pragma once
// 案卷密钥文件. One line a case: 43 characters of base64url (the key), a blank, the case's id. A
// new key is appended and synced; a destroyed one is overwritten where it stands with '#', so that
// either costs the same however many there are. What a crash tore off at the end was never given to
// anybody and is cut away. DESIGN: docs/formats/log.md, "Keyring".
//
// One thread owns it.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "log/part.h"

namespace tocsin::keyring_file {

class CaseFile {
 public:
  /// An id and its key (32 bytes); nullopt: destroyed.
  using Entry = std::pair<log::CaseId, std::optional<Bytes>>;

  CaseFile() = default;
  CaseFile(CaseFile&& other) noexcept;
  CaseFile& operator=(CaseFile&& other) noexcept;
  ~CaseFile();

  /// Opens the file to go on in it: what a crash tore off at its end is cut away, what it left half
  /// overwritten is overwritten whole. Errors: "key.file_bad" (field names the line),
  /// "key.file_open_to_others", "store.not_found", "store.disk_full", "store.read_only",
  /// "store.io".
  static Result<CaseFile> open(const std::string& path);
  /// What the file held when it was opened, once.
  std::vector<Entry> take_entries() { return std::exchange(read_, {}); }

  /// What the file holds, which is left as it is: another process may be writing in it.
  static Result<std::vector<Entry>> look(const std::string& path);
  /// Writes a file of these and no others beside the old one, whose bytes are overwritten.
  static Result<void> write(const std::string& path, const std::vector<Entry>& entries);

  /// On the disk when this returns. Errors: "key.file_bad" (an id that holds a control character),
  /// "store.disk_full", "store.io".
  Result<void> add(const Entry& entry);
  /// Overwrites the key of an id that was added. Errors: "key.unknown", "store.io".
  Result<void> wipe(const log::CaseId& id);

 private:
  std::string path_;
  int file_ = -1;
  std::size_t end_ = 0;                        // bytes that count
  std::map<log::CaseId, std::size_t> key_at_;  // where each key begins
  std::vector<Entry> read_;
};

}  // namespace tocsin::keyring_file
