#include "log/hash.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/result.h"
#include "log/hash_stream.h"

namespace tocsin::log {

void HashStream::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

HashStream::HashStream() : context_(EVP_MD_CTX_new()) {
  // OpenSSL, not libsodium: it uses the processor's SHA instructions. Fetched once: looking the
  // algorithm up costs as much as hashing a record.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  TOCSIN_CHECK(context_ && EVP_DigestInit_ex2(context_.get(), algorithm, nullptr) == 1);
}

void HashStream::add(std::string_view piece) {
  TOCSIN_CHECK(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()) == 1);
}

Hash HashStream::finish() {
  Hash out;
  TOCSIN_CHECK(EVP_DigestFinal_ex(context_.get(), out.bytes.data(), nullptr) == 1);
  return out;
}

Hash sha256(std::initializer_list<std::string_view> parts) {
  HashStream stream;
  for (const std::string_view part : parts) stream.add(part);
  return stream.finish();
}

std::string text_of(const Hash& hash) { return to_base64url(hash.bytes); }

std::optional<Hash> parse_hash(std::string_view text) {
  const auto bytes = text.size() == 43 ? from_base64url(text) : std::nullopt;
  if (!bytes) return std::nullopt;
  Hash out;
  std::ranges::copy(*bytes, out.bytes.begin());
  return out;
}

}  // namespace tocsin::log
