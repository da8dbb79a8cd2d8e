#include "adapter/hj212/envelope.h"

#include <algorithm>

namespace tocsin::hj212 {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0'; }

std::string_view strip_right(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t find_header(std::string_view bytes) {
  for (std::size_t at = bytes.find("##"); at != std::string_view::npos;
       at = bytes.find("##", at + 1))
    if (header_at(bytes.substr(at)).value_or(false)) return at;
  return std::string_view::npos;
}

/// The CRC stands where the declared length says. False when it does not.
bool open_by_length(std::string_view rest, Envelope& out) {
  if (out.declared < 0 || rest.size() < static_cast<std::size_t>(out.declared) + 4) return false;
  const auto n = static_cast<std::size_t>(out.declared);
  const auto sent = parse_crc(rest.substr(n, 4));
  if (!sent) return false;
  out.segment = rest.substr(0, n);
  out.crc_text = rest.substr(n, 4);
  out.crc = match_crc(out.segment, *sent);
  const std::string_view tail = rest.substr(n + 4);
  out.closed_by_crlf = tail.starts_with("\r\n");
  out.noise += strip_right(tail).size();
  return out.crc || strip_right(tail).empty();
}

void open_by_shape(std::string_view rest, Envelope& out) {
  const std::string_view body = strip_right(rest);
  const std::size_t close = body.rfind("&&");
  const std::size_t behind = close == std::string_view::npos ? body.size() : close + 2;
  const std::size_t tail = body.size() - behind;
  std::size_t crc_at = body.size() - std::min<std::size_t>(4, body.size());
  if (tail < 4 && close != std::string_view::npos) crc_at = behind;
  const bool hex = parse_crc(body.substr(crc_at)).has_value();
  if (!hex && tail > 4) crc_at = body.size();  // no CRC to be seen: all of it is segment
  out.segment = body.substr(0, crc_at);
  out.crc_text = body.substr(crc_at);
  if (hex) out.crc = match_crc(out.segment, *parse_crc(out.crc_text));
  out.closed_by_crlf = rest.substr(body.size()).starts_with("\r\n");
}

}  // namespace

std::optional<bool> header_at(std::string_view bytes) {
  const std::string_view mark = "##";
  if (bytes.size() < 3) {
    if (!mark.starts_with(bytes.substr(0, 2))) return false;
    return std::nullopt;
  }
  if (!bytes.starts_with(mark)) return false;
  const std::string_view rest = bytes.substr(2);
  if (is_digit(rest[0])) return true;
  for (const std::string_view first : {"QN=", "ST="}) {  // the length field is missing altogether
    const std::size_t n = std::min(rest.size(), first.size());
    if (rest.substr(0, n) == first.substr(0, n))
      return n == first.size() ? std::optional(true) : std::nullopt;
  }
  return false;
}

std::string_view length_digits(std::string_view bytes) {
  std::size_t n = 0;
  while (n < 6 && 2 + n < bytes.size() && is_digit(bytes[2 + n])) ++n;
  return bytes.substr(2, n);
}

Result<Envelope> open_envelope(std::string_view bytes) {
  const std::size_t at = find_header(bytes);
  if (at == std::string_view::npos) return fail("hj212.header", "byte 0", "no ## and length");
  Envelope out;
  out.noise = at;
  bytes.remove_prefix(at);
  out.digits = length_digits(bytes);
  if (!out.digits.empty()) {
    out.declared = 0;
    for (const char c : out.digits) out.declared = out.declared * 10 + (c - '0');
  }
  const std::string_view rest = bytes.substr(2 + out.digits.size());
  Envelope exact = out;
  if (open_by_length(rest, exact))
    out = exact;
  else
    open_by_shape(rest, out);
  if (out.segment.size() > max_segment)
    return fail("hj212.size", "byte " + std::to_string(at), "segment over 8192 bytes");
  return out;
}

}  // namespace tocsin::hj212
