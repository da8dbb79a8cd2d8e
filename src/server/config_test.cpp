#include "server/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace tocsin::server {
namespace {

/// "code field" of every problem, in order.
std::string problems(std::string_view toml) {
  const auto config = parse_config(toml);
  if (config) return "";
  std::string out;
  for (const Error& error : config.error())
    out += (out.empty() ? "" : "; ") + error.code + " " + error.field;
  return out;
}

}  // namespace

TEST(config, an_empty_file_is_a_loopback_desk) {
  const auto config = parse_config("");
  ASSERT_TRUE(config);
  ASSERT_EQ(config->desk.size(), 1u);
  EXPECT_EQ(config->desk[0].address, "127.0.0.1");
  EXPECT_FALSE(config->smtp.on);
  EXPECT_FALSE(config->hj212.on);
  EXPECT_FALSE(config->exercise);
}

TEST(config, everything_that_can_be_said) {
  const std::string secret =
      (std::filesystem::temp_directory_path() / ("secret_" + std::to_string(getpid()))).string();
  std::ofstream(secret) << "p w\r\nsecond line";
  const auto config = parse_config(R"(
[node]
name = "qingyuan"
county = "庆元县"
county_code = "331126"
[[desk]]
address = "0.0.0.0"
port = 443
tls_cert = "/etc/tocsin/desk.crt"
tls_key = "/etc/tocsin/desk.key"
trusted_proxies = ["10.0.0.1", "fd00::1"]
[[desk]]
port = 8600
[link]
address = "192.0.2.1"
port = 8080
allow_plain_http = "yes, without TLS on this address"
public_url = "http://yj.example:8080"
duty_phone = "0578 000 0000"
[smtp]
host = "mail.example"
security = "tls"
user = "desk"
password_file = ")" + secret + R"("
from = "desk@county.example"
[hj212]
address = "0.0.0.0"
connections_max = 500
[session]
idle_min = 10
[data]
disk_reserve_mb = 512
case_keep_days = 30
[web]
folder = "/usr/share/tocsin/web"
)");
  std::filesystem::remove(secret);
  ASSERT_TRUE(config) << config.error().front().field;
  EXPECT_EQ(config->desk.size(), 2u);
  EXPECT_TRUE(config->desk[0].tls());
  EXPECT_EQ(config->desk[0].trusted_proxies.size(), 2u);
  EXPECT_EQ(config->link_public_url, "http://yj.example:8080");
  EXPECT_EQ(config->smtp.port, 465);
  EXPECT_EQ(config->smtp.password, "p w");
  EXPECT_EQ(config->hj212.port, 8212);
  EXPECT_EQ(config->session_idle, Duration(600'000));
  EXPECT_EQ(config->disk_reserve_bytes, 512u << 20);
  EXPECT_EQ(config->case_keep_days, 30);
}

TEST(config, unknown_keys_are_errors_wherever_they_stand) {
  EXPECT_EQ(problems("exercise = true"), "config.unknown_key exercise");
  EXPECT_EQ(problems("[node]\nnmae = \"x\""), "config.unknown_key node.nmae");
  EXPECT_EQ(problems("[[desk]]\nport = 1\ntsl_cert = \"x\""),
            "config.unknown_key desk[0].tsl_cert");
  EXPECT_EQ(problems("[mail]\nhost = \"x\""), "config.unknown_key mail");
}

TEST(config, bad_values_are_all_named_at_once) {
  EXPECT_EQ(problems("[[desk]]\naddress = \"here\"\nport = 70000\n[session]\nidle_min = \"30\""),
            "config.bad_value desk[0].address; config.bad_value desk[0].port; "
            "config.plain_http desk[0].address; config.bad_value session.idle_min");
  EXPECT_EQ(problems("node = 3"), "config.bad_value node");
  EXPECT_EQ(problems("[desk]\nport = 1"), "config.bad_value desk");
  EXPECT_EQ(problems("[node]\nname = \"A b\"\ncounty_code = \"33112x\""),
            "config.bad_value node.name; config.bad_value node.county_code");
  EXPECT_EQ(problems("[smtp]\nsecurity = \"ssl\""),
            "config.missing smtp.host; config.bad_value smtp.security; config.bad_value smtp.from");
  EXPECT_EQ(problems("[node]\nname = \"a\"\n\nname = "), "config.syntax line 4");
}

TEST(config, plain_http_beyond_loopback_needs_the_very_words) {
  EXPECT_EQ(problems("[[desk]]\naddress = \"0.0.0.0\""), "config.plain_http desk[0].address");
  EXPECT_EQ(problems("[[desk]]\naddress = \"192.0.2.1\"\nallow_plain_http = \"yes\""),
            "config.bad_value desk[0].allow_plain_http; config.plain_http desk[0].address");
  EXPECT_EQ(problems("[[desk]]\naddress = \"127.0.0.9\""), "");
  EXPECT_EQ(problems("[[desk]]\naddress = \"::1\""), "");
  EXPECT_EQ(problems("[[desk]]\ntls_cert = \"x\""), "config.missing desk[0].tls_key");
}

TEST(config, a_link_for_phones_must_say_its_address) {
  const std::string plain = "allow_plain_http = \"yes, without TLS on this address\"\n";
  EXPECT_EQ(problems("[link]\naddress = \"0.0.0.0\"\n" + plain), "config.missing link.public_url");
  EXPECT_EQ(problems("[link]\npublic_url = \"phone.example\""), "config.bad_value link.public_url");
  EXPECT_EQ(problems("[link]\npublic_url = \"http://\""), "config.bad_value link.public_url");
  EXPECT_EQ(parse_config("[link]\nport = 9000")->link_public_url, "http://127.0.0.1:9000");
}

TEST(config, no_mail_of_an_exercise_leaves_the_machine) {
  const std::string smtp = "[smtp]\nfrom = \"a@b\"\nhost = ";
  const std::string exercise = "[node]\nexercise = true\n";
  EXPECT_EQ(problems(exercise + smtp + "\"mail.example\""), "config.exercise smtp.host");
  EXPECT_EQ(problems(exercise + smtp + "\"127.0.0.1\""), "");
  EXPECT_EQ(problems(smtp + "\"mail.example\""), "");
}

TEST(config, files_that_cannot_be_read_are_named) {
  EXPECT_EQ(load_config("/nowhere/tocsin.toml").error().front().code, "config.unreadable");
  EXPECT_EQ(problems("[smtp]\nhost = \"localhost\"\nfrom = \"a@b\"\npassword_file = \"/nowhere\""),
            "config.unreadable smtp.password_file");
}

}  // namespace tocsin::server
