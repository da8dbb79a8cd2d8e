#include "log/hash.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/result.h"

namespace tocsin::log {

Hash sha256(std::initializer_list<std::string_view> parts) {
  // OpenSSL, not libsodium: it uses the processor's SHA instructions. Fetched once: looking the
  // algorithm up costs as much as hashing a record.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Hash out;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  TOCSIN_CHECK(context != nullptr && EVP_DigestInit_ex2(context, algorithm, nullptr) == 1);
  for (const std::string_view part : parts)
    TOCSIN_CHECK(EVP_DigestUpdate(context, part.data(), part.size()) == 1);
  TOCSIN_CHECK(EVP_DigestFinal_ex(context, out.bytes.data(), nullptr) == 1);
  EVP_MD_CTX_free(context);
  return out;
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
