#include "adapter/smtp/client.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>

#include "adapter/smtp/message.h"
#include "adapter/test_cert.h"

namespace tocsin::smtp {
namespace {

using Tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

/// A mail server of few words: for each line it gets it gives the next answer of its script. "TLS"
/// shakes hands, "BODY" reads up to the lone dot, "HANG" waits until the other side has gone, "CUT"
/// hangs up.
class Peer {
 public:
  explicit Peer(std::vector<std::string> script)
      : acceptor_(context_, {asio::ip::make_address("127.0.0.1"), 0}),
        script_(std::move(script)),
        thread_([this] { serve(); }) {}
  ~Peer() { heard(); }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  /// Everything heard; waits for the end of the conversation.
  const std::string& heard() {
    if (thread_.joinable()) thread_.join();
    return heard_;
  }

 private:
  using Tls = asio::ssl::stream<Tcp::socket&>;

  void serve() {
    ErrorCode error;
    Tcp::socket socket(context_);
    acceptor_.accept(socket, error);
    for (const std::string& step : script_) {
      if (step == "CUT") return;
      if (step == "TLS") {
        tls_context_.use_certificate_chain_file(cert_.cert_file);
        tls_context_.use_private_key_file(cert_.key_file, asio::ssl::context::pem);
        tls_ = std::make_unique<Tls>(socket, tls_context_);
        tls_->handshake(asio::ssl::stream_base::server, error);
        if (error) return;
      } else if (step == "BODY") {
        listen(socket, "\r\n.\r\n");
      } else if (step == "HANG") {
        while (listen(socket, "\n")) {
        }
      } else {
        if (!step.empty()) write(socket, step + "\r\n");
        if (&step != &script_.back() && (&step)[1] != "TLS" && (&step)[1] != "BODY" &&
            !listen(socket, "\n"))
          return;
      }
    }
  }
  void write(Tcp::socket& socket, const std::string& text) {
    ErrorCode error;
    if (tls_)
      asio::write(*tls_, asio::buffer(text), error);
    else
      asio::write(socket, asio::buffer(text), error);
  }
  bool listen(Tcp::socket& socket, std::string_view mark) {
    ErrorCode error;
    std::string piece(4096, '\0');
    while (kept_.find(mark) == std::string::npos) {
      const std::size_t size = tls_ ? tls_->read_some(asio::buffer(piece), error)
                                    : socket.read_some(asio::buffer(piece), error);
      if (error) return false;
      kept_.append(piece, 0, size);
    }
    const std::size_t end = kept_.find(mark) + mark.size();
    heard_ += kept_.substr(0, end);
    kept_.erase(0, end);
    return true;
  }

  asio::io_context context_;
  Tcp::acceptor acceptor_;
  asio::ssl::context tls_context_{asio::ssl::context::tls_server};
  tocsin::test::Certificate cert_;
  std::unique_ptr<Tls> tls_;
  std::vector<std::string> script_;
  std::string kept_, heard_;
  std::thread thread_;
};

Account account(std::uint16_t port, Security security = Security::none) {
  Account out;
  out.host = "127.0.0.1";
  out.port = port;
  out.security = security;
  out.from = "desk@county.example";
  out.step_max = Duration(500);
  out.whole_max = Duration(5'000);
  return out;
}

Report hand(const Account& account, std::string to = "chen@village.example",
            std::string text = ".dot\nline\n") {
  Mail mail;
  mail.to = std::move(to);
  mail.subject = "预警";
  mail.text = std::move(text);
  mail.message_id = "<c-1.0@node>";
  mail.date = instant_ms(1'800'000'000'000);
  asio::io_context context;
  auto report = asio::co_spawn(context, send(account, std::move(mail)), asio::use_future);
  context.run();
  return report.get();
}

}  // namespace

TEST(smtp_client, hands_a_mail_over) {
  Peer peer({"220 mx", "250-mx\r\n250 8BITMIME", "250 ok", "250 ok", "354 go", "BODY",
             "250 queued as 77"});
  const Report report = hand(account(peer.port()));
  EXPECT_EQ(report.outcome, Outcome::handed_over);
  EXPECT_EQ(report.words, "250 queued as 77");
  EXPECT_EQ(report.reply, 250);
  const std::string& heard = peer.heard();
  EXPECT_EQ(heard.find("EHLO tocsin.invalid\r\nMAIL FROM:<desk@county.example> BODY=8BITMIME\r\n"
                       "RCPT TO:<chen@village.example>\r\nDATA\r\n"),
            0u);
  EXPECT_NE(heard.find("Message-ID: <c-1.0@node>\r\n"), std::string::npos);
  EXPECT_TRUE(heard.ends_with("\r\n.\r\n"));
}

TEST(smtp_client, four_and_five_hundred_at_every_step) {
  const std::vector<std::string> good{"220 mx", "250 mx", "250 ok", "250 ok",
                                      "354 go", "BODY",   "250 ok"};
  for (const std::size_t step : {0u, 2u, 3u, 4u, 6u})
    for (const bool later : {true, false}) {
      std::vector<std::string> script(good.begin(), good.begin() + static_cast<long>(step));
      script.push_back(later ? "451 greylisted, \xe5 later" : "550 no such user");
      Peer peer(script);
      const Report report = hand(account(peer.port()));
      const bool of_the_mail = step > 0;  // a greeting that refuses is not about the mail
      EXPECT_EQ(report.outcome, of_the_mail && !later ? Outcome::permanent : Outcome::temporary)
          << step;
      EXPECT_EQ(report.code, later ? "smtp.later" : "smtp.rejected");
      EXPECT_EQ(report.words, later ? "451 greylisted, ? later" : "550 no such user");
    }
}

TEST(smtp_client, a_server_that_hangs_anywhere_costs_its_own_mail_only) {
  const std::vector<std::string> good{"220 mx", "250 mx", "250 ok", "250 ok", "354 go", "BODY"};
  for (std::size_t step = 0; step <= good.size(); ++step) {
    std::vector<std::string> script(good.begin(), good.begin() + static_cast<long>(step));
    script.push_back("HANG");
    Peer peer(script);
    Account quick = account(peer.port());
    quick.step_max = Duration(100);
    const Report report = hand(quick);
    EXPECT_EQ(report.outcome, Outcome::temporary) << step;
    EXPECT_EQ(report.code, "smtp.timeout") << step;
  }
}

TEST(smtp_client, a_server_that_drips_is_ended_by_the_whole_limit) {
  Peer peer({"220-a", "HANG"});
  Account slow = account(peer.port());
  slow.step_max = Duration(60'000);
  slow.whole_max = Duration(200);
  EXPECT_EQ(hand(slow).code, "smtp.timeout");
}

TEST(smtp_client, refusing_cutting_and_nonsense_are_temporary) {
  std::uint16_t closed = 0;
  {
    asio::io_context context;
    const Tcp::acceptor taken(context, {asio::ip::make_address("127.0.0.1"), 0});
    closed = taken.local_endpoint().port();
  }
  EXPECT_EQ(hand(account(closed)).code, "smtp.unreachable");
  Peer cut({"220 mx", "250 mx", "CUT"});
  EXPECT_EQ(hand(account(cut.port())).code, "smtp.gone");
  Peer web({"HTTP/1.1 400 Bad Request"});
  const Report report = hand(account(web.port()));
  EXPECT_EQ(report.code, "smtp.nonsense");
  EXPECT_EQ(report.words, "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(report.outcome, Outcome::temporary);
  Peer endless({std::string(5'000, 'x')});
  EXPECT_EQ(hand(account(endless.port())).code, "smtp.nonsense");
  std::string many;
  for (int i = 0; i < 200; ++i) many += "220-more\r\n";
  Peer lines({many});
  EXPECT_EQ(hand(account(lines.port())).code, "smtp.nonsense");
}

TEST(smtp_client, bad_addresses_go_nowhere) {
  EXPECT_EQ(hand(account(1), "nobody").code, "smtp.bad_address");
  EXPECT_EQ(hand(account(1), "a@b\r\nDATA").outcome, Outcome::permanent);
  Peer ascii({"220 mx", "250 mx", ""});
  EXPECT_EQ(hand(account(ascii.port()), "用户@例子.中国").code, "smtp.bad_address");
  Peer utf8({"220 mx", "250-mx\r\n250 SMTPUTF8", "550 no"});
  EXPECT_EQ(hand(account(utf8.port()), "用户@例子.中国").code, "smtp.rejected");
  EXPECT_NE(utf8.heard().find("SMTPUTF8\r\n"), std::string::npos);
}

TEST(smtp_client, logs_in_with_plain_or_login) {
  Peer plain({"220 mx", "250-mx\r\n250 AUTH LOGIN PLAIN", "235 in", "250 ok", "250 ok", "354 go",
              "BODY", "250 ok"});
  Account known = account(plain.port());
  known.user = "u";
  known.password = "p";
  EXPECT_EQ(hand(known).outcome, Outcome::handed_over);
  EXPECT_NE(plain.heard().find("AUTH PLAIN AHUAcA==\r\n"), std::string::npos);

  Peer login(
      {"220 mx", "250-mx\r\n250 AUTH LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "535 wrong"});
  known.port = login.port();
  const Report report = hand(known);
  EXPECT_EQ(report.outcome, Outcome::temporary) << "a password can be mended";
  EXPECT_EQ(report.words, "535 wrong");
  EXPECT_NE(login.heard().find("AUTH LOGIN\r\ndQ==\r\ncA==\r\n"), std::string::npos);
}

TEST(smtp_client, required_tls_is_not_given_up) {
  Peer without({"220 mx", "250 mx", ""});
  const Report none = hand(account(without.port(), Security::starttls));
  EXPECT_EQ(none.code, "smtp.tls");
  EXPECT_EQ(without.heard().find("MAIL"), std::string::npos);
  Peer self_signed({"220 mx", "250-mx\r\n250 STARTTLS", "220 go", "TLS", "250 mx"});
  const Report report = hand(account(self_signed.port(), Security::starttls));
  EXPECT_EQ(report.code, "smtp.tls");
  EXPECT_EQ(report.outcome, Outcome::temporary) << "a certificate can be mended";
}

TEST(smtp_client, opportunistic_tls_encrypts_to_whoever_it_is) {
  Peer peer({"220 mx", "250-mx\r\n250 STARTTLS", "220 go", "TLS", "", "250 mx", "250 ok", "250 ok",
             "354 go", "BODY", "250 ok"});
  EXPECT_EQ(hand(account(peer.port(), Security::opportunistic)).outcome, Outcome::handed_over);
  const std::string& heard = peer.heard();
  EXPECT_NE(heard.find("STARTTLS\r\nEHLO tocsin.invalid\r\nMAIL FROM"), std::string::npos);
}

}  // namespace tocsin::smtp
