#pragma once
// 密钥环文件. The node's own keys in one small file, replaced whole, and the case keys in a second
// one beside it (`cases`), both of mode 0600, apart from log and backup. DESIGN:
// docs/formats/log.md, "Keyring".
//
// One thread owns it.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/keyring_file/case_file.h"
#include "base/random.h"
#include "base/time.h"
#include "log/part.h"
#include "log/segment.h"

namespace tocsin::keyring_file {

/// X25519: case keys on their way to another node are sealed to it.
struct BoxKey {
  Bytes secret;  ///< 32 bytes
  Bytes pub;     ///< 32 bytes
};

class FileKeyring final : public log::Keyring {
 public:
  /// Reads the files, or makes them with new node keys (folder above with mode 0700). Errors:
  /// "key.file_bad" (field names the member or line; also where only one of the two is there),
  /// "key.file_open_to_others" (mode), "store.read_only", "store.disk_full", "store.io".
  static Result<std::unique_ptr<FileKeyring>> open(const std::string& path, Dice& dice);
  /// As it stands, to be looked at and exported beside a node that has it open: nothing is made or
  /// mended, and it must not be changed. Error "store.not_found" too.
  static Result<std::unique_ptr<FileKeyring>> look(const std::string& path);
  ~FileKeyring() override;

  const log::SigningKey& signing_key() const { return signing_; }
  const BoxKey& box_key() const { return box_; }

  Result<Bytes> key_for(const log::CaseId& id, Dice& dice) override;
  Result<Bytes> find(const log::CaseId& id) const override;
  Result<void> destroy(const log::CaseId& id) override;
  std::vector<log::CaseId> destroyed() const;

  /// The whole keyring as text, sealed under a passphrase (argon2id, 64 MiB), good until
  /// `expires`: a forgotten copy must not outlive the duty to destroy for ever.
  /// `links`: the key that answer links are signed with, as its own file holds it (links.key); it
  /// moves with the keyring, else links mailed before die. Empty: none.
  std::string export_wrapped(std::string_view passphrase, Instant expires, Dice& dice,
                             std::string_view links = {}) const;
  /// What an import has done.
  struct Imported {
    std::string links;  ///< of the export, empty where it has none; its file is the caller's
    bool node_keys_kept = false;  ///< there were others here, and they stay
  };
  /// Takes over what an export holds: node keys only where there is no keyring yet (a new machine),
  /// case keys that are missing here, and everything destroyed. No process may have the keyring
  /// open meanwhile. Nothing is changed before the passphrase has proved right. Errors:
  /// "key.export_bad", "key.export_expired", "key.wrong_passphrase", and those of open().
  static Result<Imported> import_wrapped(const std::string& path, std::string_view text,
                                         std::string_view passphrase, Instant now);
  /// Whether that import would get as far as taking over; errors of the first three kinds, and
  /// "key.file_bad" of what lies inside.
  static Result<void> check_wrapped(std::string_view text, std::string_view passphrase,
                                    Instant now);

 private:
  struct Unwrapped {
    std::unique_ptr<FileKeyring> keys;
    std::string links;
  };
  using Cases = std::map<log::CaseId, std::optional<Bytes>>;  // nullopt: destroyed

  explicit FileKeyring(std::string path) : path_(std::move(path)) {}
  Result<void> read(std::string_view text);
  std::string cases_path() const;
  Result<void> no_cases_yet() const;
  Result<void> open_cases();
  Result<void> take(Cases cases);
  Result<void> rewrite_cases();
  static Result<Unwrapped> unwrap(const std::string& path, std::string_view text,
                                  std::string_view passphrase, Instant now);
  static Result<Imported> merge(const std::string& path, FileKeyring& other,
                                const std::string& links);
  std::string print(const Cases& cases, std::string_view links = {}) const;
  Result<void> save(bool wipe_old);

  std::string path_;
  Bytes signing_seed_;
  log::SigningKey signing_;
  BoxKey box_;
  Cases cases_;
  CaseFile case_file_;
  bool cases_inside_ = false;  // the file is of the first form, with the case keys in it
};

}  // namespace tocsin::keyring_file
