#include "log/part.h"

#include <sodium.h>

namespace tocsin::log {

static_assert(case_key_size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

Result<Bytes> MemoryKeyring::key_for(const CaseId& id, Dice& dice) {
  const auto [at, made] = keys_.try_emplace(id);
  if (made) {
    at->second.emplace(case_key_size);
    dice.fill(*at->second);
  }
  if (!at->second) return fail("key.destroyed", id);
  return *at->second;
}

Result<Bytes> MemoryKeyring::find(const CaseId& id) const {
  const auto at = keys_.find(id);
  if (at == keys_.end()) return fail("key.unknown", id);
  if (!at->second) return fail("key.destroyed", id);
  return *at->second;
}

Result<void> MemoryKeyring::destroy(const CaseId& id) {
  keys_[id].reset();
  return {};
}

Part seal_part(std::string_view plain, const CaseId& id, std::span<const std::uint8_t> key,
               Dice& dice) {
  TOCSIN_CHECK(key.size() == case_key_size);
  Part part{{{}, id, plain.size()}, Bytes(nonce_size + plain.size() + tag_size)};
  dice.fill(std::span(part.sealed).first(nonce_size));
  unsigned long long written = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      part.sealed.data() + nonce_size, &written, as_bytes(plain).data(), plain.size(),
      as_bytes(id).data(), id.size(), nullptr, part.sealed.data(), key.data());
  TOCSIN_CHECK(written == plain.size() + tag_size);
  part.ref.hash = sha256(as_text(part.sealed));
  return part;
}

Result<std::string> open_part(const Part& part, std::span<const std::uint8_t> key) {
  if (sha256(as_text(part.sealed)) != part.ref.hash)
    return fail("part.wrong_hash", text_of(part.ref.hash));
  if (part.sealed.size() < nonce_size + tag_size || key.size() != case_key_size)
    return fail("part.cannot_open", text_of(part.ref.hash));
  std::string plain(part.sealed.size() - nonce_size - tag_size, '\0');
  unsigned long long written = 0;
  const int problem = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(plain.data()), &written, nullptr,
      part.sealed.data() + nonce_size, part.sealed.size() - nonce_size,
      as_bytes(part.ref.case_id).data(), part.ref.case_id.size(), part.sealed.data(), key.data());
  if (problem != 0) return fail("part.cannot_open", text_of(part.ref.hash));
  return plain;
}

}  // namespace tocsin::log
