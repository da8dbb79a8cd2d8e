#pragma once
// 段. A run of records of one log with one signature over the hash of its last; since each record
// names the hash before it, the signature covers them all, and the run proves itself wherever it
// has been carried.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "log/event.h"

namespace tocsin::log {

inline constexpr std::string_view suite_ed25519 = "ed25519-sha256";

/// A node's signing key (Ed25519). The secret lives in the keyring file, never in log or backup.
struct SigningKey {
  Bytes secret;  ///< 64 bytes
  Bytes pub;     ///< 32 bytes
};
SigningKey make_signing_key(Dice& dice);
SigningKey signing_key_from_seed(std::span<const std::uint8_t> seed32);

/// The seal of records first..last of a log.
struct Seal {
  std::string log;
  std::uint64_t first = 0, last = 0;
  Hash hash;              ///< of record `last`
  std::string key;        ///< public key, base64url
  std::string signature;  ///< base64url
};

Seal make_seal(std::string_view log, std::uint64_t first, std::uint64_t last, const Hash& hash,
               const SigningKey& key);
/// Whether the signature is this key's over these members. Says nothing about the records.
bool signature_holds(const Seal& seal);

/// One line of JSON, as files and peers carry it.
std::string print(const Seal& seal);
/// Error "segment.bad_seal" naming the member.
Result<Seal> parse_seal(std::string_view line);

/// 段: a seal with its records, in order.
struct Segment {
  Seal seal;
  std::vector<std::string> records;
};

/// Checks numbering, chain, final hash and signature of a segment that follows `prev` (the hash of
/// record first-1; zero when first is 1). Errors: "segment.broken_chain", "segment.gap",
/// "segment.bad_hash", "segment.bad_signature", each with field "<log>#<seq>" and, where one can be
/// named, the byte.
Result<void> check(const Segment& segment, const Hash& prev);

}  // namespace tocsin::log
