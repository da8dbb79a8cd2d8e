#include "server/config.h"

#include <arpa/inet.h>

// The library asserts in its parser on keys that it then refuses with an exception; the exception
// is what is wanted, in every build.
#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "base/level.h"

namespace tocsin::server {
namespace {

using Errors = std::vector<Error>;

bool is_address(const std::string& text) {
  in6_addr any{};
  return inet_pton(AF_INET, text.c_str(), &any) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &any) == 1;
}

/// One table of the file. What is asked for is known; what is left at the end is not.
class Section {
 public:
  Section(const toml::table& table, std::string name, Errors& errors)
      : table_(table), name_(std::move(name)), errors_(errors) {}

  bool has(std::string_view key) {
    known_.insert(std::string(key));
    return table_.contains(key);
  }

  std::string text(std::string_view key, std::string otherwise = {}, std::size_t most = 500) {
    if (!has(key)) return otherwise;
    const auto value = table_[key].value_exact<std::string>();
    if (!value || value->size() > most)
      return bad(key, "a text of at most " + std::to_string(most) + " bytes"), otherwise;
    return *value;
  }

  std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t least,
                      std::int64_t most) {
    if (!has(key)) return otherwise;
    const auto value = table_[key].value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) return *value;
    bad(key, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return otherwise;
  }

  bool flag(std::string_view key, bool otherwise) {
    if (!has(key)) return otherwise;
    const auto value = table_[key].value_exact<bool>();
    if (!value) bad(key, "true or false");
    return value.value_or(otherwise);
  }

  std::vector<std::string> addresses(std::string_view key) {
    std::vector<std::string> out;
    if (!has(key)) return out;
    const toml::array* array = table_[key].as_array();
    if (!array) return bad(key, "a list of IP addresses"), out;
    for (const toml::node& node : *array) {
      const auto value = node.value_exact<std::string>();
      if (value && is_address(*value))
        out.push_back(*value);
      else
        bad(key, "a list of IP addresses");
    }
    return out;
  }

  const toml::table* table(std::string_view key) {
    if (!has(key)) return nullptr;
    const toml::table* inner = table_[key].as_table();
    if (!inner) bad(key, "a table");
    return inner;
  }

  const toml::array* tables(std::string_view key) {
    if (!has(key)) return nullptr;
    const toml::array* array = table_[key].as_array();
    if (array && array->is_array_of_tables()) return array;
    bad(key, "[[" + std::string(key) + "]] tables");
    return nullptr;
  }

  void bad(std::string_view key, std::string want) {
    error("config.bad_value", key, std::move(want));
  }
  void error(std::string code, std::string_view key, std::string detail) {
    errors_.push_back({std::move(code), name_of(key), std::move(detail)});
  }

  /// Whatever was never asked for is an error.
  void end() {
    for (const auto& [key, node] : table_)
      if (!known_.contains(std::string(key.str())))
        error("config.unknown_key", key.str(), "no such setting");
  }

 private:
  std::string name_of(std::string_view key) const {
    return name_.empty() ? std::string(key) : name_ + "." + std::string(key);
  }
  const toml::table& table_;
  std::string name_;
  Errors& errors_;
  std::set<std::string> known_;
};

ListenConfig read_listen(Section& section, ListenConfig otherwise) {
  ListenConfig out = std::move(otherwise);
  out.address = section.text("address", out.address);
  if (!is_address(out.address)) section.bad("address", "an IP address");
  out.port = static_cast<std::uint16_t>(section.number("port", out.port, 1, 65535));
  out.tls_cert = section.text("tls_cert", out.tls_cert, 4096);
  out.tls_key = section.text("tls_key", out.tls_key, 4096);
  if (out.tls_cert.empty() != out.tls_key.empty())
    section.error("config.missing", out.tls_cert.empty() ? "tls_cert" : "tls_key",
                  "tls_cert and tls_key go together");
  out.trusted_proxies = section.addresses("trusted_proxies");
  const std::string plain = section.text("allow_plain_http");
  if (!plain.empty() && plain != plain_words)
    section.bad("allow_plain_http", "exactly \"" + std::string(plain_words) + "\"");
  if (!out.tls() && !is_loopback(out.address) && plain != plain_words)
    section.error("config.plain_http", "address",
                  "without TLS only loopback is served, unless allow_plain_http = \"" +
                      std::string(plain_words) + "\"");
  return out;
}

void read_desk(Section& root, Config& config, Errors& errors) {
  const toml::array* listeners = root.tables("desk");
  if (!listeners) return;
  config.desk.clear();
  for (std::size_t i = 0; i < listeners->size(); ++i) {
    Section section(*(*listeners)[i].as_table(), "desk[" + std::to_string(i) + "]", errors);
    config.desk.push_back(read_listen(section, {.address = "127.0.0.1", .port = 8600}));
    section.end();
  }
}

void read_link(Section& root, Config& config, Errors& errors) {
  const toml::table* table = root.table("link");
  if (!table) return;
  Section section(*table, "link", errors);
  config.link = read_listen(section, config.link);
  const std::string made = std::string(config.link.tls() ? "https://" : "http://") +
                           config.link.address + ":" + std::to_string(config.link.port);
  config.link_public_url = section.text("public_url", made);
  const std::string& url = config.link_public_url;
  const bool http = url.starts_with("http://"), https = url.starts_with("https://");
  const std::string_view rest = std::string_view(url).substr(https ? 8 : http ? 7 : 0);
  if ((!http && !https) || rest.empty() || rest.find_first_of(" ?#\"<>") != std::string::npos)
    section.bad("public_url", "an address like https://yj.example.gov.cn or http://192.0.2.1:8601");
  const bool anywhere = config.link.address == "0.0.0.0" || config.link.address == "::";
  if (anywhere && !section.has("public_url"))
    section.error("config.missing", "public_url", "which address do phones reach this at?");
  config.duty_phone = section.text("duty_phone", {}, 40);
  section.end();
}

std::string read_secret(Section& section, const std::filesystem::path& folder) {
  const std::string name = section.text("password_file", {}, 4096);
  if (name.empty()) return {};
  std::ifstream in(folder / name, std::ios::binary);
  std::string secret;
  std::getline(in, secret);
  if (!in && secret.empty()) section.error("config.unreadable", "password_file", name);
  if (secret.ends_with('\r')) secret.pop_back();
  if (secret.size() > 1000) section.bad("password_file", "one line of at most 1000 bytes");
  return secret;
}

void read_smtp(Section& root, Config& config, const std::filesystem::path& folder, Errors& errors) {
  const toml::table* table = root.table("smtp");
  if (!table) return;
  Section section(*table, "smtp", errors);
  SmtpConfig& smtp = config.smtp;
  smtp.on = true;
  smtp.host = section.text("host", {}, 253);
  if (smtp.host.empty()) section.error("config.missing", "host", "the mail server's name");
  const std::string security = section.text("security", "starttls");
  if (security == "starttls")
    smtp.security = MailSecurity::starttls;
  else if (security == "opportunistic")
    smtp.security = MailSecurity::opportunistic;
  else if (security == "tls")
    smtp.security = MailSecurity::tls;
  else if (security == "none")
    smtp.security = MailSecurity::none;
  else
    section.bad("security", "starttls, tls, opportunistic or none");
  const int usual = smtp.security == MailSecurity::tls ? 465 : 587;
  smtp.port = static_cast<std::uint16_t>(section.number("port", usual, 1, 65535));
  smtp.user = section.text("user");
  smtp.password = read_secret(section, folder);
  smtp.from = section.text("from", {}, 254);
  if (smtp.from.find('@') == std::string::npos) section.bad("from", "the sender's mail address");
  smtp.from_name = section.text("from_name");
  smtp.helo = section.text("helo", smtp.helo, 253);
  if (smtp.helo.find_first_of(" \r\n\t") != std::string::npos) section.bad("helo", "a host name");
  const bool local = smtp.host == "localhost" || is_loopback(smtp.host);
  if (config.exercise && !local)
    section.error("config.exercise", "host",
                  "in an exercise no mail leaves this machine: leave [smtp] out, mails go to the "
                  "node's own mailbox");
  section.end();
}

void read_hj212(Section& root, Config& config, Errors& errors) {
  const toml::table* table = root.table("hj212");
  if (!table) return;
  Section section(*table, "hj212", errors);
  config.hj212.on = true;
  config.hj212.address = section.text("address", config.hj212.address);
  if (!is_address(config.hj212.address)) section.bad("address", "an IP address");
  config.hj212.port =
      static_cast<std::uint16_t>(section.number("port", config.hj212.port, 1, 65535));
  config.hj212.connections_max =
      static_cast<int>(section.number("connections_max", config.hj212.connections_max, 1, 100'000));
  section.end();
}

void read_node(Section& root, Config& config, Errors& errors) {
  const toml::table* table = root.table("node");
  if (!table) return;
  Section section(*table, "node", errors);
  config.node_name = section.text("name", config.node_name, 60);
  const bool plain = std::ranges::all_of(config.node_name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (config.node_name.empty() || !plain) section.bad("name", "small letters, digits and dashes");
  config.county = section.text("county", {}, 100);
  config.county_code = section.text("county_code", {}, 6);
  const bool digits = config.county_code.find_first_not_of("0123456789") == std::string::npos;
  if (!config.county_code.empty() && (config.county_code.size() != 6 || !digits))
    section.bad("county_code", "6 digits");
  config.exercise = section.flag("exercise", false);
  config.sender = section.text("sender", {}, 200);
  config.identifier_head = section.text("identifier_head", {}, 14);
  const bool head = config.identifier_head.find_first_not_of("0123456789") == std::string::npos;
  if (!config.identifier_head.empty() && (config.identifier_head.size() != 14 || !head))
    section.bad("identifier_head", "14 digits: division, trade, sub-unit, extension");
  if (config.identifier_head.empty() && !config.county_code.empty())
    config.identifier_head = config.county_code + "00000000";
  config.duty_post = section.text("duty_post", {}, 100);
  config.public_url = section.text("public_url", {}, 300);
  section.end();
}

/// [ladder.red] holder_s = 300, deputy_s = 300, above_s = 600, and so for each level.
void read_ladder(Section& root, Config& config, Errors& errors) {
  const toml::table* table = root.table("ladder");
  if (!table) return;
  Section levels(*table, "ladder", errors);
  for (std::size_t i = 0; i < level_names.size(); ++i) {
    const toml::table* one = levels.table(level_names[i]);
    if (!one) continue;
    Section section(*one, "ladder." + std::string(level_names[i]), errors);
    outreach::Policy::Waits& waits = config.ladder.by_level[i];
    const auto seconds = [&](const char* key, Duration otherwise) -> Duration {
      const auto usual = std::chrono::duration_cast<std::chrono::seconds>(otherwise).count();
      return std::chrono::seconds(section.number(key, usual, 1, 86'400));
    };
    waits.holder = seconds("holder_s", waits.holder);
    waits.deputy = seconds("deputy_s", waits.deputy);
    waits.above = seconds("above_s", waits.above);
    section.end();
  }
  levels.end();
}

void read_rest(Section& root, Config& config, Errors& errors) {
  if (const toml::table* table = root.table("session")) {
    Section section(*table, "session", errors);
    config.session_idle = std::chrono::minutes(section.number("idle_min", 30, 1, 24 * 60));
    config.session_whole = std::chrono::hours(section.number("whole_h", 12, 1, 7 * 24));
    section.end();
  }
  if (const toml::table* table = root.table("data")) {
    Section section(*table, "data", errors);
    config.disk_reserve_bytes =
        static_cast<std::uint64_t>(section.number("disk_reserve_mb", 256, 16, 1 << 20)) << 20;
    config.readings_keep_days =
        static_cast<int>(section.number("readings_keep_days", 1100, 7, 36'500));
    config.case_keep_days = static_cast<int>(section.number("case_keep_days", 90, 1, 3'650));
    section.end();
  }
  if (const toml::table* table = root.table("web")) {
    Section section(*table, "web", errors);
    config.web_folder = section.text("folder", {}, 4096);
    section.end();
  }
}

}  // namespace

bool is_loopback(std::string_view address) {
  const std::string text(address);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return text.starts_with("127.");
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

namespace {

/// TOML allows no control characters but tab and line ends; the library trusts that in places.
std::optional<Error> control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool allowed = c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0x7f);
    if (allowed) continue;
    const auto line = 1 + std::ranges::count(text.substr(0, i), '\n');
    return Error{"config.syntax", "line " + std::to_string(line), "a control character"};
  }
  return std::nullopt;
}

}  // namespace

ConfigResult parse_config(std::string_view text, const std::filesystem::path& folder) {
  if (auto problem = control_character(text)) return std::unexpected(Errors{std::move(*problem)});
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    const std::string line = "line " + std::to_string(error.source().begin.line);
    return std::unexpected(Errors{{"config.syntax", line, std::string(error.description())}});
  }
  Errors errors;
  Config config;
  Section root(table, "", errors);
  read_node(root, config, errors);
  read_desk(root, config, errors);
  read_link(root, config, errors);
  read_smtp(root, config, folder, errors);
  read_hj212(root, config, errors);
  read_ladder(root, config, errors);
  read_rest(root, config, errors);
  root.end();
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return config;
}

ConfigResult load_config(const std::filesystem::path& file) {
  constexpr std::uintmax_t most = 1 << 20;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error || size > most)
    return std::unexpected(
        Errors{{"config.unreadable", file.string(), error ? error.message() : "above 1 MB"}});
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad())
    return std::unexpected(Errors{{"config.unreadable", file.string(), "cannot be read"}});
  return parse_config(text, file.parent_path());
}

}  // namespace tocsin::server
