#include "adapter/hj212/envelope.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "adapter/hj212/frame.h"

namespace tocsin::hj212 {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0'; }

std::string_view strip_right(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Blanks between "##" and the digits of a length.
std::size_t padding(std::string_view field) {
  return std::min({field.find_first_not_of(' '), field.size(), std::size_t{3}});
}

/// Something of a CRC's form stands where the declared length says, and it fits or ends the frame.
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

/// Behind the "&&" that closes CP; nullopt while it is open.
std::optional<std::size_t> behind_cp(std::string_view body) {
  const auto cp = find_cp(body);
  const std::size_t close = body.rfind("&&");
  if (close == std::string_view::npos || (cp && close < cp->data + 2)) return std::nullopt;
  return close + 2;
}

/// What some devices put between CP and its CRC.
std::size_t stray_bytes(std::string_view text) {
  std::size_t n = std::min(text.find_first_not_of(" \t"), text.size());
  if (same_name(text.substr(n, 2), "0x")) n += 2;
  return n;
}

struct Parting {
  std::size_t segment_end, crc_at;
};

/// Where segment and CRC may part, the likeliest first; only where a CRC can be read.
std::vector<Parting> partings(std::string_view body, std::optional<std::size_t> closed) {
  std::vector<Parting> out;
  if (closed) {
    out.push_back({*closed, *closed});
    const std::size_t stray = stray_bytes(body.substr(*closed));
    if (stray > 0) out.push_back({*closed, *closed + stray});
    const auto cp = find_cp(body);
    const std::size_t data = cp ? cp->data + 2 : 0;
    std::size_t early = body.find("&&", data);  // closed before noise that has a && of its own
    while (!parse_crc(body.substr(early + 2, 4)) && early + 2 < *closed)
      early = body.find("&&", early + 1);
    if (early + 2 < *closed) out.push_back({early + 2, early + 2});
    if (*closed >= data + 3 && body[*closed - 3] == '&') out.push_back({*closed - 1, *closed});
  }
  if (body.size() >= 4 && closed != body.size() - 4)
    out.push_back({body.size() - 4, body.size() - 4});
  std::erase_if(out, [&](const Parting& p) { return !parse_crc(body.substr(p.crc_at, 4)); });
  return out;
}

/// The parting whose CRC fits, else the one the declared length agrees with, else the likeliest.
std::optional<Parting> best_parting(std::string_view body, const std::vector<Parting>& list,
                                    int declared) {
  for (const Parting& p : list)
    if (match_crc(body.substr(0, p.segment_end), *parse_crc(body.substr(p.crc_at, 4)))) return p;
  for (const Parting& p : list)
    if (std::cmp_equal(p.segment_end, declared)) return p;
  return list.empty() ? std::nullopt : std::optional(list.front());
}

void open_by_shape(std::string_view rest, Envelope& out) {
  const std::string_view body = strip_right(rest);
  const auto closed = behind_cp(body);
  const auto parting = best_parting(body, partings(body, closed), out.declared);
  if (parting) {
    out.segment = body.substr(0, parting->segment_end);
    out.crc_text = body.substr(parting->crc_at, 4);
    out.crc = match_crc(out.segment, *parse_crc(out.crc_text));
    out.noise += body.size() - 4 - out.segment.size();
    out.closed_by_crlf = rest.substr(parting->crc_at + 4).starts_with("\r\n");
    return;
  }
  std::size_t crc_at = body.size();  // no CRC to be seen: all of it is segment
  if (closed && body.size() - *closed <= 4)
    crc_at = *closed;
  else if (body.find("&&") == std::string_view::npos)
    crc_at -= std::min<std::size_t>(4, body.size());
  out.segment = body.substr(0, crc_at);
  out.crc_text = body.substr(crc_at);
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
  const std::size_t blanks = padding(rest);
  if (blanks == rest.size()) return std::nullopt;
  if (is_digit(rest[blanks])) return true;
  for (const std::string_view first : {"QN=", "ST="}) {  // the length field is missing altogether
    const std::size_t n = std::min(rest.size(), first.size());
    if (rest.substr(0, n) == first.substr(0, n))
      return n == first.size() ? std::optional(true) : std::nullopt;
  }
  return false;
}

std::size_t find_header(std::string_view bytes) {
  for (std::size_t at = bytes.find("##"); at != std::string_view::npos;
       at = bytes.find("##", at + 1))
    if (header_at(bytes.substr(at)).value_or(false)) return at;
  return std::string_view::npos;
}

std::string_view length_field(std::string_view bytes) {
  const std::string_view field = bytes.substr(2, 6);
  const std::size_t blanks = padding(field);
  std::size_t n = blanks;
  while (n < field.size() && is_digit(field[n])) ++n;
  return field.substr(0, n > blanks ? n : 0);
}

std::size_t length_value(std::string_view field) {
  std::size_t value = 0;
  for (const char c : field)
    if (is_digit(c)) value = value * 10 + static_cast<std::size_t>(c - '0');
  return value;
}

Result<Envelope> open_envelope(std::string_view bytes) {
  const std::size_t at = find_header(bytes);
  if (at == std::string_view::npos) return fail("hj212.header", "byte 0", "no ## and length");
  Envelope out;
  out.noise = at;
  bytes.remove_prefix(at);
  const std::string_view field = length_field(bytes);
  out.digits = trim(field);
  if (!field.empty()) out.declared = static_cast<int>(length_value(field));
  const std::string_view rest = bytes.substr(2 + field.size());
  Envelope by_length = out, by_shape = out;
  const bool found = open_by_length(rest, by_length);
  if (!by_length.crc) open_by_shape(rest, by_shape);
  out = by_length.crc || (found && !by_shape.crc) ? by_length : by_shape;
  if (out.segment.size() > max_segment)
    return fail("hj212.size", "byte " + std::to_string(at), "segment over 8192 bytes");
  return out;
}

}  // namespace tocsin::hj212
