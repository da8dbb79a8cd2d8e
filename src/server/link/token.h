#pragma once
// 回复链接. The signed link of a call: short enough for a text message, bound to one rung of one
// call, one person and an end. 36 bytes, 48 characters of base64url:
//
//   byte 0      version, 1
//   bytes 1-10  call: the 20 hex digits of its id "c-…"
//   byte 11     rung
//   12-15       end, seconds since 1970 UTC, big-endian
//   16-21       first 6 bytes of SHA-256 of the person's id
//   22-35       first 14 bytes of HMAC-SHA-256 over bytes 0-21
//
// Nothing in it is secret; opening it proves nothing and answers nothing.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace tocsin::server {

/// What a link was made for.
struct LinkClaims {
  std::string call;       // "c-" and 20 lower-case hex digits
  std::uint8_t rung = 0;  // index in the call's ladder
  Instant expires{};      // whole seconds
  std::array<std::uint8_t, 6> person_tag{};

  bool operator==(const LinkClaims&) const = default;
};

std::array<std::uint8_t, 6> person_tag(std::string_view person_id);

inline constexpr std::size_t link_token_size = 48;

/// Key of 32 bytes, kept with the node's other keys (data folder, never in backup or log).
class LinkKey {
 public:
  explicit LinkKey(std::array<std::uint8_t, 32> key) : key_(key) {}
  std::string sign(const LinkClaims& claims) const;
  /// Checks form and signature in constant time; says nothing about the end. Errors
  /// "link.malformed" (field "byte N" or ""), "link.forged".
  Result<LinkClaims> verify(std::string_view token) const;

 private:
  std::array<std::uint8_t, 32> key_;
};

/// "https://phone.example/l/<token>".
std::string link_url(std::string_view public_base_url, std::string_view token);

}  // namespace tocsin::server
