#include "adapter/http/head.h"

#include <array>
#include <chrono>

namespace tocsin::http {
namespace {

constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

void add(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value) out.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  out.append("\r\n");
}

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

bool names(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (same_name(key, name)) return true;
  return false;
}

/// The Date header's value, made anew once a second.
const std::string& date_now() {
  thread_local std::int64_t made_for = 0;
  thread_local std::string text;
  const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  if (now != made_for) {
    made_for = now;
    text = http_date(now);
  }
  return text;
}

void two(std::string& out, unsigned value) {
  out.push_back(static_cast<char>('0' + value / 10));
  out.push_back(static_cast<char>('0' + value % 10));
}

}  // namespace

std::string http_date(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds at{std::chrono::seconds(seconds)};
  const sys_days day = floor<std::chrono::days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  std::string out(days[weekday(day).c_encoding()]);
  out += ", ";
  two(out, static_cast<unsigned>(date.day()));
  out.append(" ").append(months[static_cast<unsigned>(date.month()) - 1]).append(" ");
  out += std::to_string(static_cast<int>(date.year()));
  out += ' ';
  two(out, static_cast<unsigned>(time.hours().count()));
  out += ':';
  two(out, static_cast<unsigned>(time.minutes().count()));
  out += ':';
  two(out, static_cast<unsigned>(time.seconds().count()));
  return out + " GMT";
}

std::string response_head(const Response& response, const HeadFacts& facts) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out.append(reason_phrase(response.status)).append("\r\n");
  out.reserve(1024);
  for (const auto& [name, value] : response.headers) add(out, name, value);
  if (facts.length && response.status != 304 && response.status != 204)
    add(out, "Content-Length", std::to_string(*facts.length));
  if (facts.chunked) add(out, "Transfer-Encoding", "chunked");
  if (!facts.keep_alive) add(out, "Connection", "close");
  add(out, "Date", date_now());
  if (!names(response, "Cache-Control")) add(out, "Cache-Control", "no-store");
  if (!names(response, "Content-Security-Policy")) add(out, "Content-Security-Policy", page_policy);
  add(out, "X-Content-Type-Options", "nosniff");
  add(out, "X-Frame-Options", "DENY");
  add(out, "Referrer-Policy", "no-referrer");
  add(out, "Cross-Origin-Opener-Policy", "same-origin");
  add(out, "Cross-Origin-Resource-Policy", "same-origin");
  if (facts.tls) add(out, "Strict-Transport-Security", "max-age=31536000");
  return out.append("\r\n");
}

bool etag_matches(std::string_view header, std::string_view etag) {
  if (header == "*") return true;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    std::string_view tag = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (!tag.empty() && tag.front() == ' ') tag.remove_prefix(1);
    while (!tag.empty() && tag.back() == ' ') tag.remove_suffix(1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
  }
  return false;
}

}  // namespace tocsin::http
