#pragma once
// The configuration file (TOML), docs/operating/config.md. Read once at start. An unknown key, a
// bad value or a dangerous one that was not asked for in so many words stops the start and is
// named.

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/outreach/outreach.h"

namespace tocsin::server {

/// One listening address. Plain HTTP is for loopback, or for the words of `plain_words`.
struct ListenConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string tls_cert{}, tls_key{};
  std::vector<std::string> trusted_proxies{};
  bool tls() const { return !tls_cert.empty(); }
};

inline constexpr std::string_view plain_words = "yes, without TLS on this address";

enum class MailSecurity : std::uint8_t { starttls, opportunistic, tls, none };

/// 邮件服务器. Absent: mails stay in the outbox, or in the exercise's own mailbox.
struct SmtpConfig {
  bool on = false;
  std::string host;
  std::uint16_t port = 587;
  MailSecurity security = MailSecurity::starttls;
  std::string user, password;  // read from `password_file`
  std::string from, from_name;
  std::string helo = "tocsin.invalid";
};

struct Hj212Config {
  bool on = false;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8212;
  int connections_max = 2000;
};

struct Config {
  std::string node_name = "county";
  std::string county;             // name on screen; empty: the division's own
  std::string county_code;        // 6 digits; empty: the one division of county level imported
  std::string sender;             // 发布单位 on every warning; empty: the county's name
  std::string identifier_head{};  // 14 digits ZZZZZZDDDUUUXX of warning identifiers
  std::string duty_post;          // post id that answers for a place nobody answers for
  std::string public_url;         // of the desk, in the public feed; empty: the first desk address
  outreach::Policy ladder;        // 叫应时限: how long each rung is waited for, by level
  bool exercise = false;          // 演练: marked everywhere, nothing leaves the machine
  std::vector<ListenConfig> desk{{.address = "127.0.0.1", .port = 8600}};
  ListenConfig link{.address = "127.0.0.1", .port = 8601};
  std::string link_public_url = "http://127.0.0.1:8601";
  std::string duty_phone;  // on the link page
  SmtpConfig smtp;
  Hj212Config hj212;
  Duration session_idle{30 * 60'000}, session_whole{12 * 3'600'000};
  std::uint64_t disk_reserve_bytes = 256u << 20;  // readings refused below it, commands below 1/4
  int readings_keep_days = 1100;
  int case_keep_days =
      90;  // 个人信息留存: days after a warning's end until its words are destroyed
  std::filesystem::path web_folder;  // empty: beside the program
};

/// Everything that is wrong, not only the first. Codes: "config.syntax" (field "line N"),
/// "config.unknown_key", "config.bad_value", "config.missing", "config.plain_http",
/// "config.exercise" (field: the key, "link.public_url").
using ConfigResult = std::expected<Config, std::vector<Error>>;

/// Files named in the text (`password_file`) are read relative to `folder`.
ConfigResult parse_config(std::string_view toml, const std::filesystem::path& folder = {});
/// Error "config.unreadable". At most 1 MB.
ConfigResult load_config(const std::filesystem::path& file);

/// "127.0.0.1", "::1", "127.8.0.1". Not names.
bool is_loopback(std::string_view address);

}  // namespace tocsin::server
