#include "adapter/http/message.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "adapter/http/target.h"
#include "log/json.h"

namespace tocsin::http {
namespace {

/// "text/csv; charset=utf-8" is "text/csv".
std::string media_type(std::string_view header) {
  header = header.substr(0, header.find(';'));
  while (!header.empty() && header.back() == ' ') header.remove_suffix(1);
  std::string out(header);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

struct CodeStatus {
  std::string_view code;
  int status;
};

/// Codes whose status is not 400. What is missing here is looked up by prefix, then is 400.
constexpr std::array code_statuses{
    CodeStatus{"access.no_session", 401},
    CodeStatus{"access.expired", 401},
    CodeStatus{"access.bad_login", 401},
    CodeStatus{"access.bad_key", 401},
    CodeStatus{"access.bad_code", 401},
    CodeStatus{"access.bad_setup_token", 401},
    CodeStatus{"access.no_right", 403},
    CodeStatus{"access.other_area", 403},
    CodeStatus{"access.csrf", 403},
    CodeStatus{"access.cross_site", 403},
    CodeStatus{"access.not_local", 403},
    CodeStatus{"access.no_post", 403},
    CodeStatus{"access.hash_failed", 503},
    CodeStatus{"access.post_not_held", 403},
    CodeStatus{"access.throttled", 429},
    CodeStatus{"access.busy", 429},
    CodeStatus{"access.setup_done", 409},
    CodeStatus{"session.choose_post", 409},
    CodeStatus{"command.id_reused", 409},
    CodeStatus{"command.too_large", 413},
    CodeStatus{"http.not_found", 404},
    CodeStatus{"http.method", 405},
    CodeStatus{"http.too_large", 413},
    CodeStatus{"http.content_type", 415},
    CodeStatus{"http.internal", 500},
    CodeStatus{"http.header_too_large", 431},
    CodeStatus{"http.transfer_encoding", 501},
    CodeStatus{"warning.not_this_post", 403},
    CodeStatus{"warning.not_ours_to_publish", 403},
    CodeStatus{"warning.no_issuing_row", 403},
};

/// Whether people, mails and CAP can carry it: no control characters but tab and line ends, and
/// none of the two code points that are no characters (U+FFFE, U+FFFF).
bool is_text(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f) return false;
  }
  return text.find("\xef\xbf\xbe") == std::string_view::npos &&
         text.find("\xef\xbf\xbf") == std::string_view::npos;
}

/// The first member of a command whose text is none, or nothing. Rows of a batch are not looked
/// into: each has a fate of its own.
std::string member_not_text(const boost::json::object& command) {
  const auto bad = [](const boost::json::value& value) {
    return value.is_string() && !is_text(value.get_string());
  };
  for (const auto& [name, value] : command) {
    if (bad(value)) return name;
    if (value.is_array() && std::ranges::any_of(value.get_array(), bad)) return name;
  }
  return {};
}

constexpr std::array phrases{
    std::pair{200, "OK"},
    std::pair{201, "Created"},
    std::pair{202, "Accepted"},
    std::pair{204, "No Content"},
    std::pair{303, "See Other"},
    std::pair{304, "Not Modified"},
    std::pair{400, "Bad Request"},
    std::pair{401, "Unauthorized"},
    std::pair{403, "Forbidden"},
    std::pair{404, "Not Found"},
    std::pair{405, "Method Not Allowed"},
    std::pair{408, "Request Timeout"},
    std::pair{409, "Conflict"},
    std::pair{410, "Gone"},
    std::pair{413, "Content Too Large"},
    std::pair{415, "Unsupported Media Type"},
    std::pair{422, "Unprocessable Content"},
    std::pair{429, "Too Many Requests"},
    std::pair{431, "Request Header Fields Too Large"},
    std::pair{500, "Internal Server Error"},
    std::pair{501, "Not Implemented"},
    std::pair{503, "Service Unavailable"},
};

}  // namespace

std::string_view name_of(Method method) {
  constexpr std::array<std::string_view, 4> names{"GET", "POST", "PUT", "DELETE"};
  return names.at(static_cast<std::size_t>(method));
}

std::string_view find(const Pairs& pairs, std::string_view name) {
  const auto found = std::ranges::find(pairs, name, [](const auto& pair) { return pair.first; });
  return found == pairs.end() ? std::string_view() : std::string_view(found->second);
}

bool has(const Pairs& pairs, std::string_view name) {
  return std::ranges::any_of(pairs, [&](const auto& pair) { return pair.first == name; });
}

std::string_view Request::header(std::string_view lower_case_name) const {
  return find(headers, lower_case_name);
}

std::string_view Request::cookie(std::string_view name) const {
  return cookie_of(header("cookie"), name);
}

const std::string& Request::param(std::string_view name) const {
  for (const auto& [key, value] : params)
    if (key == name) return value;
  broken("a route asked for a parameter its pattern does not have", __FILE__, __LINE__);
}

std::string_view Request::query_value(std::string_view name) const { return find(query, name); }

Result<std::int64_t> Request::query_number(std::string_view name, std::int64_t otherwise,
                                           std::int64_t min, std::int64_t max) const {
  if (!has(query, name)) return otherwise;
  const std::string_view text = find(query, name);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < min || value > max)
    return fail("http.bad_number", std::string(name),
                "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return value;
}

Result<std::string> Request::command_id() const {
  const std::string_view id = header("command-id");
  if (id.empty()) return fail("command.id_missing", "Command-Id", "the header is missing");
  if (!is_uuid(id)) return fail("command.id_bad", "Command-Id", "not a UUID");
  std::string out(id);
  for (char& c : out)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Result<boost::json::value> Request::json() const {
  if (media_type(header("content-type")) != "application/json")
    return fail("http.content_type", "Content-Type", "application/json is wanted");
  auto value = json::parse(body, std::max<std::size_t>(body.size(), 1));
  if (!value) return value;
  if (!value->is_object()) return fail("json.not_object", "", "a JSON object is wanted");
  if (auto name = member_not_text(value->get_object()); !name.empty())
    return fail("http.bad_text", std::move(name), "a control character");
  return value;
}

Result<Pairs> Request::form() const {
  if (media_type(header("content-type")) != "application/x-www-form-urlencoded")
    return fail("http.content_type", "Content-Type", "application/x-www-form-urlencoded is wanted");
  return parse_pairs(body, "form.bad", 0, true);
}

Response json_response(const boost::json::value& value, int status) {
  return text_response(boost::json::serialize(value), "application/json", status);
}

Response text_response(std::string text, std::string content_type, int status) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", std::move(content_type));
  response.body = std::move(text);
  return response;
}

Response problem(const Error& error, int status) {
  if (status == 0) status = status_of(error.code);
  boost::json::object body;
  body["type"] = "about:blank";
  body["title"] = reason_phrase(status);
  body["status"] = status;
  body["code"] = error.code;
  body["field"] = error.field;
  body["detail"] = error.detail;
  return text_response(boost::json::serialize(body), "application/problem+json", status);
}

Response problem(const Refusal& refusal, int status) {
  if (status == 0) {
    status = status_of(refusal.code);
    if (status == 400) status = 409;
  }
  return problem(Error{refusal.code, refusal.field, {}}, status);
}

int status_of(std::string_view code) {
  const auto found = std::ranges::find(code_statuses, code, &CodeStatus::code);
  if (found != code_statuses.end()) return found->status;
  if (code.ends_with(".not_found") || code.ends_with(".unknown")) return 404;
  if (code.starts_with("store.")) return 503;
  return 400;
}

std::string_view reason_phrase(int status) {
  for (const auto& [number, phrase] : phrases)
    if (number == status) return phrase;
  return "Unknown";
}

}  // namespace tocsin::http
