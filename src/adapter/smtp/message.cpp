#include "adapter/smtp/message.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "adapter/smtp/client.h"
#include "base/encode.h"

namespace tocsin::smtp {
namespace {

constexpr std::size_t word_bytes = 42;  // 56 characters of base64, 68 with what is around them
constexpr std::size_t line_bytes = 57;  // 76 characters of base64

std::string base64(std::string_view bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), as_bytes(bytes).data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.resize(out.size() - 1);
  return out;
}

/// Ignores what is no base64; stops at what cannot be read.
std::string from_base64(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                    text.size(), "\r\n \t", &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
  out.resize(size);
  return out;
}

std::string header_safe(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

std::string named(std::string_view name, std::string_view address) {
  if (name.empty()) return "<" + std::string(address) + ">";
  return encoded_header(name) + " <" + std::string(address) + ">";
}

/// One "=?charset?B?text?=" word decoded; any other as it stands.
std::string decoded_word(std::string_view word) {
  const std::size_t kind = word.find('?', 2);
  if (kind == std::string_view::npos || word.size() < kind + 5) return std::string(word);
  const char encoding = word[kind + 1];
  const std::string_view text = word.substr(kind + 3, word.size() - kind - 5);
  if (encoding == 'B' || encoding == 'b') return from_base64(text);
  return std::string(word);
}

std::string decoded_header(std::string_view text) {
  std::string out;
  bool after_word = false;
  while (!text.empty()) {
    if (text.starts_with("=?")) {
      std::size_t end = text.find('?', 2);
      if (end != std::string_view::npos) end = text.find('?', end + 1);
      if (end != std::string_view::npos) end = text.find("?=", end + 1);
      if (end != std::string_view::npos) {
        out += decoded_word(text.substr(0, end + 2));
        text.remove_prefix(end + 2);
        after_word = true;
        continue;
      }
    }
    const std::size_t word = text.find_first_not_of(" \t");
    const bool between = after_word && word != std::string_view::npos && word > 0 &&
                         text.substr(word).starts_with("=?");
    if (between) {
      text.remove_prefix(word);  // white space between two words is not text
      continue;
    }
    out.push_back(text.front());
    text.remove_prefix(1);
    after_word = false;
  }
  return out;
}

bool starts_with_name(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  return std::ranges::equal(line.substr(0, name.size()), name, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? a + 32 : a) == (b >= 'A' && b <= 'Z' ? b + 32 : b);
  });
}

/// The unfolded value of the first header of that name.
std::string header_of(std::string_view head, std::string_view name) {
  std::string value;
  bool inside = false;
  while (!head.empty()) {
    std::string_view line = head.substr(0, head.find('\n'));
    head.remove_prefix(std::min(line.size() + 1, head.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (inside && (line.starts_with(' ') || line.starts_with('\t'))) {
      value += line;
      continue;
    }
    if (inside) break;
    if (starts_with_name(line, name)) {
      inside = true;
      line.remove_prefix(name.size() + 1);
      while (line.starts_with(' ')) line.remove_prefix(1);
      value = line;
    }
  }
  return value;
}

}  // namespace

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool valid_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == address.size()) return false;
  if (address.size() > 254 || address.find('@') != at || !valid_utf8(address)) return false;
  return std::ranges::none_of(address, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f || c == '<' || c == '>' || c == ',' || c == ';';
  });
}

std::string encoded_header(std::string_view given) {
  const std::string safe = header_safe(given);
  std::string_view text = safe;
  if (is_ascii(text) && text.size() <= 200 && text.find("=?") == std::string_view::npos)
    return safe;
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(word_bytes, text.size());
    // A word never ends inside a character.
    while (size < text.size() && size > 1 &&
           (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
      --size;
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t size = std::min(line_bytes, bytes.size());
    out.append(base64(bytes.substr(0, size))).append("\r\n");
    bytes.remove_prefix(size);
  }
  return out;
}

std::string mail_date(std::int64_t ms) {
  using namespace std::chrono;
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Instant beijing = instant_ms(ms) + beijing_offset;
  const sys_days day = floor<std::chrono::days>(beijing);
  const year_month_day date(day);
  const std::string clock = text_beijing(instant_ms(ms)).substr(11);
  return std::string(days[weekday(day).c_encoding()]) + ", " +
         std::to_string(static_cast<unsigned>(date.day())) + " " +
         std::string(months[static_cast<unsigned>(date.month()) - 1]) + " " +
         std::to_string(static_cast<int>(date.year())) + " " + clock + " +0800";
}

std::string compose(const Account& account, const Mail& mail) {
  std::string text;
  for (const char c : mail.text) {
    if (c == '\r') continue;
    if (c == '\n') text += '\r';
    text += c;
  }
  std::string out = "Date: " + mail_date(ms_of(mail.date)) + "\r\n";
  out += "From: " + named(account.from_name, account.from) + "\r\n";
  out += "To: " + named(mail.to_name, mail.to) + "\r\n";
  out += "Subject: " + encoded_header(mail.subject) + "\r\n";
  out += "Message-ID: " + header_safe(mail.message_id) + "\r\n";
  out += "Auto-Submitted: auto-generated\r\n";
  if (mail.exercise) out += "X-Tocsin-Exercise: yes\r\n";
  out +=
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=UTF-8\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n";
  return out + base64_lines(text);
}

std::string dot_stuffed(std::string_view message) {
  std::string out;
  out.reserve(message.size() + 16);
  bool line_start = true;
  for (const char c : message) {
    if (line_start && c == '.') out += '.';
    out += c;
    line_start = c == '\n';
  }
  if (!out.ends_with("\r\n")) out += "\r\n";
  return out += ".\r\n";
}

Parsed parse(std::string_view message) {
  std::size_t end = message.find("\r\n\r\n");
  std::size_t gap = 4;
  if (end == std::string_view::npos) end = message.find("\n\n"), gap = 2;
  const std::string_view head = message.substr(0, end);
  const std::string_view body =
      end == std::string_view::npos ? std::string_view() : message.substr(end + gap);
  Parsed out;
  out.from = decoded_header(header_of(head, "From"));
  out.to = decoded_header(header_of(head, "To"));
  out.subject = decoded_header(header_of(head, "Subject"));
  out.message_id = header_of(head, "Message-ID");
  const std::string coded = header_of(head, "Content-Transfer-Encoding");
  out.text = coded == "base64" || coded == "BASE64" ? from_base64(body) : std::string(body);
  std::erase(out.text, '\r');
  for (std::string* text : {&out.from, &out.to, &out.subject, &out.message_id, &out.text})
    if (!valid_utf8(*text)) *text = "?";
  return out;
}

}  // namespace tocsin::smtp
