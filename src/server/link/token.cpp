#include "server/link/token.h"

#include <sodium.h>

#include <algorithm>
#include <span>

#include "base/encode.h"
#include "log/hash.h"

namespace tocsin::server {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t call_at = 1, call_size = 10, rung_at = 11, end_at = 12, tag_at = 16,
                      mac_at = 22, mac_size = 14, size = 36;
constexpr std::string_view call_prefix = "c-";

using Mac = std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES>;

Mac mac_of(const std::array<std::uint8_t, 32>& key, std::span<const std::uint8_t> bytes) {
  Mac mac{};
  crypto_auth_hmacsha256(mac.data(), bytes.data(), bytes.size(), key.data());
  return mac;
}

}  // namespace

std::array<std::uint8_t, 6> person_tag(std::string_view person_id) {
  const log::Hash hash = log::sha256(person_id);
  std::array<std::uint8_t, 6> tag{};
  std::copy_n(hash.bytes.begin(), tag.size(), tag.begin());
  return tag;
}

std::string LinkKey::sign(const LinkClaims& claims) const {
  std::array<std::uint8_t, size> bytes{};
  TOCSIN_CHECK(claims.call.starts_with(call_prefix));
  const auto call = from_hex(std::string_view(claims.call).substr(call_prefix.size()));
  TOCSIN_CHECK(call && call->size() == call_size);
  bytes[0] = version;
  std::ranges::copy(*call, bytes.begin() + call_at);
  bytes[rung_at] = claims.rung;
  const auto end = static_cast<std::uint32_t>(ms_of(claims.expires) / 1000);
  for (std::size_t i = 0; i < 4; ++i)
    bytes[end_at + i] = static_cast<std::uint8_t>(end >> (24 - 8 * i));
  std::ranges::copy(claims.person_tag, bytes.begin() + tag_at);
  const Mac mac = mac_of(key_, std::span(bytes).first(mac_at));
  std::copy_n(mac.begin(), mac_size, bytes.begin() + mac_at);
  return to_base64url(bytes);
}

Result<LinkClaims> LinkKey::verify(std::string_view token) const {
  if (token.size() != link_token_size)
    return fail("link.malformed", "length", "48 characters are wanted");
  const auto bytes = from_base64url(token);
  if (!bytes || bytes->size() != size) return fail("link.malformed", "", "no base64url");
  if ((*bytes)[0] != version) return fail("link.malformed", "byte 0", "unknown version");
  const std::span<const std::uint8_t> all(*bytes);
  const Mac mac = mac_of(key_, all.first(mac_at));
  if (sodium_memcmp(mac.data(), all.data() + mac_at, mac_size) != 0)
    return fail("link.forged", "", "the signature does not fit");
  LinkClaims claims;
  claims.call = std::string(call_prefix) + to_hex(all.subspan(call_at, call_size));
  claims.rung = all[rung_at];
  std::uint32_t end = 0;
  for (std::size_t i = 0; i < 4; ++i) end = end << 8 | all[end_at + i];
  claims.expires = instant_ms(std::int64_t{end} * 1000);
  std::ranges::copy(all.subspan(tag_at, claims.person_tag.size()), claims.person_tag.begin());
  return claims;
}

std::string link_url(std::string_view base, std::string_view token) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base) + "/l/" + std::string(token);
}

}  // namespace tocsin::server
