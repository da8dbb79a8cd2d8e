#pragma once
// Reading what a client puts into the request line, a form body and the Cookie header. Pure.

#include <string>
#include <string_view>

#include "adapter/http/message.h"

namespace tocsin::http {

/// Percent-decodes; the result is UTF-8 without control characters. `plus_is_space` as in forms and
/// queries. Error `code`, field "byte N" (counted from `offset`).
Result<std::string> percent_decode(std::string_view text, bool plus_is_space,
                                   std::string_view code = "http.bad_target",
                                   std::size_t offset = 0, bool allow_newlines = false);

/// "a=1&b=%E5%BA%86": at most 100 pairs; a name without '=' has an empty value. Newlines are kept
/// in values of forms only.
Result<Pairs> parse_pairs(std::string_view text, std::string_view code = "http.bad_target",
                          std::size_t offset = 0, bool allow_newlines = false);

struct Target {
  std::string_view path;   // still encoded, begins with '/'
  std::string_view query;  // without '?'
};
/// Origin form only ("/path?query"), at most 8 kB, printable ASCII. Error "http.bad_target".
Result<Target> split_target(std::string_view target);

/// The value of the first cookie of that name; empty when there is none (RFC 6265 §5.4 form).
std::string_view cookie_of(std::string_view header, std::string_view name);

}  // namespace tocsin::http
