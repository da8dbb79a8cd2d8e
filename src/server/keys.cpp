#include "server/keys.h"

#include <algorithm>

#include "adapter/keyring_file/private_file.h"
#include "base/encode.h"
#include "server/access/secrets.h"

namespace tocsin::server {

Result<std::array<std::uint8_t, 32>> secret_of(const std::string& path, Dice& dice) {
  const auto kept = keyring_file::read_private(path);
  if (!kept) return std::unexpected(kept.error());
  std::array<std::uint8_t, 32> out{};
  if (*kept) {
    const auto bytes = from_hex(**kept);
    if (!bytes || bytes->size() != out.size()) return fail("key.file_bad", path);
    std::ranges::copy(*bytes, out.begin());
    return out;
  }
  dice.fill(out);
  if (auto written = keyring_file::replace_private(path, to_hex(out), false); !written)
    return std::unexpected(written.error());
  return out;
}

Result<std::string> setup_token_of(const std::string& path, Dice& dice) {
  const auto kept = keyring_file::read_private(path);
  if (!kept) return std::unexpected(kept.error());
  if (*kept) return **kept;
  std::string token = make_printed_code(dice);
  if (auto written = keyring_file::replace_private(path, token, false); !written)
    return std::unexpected(written.error());
  return token;
}

}  // namespace tocsin::server
