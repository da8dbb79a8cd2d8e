#include "log/segment.h"

#include <sodium.h>

#include "log/chain.h"
#include "log/json.h"

namespace tocsin::log {
namespace {

std::string signed_text(const Seal& s) {
  return "tocsin segment 1\n" + s.log + "\n" + std::to_string(s.first) + "\n" +
         std::to_string(s.last) + "\n" + text_of(s.hash) + "\n";
}

}  // namespace

SigningKey signing_key_from_seed(std::span<const std::uint8_t> seed32) {
  TOCSIN_CHECK(seed32.size() == crypto_sign_SEEDBYTES);
  SigningKey out{Bytes(crypto_sign_SECRETKEYBYTES), Bytes(crypto_sign_PUBLICKEYBYTES)};
  TOCSIN_CHECK(crypto_sign_seed_keypair(out.pub.data(), out.secret.data(), seed32.data()) == 0);
  return out;
}

SigningKey make_signing_key(Dice& dice) {
  Bytes seed(crypto_sign_SEEDBYTES);
  dice.fill(seed);
  return signing_key_from_seed(seed);
}

Seal make_seal(std::string_view log, std::uint64_t first, std::uint64_t last, const Hash& hash,
               const SigningKey& key) {
  Seal seal{std::string(log), first, last, hash, to_base64url(key.pub), {}};
  const std::string text = signed_text(seal);
  Bytes signature(crypto_sign_BYTES);
  crypto_sign_detached(signature.data(), nullptr, as_bytes(text).data(), text.size(),
                       key.secret.data());
  seal.signature = to_base64url(signature);
  return seal;
}

bool signature_holds(const Seal& seal) {
  const auto key = from_base64url(seal.key), signature = from_base64url(seal.signature);
  if (!key || key->size() != crypto_sign_PUBLICKEYBYTES) return false;
  if (!signature || signature->size() != crypto_sign_BYTES) return false;
  const std::string text = signed_text(seal);
  return crypto_sign_verify_detached(signature->data(), as_bytes(text).data(), text.size(),
                                     key->data()) == 0;
}

std::string print(const Seal& seal) {
  json::Object out;
  out["segment"] = seal.log;
  out["first"] = seal.first;
  out["last"] = seal.last;
  out["hash"] = text_of(seal.hash);
  out["suite"] = suite_ed25519;
  out["key"] = seal.key;
  out["sig"] = seal.signature;
  return json::print(out);
}

Result<Seal> parse_seal(std::string_view line) {
  const auto value = json::parse(line, 4096);
  if (!value) return fail("segment.bad_seal", value.error().field, value.error().detail);
  json::Fields in(*value, "segment.bad_seal");
  Seal out;
  out.log = in.text("segment", 200);
  out.first = static_cast<std::uint64_t>(in.integer("first", 1, INT64_MAX));
  out.last = static_cast<std::uint64_t>(in.integer("last", 1, INT64_MAX));
  const auto hash = parse_hash(in.text("hash", 43));
  if (in.text("suite", 40) != suite_ed25519) in.refuse("suite", "unknown");
  out.key = in.text("key", 43);
  out.signature = in.text("sig", 86);
  const auto size_of = [](const std::string& text) {
    const auto bytes = from_base64url(text);
    return bytes ? bytes->size() : 0;
  };
  if (!parse_log_id(out.log)) in.refuse("segment", "a log is wanted, as county/1/alert");
  if (out.last < out.first) in.refuse("last", "before first");
  if (!hash) in.refuse("hash", "43 characters of base64url are wanted");
  if (size_of(out.key) != crypto_sign_PUBLICKEYBYTES) in.refuse("key", "32 bytes are wanted");
  if (size_of(out.signature) != crypto_sign_BYTES) in.refuse("sig", "64 bytes are wanted");
  if (!in.ok()) return std::unexpected(in.error());
  out.hash = *hash;
  return out;
}

Result<void> check(const Segment& segment, const Hash& prev) {
  const Seal& seal = segment.seal;
  const std::string first = seal.log + "#" + std::to_string(seal.first);
  if (seal.first == 0 || seal.last < seal.first)
    return fail("segment.gap", first, "the seal covers nothing");
  Chain chain(seal.log, Head{seal.first - 1, prev});
  if (auto fits = chain.expect(seal.first, seal.last, seal.hash); !fits) return fits;
  for (const std::string& bytes : segment.records) {
    const std::string where = seal.log + "#" + std::to_string(chain.head().seq + 1);
    if (chain.head().seq == seal.last)
      return fail("segment.gap", where, "more records than the seal covers");
    const auto header = parse_header(bytes);
    if (!header) return fail(header.error().code, where + ", " + header.error().field);
    if (auto follows = chain.follow(*header, sha256(bytes)); !follows) return follows;
  }
  if (auto whole = chain.finish(); !whole) return whole;
  if (!signature_holds(seal))
    return fail("segment.bad_signature", seal.log + "#" + std::to_string(seal.last));
  return {};
}

}  // namespace tocsin::log
