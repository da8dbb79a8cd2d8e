#pragma once
// Handing one mail to a mail server (RFC 5321). Each call is one connection with a limit on every
// step, so a server that hangs, refuses or talks nonsense delays its own mail and no other.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "base/time.h"

namespace tocsin::smtp {

namespace asio = boost::asio;

enum class Security : std::uint8_t {
  starttls,       // required: without it nothing is sent
  opportunistic,  // STARTTLS when offered, certificate not checked
  tls,            // TLS from the first byte (port 465)
  none,           // never; loopback or a trusted wire
};

/// 邮件服务器.
struct Account {
  std::string host;
  std::uint16_t port = 587;
  Security security = Security::starttls;
  std::string user{},
      password{};           // AUTH only when `user` is set, and never without TLS off loopback
  std::string from;         // address: "tocsin@county.example"
  std::string from_name{};  // "庆元县应急指挥中心"
  std::string helo = "tocsin.invalid";
  Duration step_max{20'000};  // connect, each reply, each write
  Duration whole_max{90'000};
};

struct Mail {
  std::string to;  // one address
  std::string to_name{};
  std::string subject;     // UTF-8
  std::string text;        // UTF-8, lines end in "\n"
  std::string message_id;  // "<call-rung@node>": the same each time, so a server may drop a repeat
  Instant date{};
  bool exercise = false;  // adds "X-Tocsin-Exercise: yes" (the subject is the caller's)
};

enum class Outcome : std::uint8_t {
  handed_over,  // the server took the responsibility for it (250 after DATA)
  temporary,    // try again later: 4xx, hung, refused, unreachable
  permanent,    // do not try again unchanged: 5xx, bad address, TLS or login refused
};

struct Report {
  Outcome outcome;
  std::string code;   // "smtp.timeout", "smtp.later", "smtp.rejected" …; empty when handed over
  std::string words;  // the server's own, at most 500 bytes, printable; or what happened
  int reply = 0;      // its three digits, 0 when it never said
};

/// Never throws; runs on the executor of the awaiting coroutine.
asio::awaitable<Report> send(const Account& account, Mail mail);

/// The message as it goes over the wire, without dot-stuffing: headers (RFC 2047 where needed), one
/// text/plain UTF-8 part in base64, lines of at most 76 characters, CR LF.
std::string compose(const Account& account, const Mail& mail);

}  // namespace tocsin::smtp
