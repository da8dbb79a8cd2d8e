#pragma once
// 附件与个人信息. A part is what must be able to vanish: names, numbers, free text, attachments. It
// is sealed (XChaCha20-Poly1305, random nonce) with the key of its case and referred to by the hash
// of its sealed bytes; destroying the key destroys it in every copy, while the log's chain stays
// whole.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/encode.h"
#include "base/random.h"
#include "base/result.h"
#include "log/hash.h"

namespace tocsin::log {

/// 案卷密钥. "case/<entity>" for a warning or incident, "directory" for the standing staff
/// directory.
using CaseId = std::string;

/// What an event's body holds instead of the text: {"part": hash, "case": id, "size": plain bytes}.
struct PartRef {
  Hash hash;
  CaseId case_id;
  std::uint64_t size = 0;

  bool operator==(const PartRef&) const = default;
};

struct Part {
  PartRef ref;
  Bytes sealed;  ///< 24 bytes of nonce, then cipher text with tag
};

/// 密钥环. Kept in a file apart from log and backup. `destroyed` is remembered for ever, so that a
/// copy that comes back late stays unreadable by law.
class Keyring {
 public:
  virtual ~Keyring() = default;
  /// The key of a case, made (and durable) when it is new. Error "key.destroyed", "key.not_kept".
  virtual Result<Bytes> key_for(const CaseId& id, Dice& dice) = 0;
  /// An existing key. Errors "key.unknown" (not on this node), "key.destroyed".
  virtual Result<Bytes> find(const CaseId& id) const = 0;
  /// Durable when it returns. Destroying what never was is remembered all the same.
  virtual Result<void> destroy(const CaseId& id) = 0;
};

/// A keyring in memory: tests and the simulator.
class MemoryKeyring final : public Keyring {
 public:
  Result<Bytes> key_for(const CaseId& id, Dice& dice) override;
  Result<Bytes> find(const CaseId& id) const override;
  Result<void> destroy(const CaseId& id) override;

 private:
  std::map<CaseId, std::optional<Bytes>> keys_;  // nullopt: destroyed
};

inline constexpr std::size_t case_key_size = 32;

Part seal_part(std::string_view plain, const CaseId& id, std::span<const std::uint8_t> key,
               Dice& dice);
/// Errors "part.wrong_hash", "part.cannot_open".
Result<std::string> open_part(const Part& part, std::span<const std::uint8_t> key);

}  // namespace tocsin::log
