#include "server/access/secrets.h"

#include <sodium.h>

#include "base/encode.h"
#include "base/result.h"

namespace tocsin::server {
namespace {

constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t nonce_size = 22;  // 16 bytes as base64url

/// As it was printed: 'k7qm 2xpd' is K7QM2XPD.
std::string as_printed(std::string_view code) {
  std::string out;
  for (char c : code) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    out.push_back(c);
  }
  return out;
}

}  // namespace

std::string make_token(Dice& dice) {
  std::array<std::uint8_t, 32> bytes{};
  dice.fill(bytes);
  return to_base64url(bytes);
}

std::string token_hash(std::string_view token) {
  std::array<std::uint8_t, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), as_bytes(token).data(), token.size());
  return to_hex(hash);
}

std::string make_printed_code(Dice& dice) {
  std::array<std::uint8_t, 16> bytes{};
  dice.fill(bytes);
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && i % 4 == 0) out.push_back('-');
    out.push_back(letters[bytes[i] % letters.size()]);  // 256 is a multiple of 32: no bias
  }
  return out;
}

std::string printed_code_hash(std::string_view code) {
  return token_hash("tocsin printed code\n" + as_printed(code));
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string DeviceMarks::seal(std::string_view login, std::string_view nonce) const {
  const std::string text = std::string(nonce) + "\n" + std::string(login);
  std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key_.data(), key_.size());
  crypto_auth_hmacsha256_update(&state, as_bytes(text).data(), text.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return to_base64url(mac);
}

std::string DeviceMarks::make(std::string_view login, Dice& dice) const {
  std::array<std::uint8_t, 16> bytes{};
  dice.fill(bytes);
  const std::string nonce = to_base64url(bytes);
  return nonce + seal(login, nonce);
}

std::string DeviceMarks::name_of(std::string_view mark, std::string_view login) const {
  if (mark.size() <= nonce_size) return {};
  const std::string_view nonce = mark.substr(0, nonce_size);
  if (!same_secret(mark.substr(nonce_size), seal(login, nonce))) return {};
  return std::string(nonce);
}

}  // namespace tocsin::server
