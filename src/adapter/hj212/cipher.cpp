#include "adapter/hj212/cipher.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/encode.h"

namespace tocsin::hj212 {
namespace {

constexpr std::size_t block = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

/// `in` is a whole number of blocks. False only when OpenSSL has no SM4.
bool sm4_ecb(bool encrypt, std::string_view in, const Sm4Key& key, std::string& out) {
  const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  out.resize(in.size() + block);
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  const auto* from = reinterpret_cast<const unsigned char*>(in.data());
  int n = 0, tail = 0;
  const bool done =
      context != nullptr &&
      EVP_CipherInit_ex(context.get(), EVP_sm4_ecb(), nullptr, key.data(), nullptr,
                        encrypt ? 1 : 0) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), to, &n, from, static_cast<int>(in.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), to + n, &tail) == 1;
  out.resize(done ? static_cast<std::size_t>(n + tail) : 0);
  return done;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Reads "0xE4,0x3E" (blanks allowed, 0X allowed, one or two digits). Empty when malformed.
std::string read_hex_list(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 5 + 1);
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    const bool shaped = (item.size() == 3 || item.size() == 4) && item[0] == '0' &&
                        (item[1] == 'x' || item[1] == 'X');
    if (!shaped) return {};
    int value = 0;
    for (const char c : item.substr(2)) {
      const int digit = hex_digit(c);
      if (digit < 0) return {};
      value = value * 16 + digit;
    }
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

}  // namespace

Result<Sm4Key> parse_key(std::string_view hex) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != block) return fail("hj212.key", "key", "not 32 hex digits");
  Sm4Key key;
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

bool looks_encrypted(std::string_view cp_body) {
  return cp_body.starts_with("{0x") || cp_body.starts_with("{0X");
}

Result<std::string> decrypt_cp(std::string_view cp_body, const Sm4Key& key) {
  const std::size_t brace = cp_body.find('}');
  if (!looks_encrypted(cp_body) || brace == std::string_view::npos)
    return fail("hj212.cipher", "CP", "not of the form {0x..,...}");
  const std::string bytes = read_hex_list(cp_body.substr(1, brace - 1));
  if (bytes.empty() || bytes.size() % block != 0)
    return fail("hj212.cipher", "CP", "cipher text is not a whole number of 16-byte blocks");
  std::string plain;
  if (!sm4_ecb(false, bytes, key, plain)) return fail("hj212.cipher", "CP", "SM4 not available");
  plain += cp_body.substr(brace + 1);
  return plain;
}

Result<std::string> encrypt_cp(std::string_view plain, const Sm4Key& key) {
  const std::size_t whole = plain.size() - plain.size() % block;
  if (whole == 0) return std::string(plain);
  std::string cipher;
  if (!sm4_ecb(true, plain.substr(0, whole), key, cipher))
    return fail("hj212.cipher", "CP", "SM4 not available");
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out = "{";
  out.reserve(cipher.size() * 5 + block + 2);
  for (const char c : cipher) {
    const auto byte = static_cast<unsigned char>(c);
    if (out.size() > 1) out += ',';
    out += "0x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  out += '}';
  out += plain.substr(whole);
  return out;
}

}  // namespace tocsin::hj212
