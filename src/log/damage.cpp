#include "log/damage.h"

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace tocsin::log {
namespace {

constexpr std::size_t every_byte_size_max = 4 * 1024, every_bit_size_max = 16 * 1024;

/// Hashes texts that share a beginning without hashing that beginning again.
class Tail {
 public:
  Tail() : head_(EVP_MD_CTX_new()), work_(EVP_MD_CTX_new()) {
    TOCSIN_CHECK(head_ && work_ && EVP_DigestInit_ex(head_.get(), EVP_sha256(), nullptr) == 1);
  }
  void grow(char byte) { TOCSIN_CHECK(EVP_DigestUpdate(head_.get(), &byte, 1) == 1); }
  Hash hash_with(char byte, std::string_view rest) {
    Hash out;
    TOCSIN_CHECK(EVP_MD_CTX_copy_ex(work_.get(), head_.get()) == 1 &&
                 EVP_DigestUpdate(work_.get(), &byte, 1) == 1 &&
                 EVP_DigestUpdate(work_.get(), rest.data(), rest.size()) == 1 &&
                 EVP_DigestFinal_ex(work_.get(), out.bytes.data(), nullptr) == 1);
    return out;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> head_, work_;
};

}  // namespace

std::optional<WrongByte> find_wrong_byte(std::string_view bytes,
                                         const std::function<bool(const Hash&)>& right) {
  if (bytes.size() > every_bit_size_max) return std::nullopt;
  const bool every_byte = bytes.size() <= every_byte_size_max;
  Tail tail;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto is = static_cast<std::uint8_t>(bytes[i]);
    for (unsigned change = 1; change < 256; ++change) {
      if (!every_byte && (change & (change - 1)) != 0) continue;
      const auto was = static_cast<std::uint8_t>(is ^ change);
      if (right(tail.hash_with(static_cast<char>(was), bytes.substr(i + 1))))
        return WrongByte{i, is, was};
    }
    tail.grow(bytes[i]);
  }
  return std::nullopt;
}

}  // namespace tocsin::log
