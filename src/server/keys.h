#pragma once
// Keys a node makes for itself at its first start and keeps beside the keyring: the one that signs
// answer links, the one that marks known browsers. Losing them costs open links and nothing else.

#include <array>
#include <cstdint>
#include <string>

#include "base/random.h"
#include "base/result.h"

namespace tocsin::server {

/// 32 bytes from the private file `path`, made when it is missing. Errors of the private file.
Result<std::array<std::uint8_t, 32>> secret_of(const std::string& path, Dice& dice);

/// The token that opens the first set-up, made when there is none yet; printed to whoever starts
/// the server while no account exists.
Result<std::string> setup_token_of(const std::string& path, Dice& dice);

}  // namespace tocsin::server
