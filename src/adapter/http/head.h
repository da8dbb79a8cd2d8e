#pragma once
// Writing the head of a response. Private to this room.

#include <optional>
#include <string>

#include "adapter/http/message.h"

namespace tocsin::http {

struct HeadFacts {
  bool keep_alive = true;
  bool tls = false;
  std::optional<std::size_t> length;  // none: chunked, or until the end of an HTTP/1.0 connection
  bool chunked = false;
};

/// Status line and headers with the security headers every response gets. Values lose CR and LF.
std::string response_head(const Response& response, const HeadFacts& facts);

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t seconds_since_1970);

/// True when an If-None-Match header names the tag (weak comparison) or is "*".
bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace tocsin::http
