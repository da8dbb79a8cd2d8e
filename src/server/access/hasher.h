#pragma once
// Passwords as argon2id (libsodium), computed on a thread of their own behind a short queue, so
// that a flood of logins can slow neither the requests nor, beyond a moment, a known browser's
// login.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "base/result.h"

namespace tocsin::server {

namespace asio = boost::asio;

struct HasherSettings {
  std::uint64_t passes = 3;
  std::size_t memory_bytes = 19u << 20;
  int queue_max = 8;         // tries waiting, of sources not known
  int queue_max_known = 32;  // of known browsers
};

class Hasher {
 public:
  explicit Hasher(HasherSettings settings = {});
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  /// Errors "access.busy" (the queue is full), "access.hash_failed" (out of memory).
  asio::awaitable<Result<std::string>> hash(std::string password);
  /// An empty `stored` (no such login) takes the same time and is false. Error "access.busy".
  asio::awaitable<Result<bool>> verify(std::string stored, std::string password, bool known);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// For `tocsin init` and `tocsin user`: at once, on this thread. Empty when out of memory.
std::string hash_password(std::string_view password, const HasherSettings& settings = {});

/// At least 10 characters and at most 200 bytes, UTF-8, not the login itself. Error
/// "access.weak_password" (field "password").
Result<void> check_password(std::string_view password, std::string_view login);

}  // namespace tocsin::server
