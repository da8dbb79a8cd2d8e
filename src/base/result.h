#pragma once
// How a function says no. Three kinds, never mixed:
//  - Error: the world failed (a socket, a frame, a row). Travels as Result<T>.
//  - Refusal: an answer for a person; its code is also the text key in zh and en.
//  - a broken invariant: TOCSIN_CHECK stops the process, in production too.

#include <cstdio>
#include <cstdlib>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace tocsin {

/// What went wrong. `code` is stable and listed in docs/codes.md; `field` names the field, column
/// or byte offset ("frames[3].mn", "row 12, lon", "byte 48"), empty when the whole is meant;
/// `detail` is for a person and never parsed.
struct Error {
  std::string code;
  std::string field;
  std::string detail;

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string code, std::string field = {},
                                   std::string detail = {}) {
  return std::unexpected(Error{std::move(code), std::move(field), std::move(detail)});
}

/// Why a decision was not taken. Its code ("warning.not_in_force") is the text key in zh and en.
/// `field` names the offending field of the command when there is one.
struct Refusal {
  std::string code;
  std::string field;

  bool operator==(const Refusal&) const = default;
};

[[noreturn]] inline void broken(const char* what, const char* file, int line) {
  std::fprintf(stderr, "tocsin: broken invariant: %s (%s:%d)\n", what, file, line);
  std::abort();
}

/// Visitor built from lambdas: std::visit(overloaded{...}, variant).
template <class... F>
struct overloaded : F... {
  using F::operator()...;
};

}  // namespace tocsin

#define TOCSIN_CHECK(condition) \
  (static_cast<bool>(condition) ? void() : ::tocsin::broken(#condition, __FILE__, __LINE__))
