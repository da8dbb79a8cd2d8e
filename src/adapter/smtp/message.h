#pragma once
// A mail's text forms: RFC 5322 headers with RFC 2047 words, base64 bodies, and reading such a mail
// back for the mailbox page. Pure. Private to this room, fuzzed.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::smtp {

/// True for an address that can stand in MAIL FROM and RCPT TO: one '@', printable, no spaces, no
/// angle brackets, at most 254 bytes. Letters beyond ASCII are fine (SMTPUTF8).
bool valid_address(std::string_view address);
bool is_ascii(std::string_view text);

/// Text as one or more encoded words ("=?UTF-8?B?…?="), folded; plain ASCII stays as it is. Control
/// characters become spaces, so nothing can begin a header of its own.
std::string encoded_header(std::string_view text);
/// Standard base64 in lines of 76 characters, each ending in CR LF.
std::string base64_lines(std::string_view bytes);
/// "Sun, 22 Nov 2026 10:00:03 +0800".
std::string mail_date(std::int64_t ms_since_1970);

/// Doubles the dots that begin a line and ends the text with CR LF "." CR LF (RFC 5321 §4.5.2).
std::string dot_stuffed(std::string_view message);

/// What the mailbox page shows of a mail.
struct Parsed {
  std::string from, to, subject, message_id, text;
};
/// Reads a message made by compose(), and does what it can with any other: never fails.
Parsed parse(std::string_view message);

}  // namespace tocsin::smtp
