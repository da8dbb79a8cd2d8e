#include "adapter/smtp/client.h"

#include <sodium.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapter/smtp/message.h"
#include "adapter/smtp/wire.h"
#include "base/encode.h"

namespace tocsin::smtp {
namespace {

Report unsent(Outcome outcome, std::string code, std::string words) {
  return {outcome, std::move(code), std::move(words), 0};
}

/// What a connection failed of: worth another try.
Report from_error(const Error& error) {
  const std::string where = error.field.empty() ? "" : error.field + ": ";
  return unsent(Outcome::temporary, error.code, where + error.detail);
}

/// What the server answered: 4xx another time, 5xx never like this.
Report from_reply(const Reply& reply) {
  const bool later = reply.code >= 400 && reply.code < 500;
  return {later ? Outcome::temporary : Outcome::permanent, later ? "smtp.later" : "smtp.rejected",
          std::to_string(reply.code) + " " + reply.words(), reply.code};
}

/// Extensions the server told of in its answer to EHLO, upper case: "AUTH PLAIN LOGIN".
struct Offers {
  std::vector<std::string> lines;
  const std::string* find(std::string_view name) const {
    for (const std::string& line : lines)
      if (line == name || line.starts_with(std::string(name) + " ")) return &line;
    return nullptr;
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }
};

Offers offers_of(const Reply& reply) {
  Offers out{reply.lines};
  for (std::string& line : out.lines)
    for (char& c : line)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

std::string base64(std::string_view text) {
  std::string out(sodium_base64_ENCODED_LEN(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), as_bytes(text).data(), text.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.resize(out.size() - 1);
  return out;
}

/// The conversation. Each step gives the refusing report, or nothing when it went well.
class Talk {
 public:
  using Step = asio::awaitable<std::optional<Report>>;

  Talk(asio::any_io_executor executor, Account account, Mail mail)
      : account_(std::move(account)),
        mail_(std::move(mail)),
        wire_(std::make_shared<Wire>(executor, account_)) {}

  asio::awaitable<Report> run() {
    std::optional<Report> no = check();
    if (!no) no = co_await reach();
    if (!no) no = co_await envelope();
    if (!no) no = co_await content();
    wire_->close();
    if (no) co_return std::move(*no);
    co_return done_;
  }

 private:
  std::optional<Report> check() const {
    if (!valid_address(mail_.to))
      return unsent(Outcome::permanent, "smtp.bad_address", "to: no mail address");
    if (!valid_address(account_.from))
      return unsent(Outcome::permanent, "smtp.bad_address", "from: no mail address");
    return std::nullopt;
  }

  Step expect(asio::awaitable<Result<Reply>> asked, int good) {
    Result<Reply> reply = co_await std::move(asked);
    if (!reply) co_return from_error(reply.error());
    if (reply->code / 100 != good) co_return from_reply(*reply);
    reply_ = std::move(*reply);
    co_return std::nullopt;
  }

  /// All that comes before the mail is spoken of. A refusal here is no judgement on the mail: the
  /// server may be full, or its password or certificate mended while the mail still matters.
  Step reach() {
    auto no = co_await greet();
    if (!no) no = co_await secure();
    if (!no) no = co_await log_in();
    if (no) no->outcome = Outcome::temporary;
    co_return no;
  }

  Step greet() {
    const auto connected = co_await wire_->connect();
    if (!connected) co_return from_error(connected.error());
    if (account_.security == Security::tls) {
      const auto secured = co_await wire_->start_tls(true);
      if (!secured) co_return from_error(secured.error());
    }
    auto no = co_await expect(wire_->reply(), 2);
    if (no) co_return no;
    co_return co_await hello();
  }

  Step hello() {
    auto no = co_await expect(wire_->say("EHLO " + account_.helo), 2);
    if (no && no->reply / 100 == 5) {  // a server from before ESMTP
      no = co_await expect(wire_->say("HELO " + account_.helo), 2);
      reply_.lines.clear();
    }
    offers_ = offers_of(reply_);
    co_return no;
  }

  Step secure() {
    if (account_.security == Security::none || wire_->tls()) co_return std::nullopt;
    const bool required = account_.security == Security::starttls;
    if (!offers_.has("STARTTLS")) {
      if (!required) co_return std::nullopt;
      co_return unsent(Outcome::permanent, "smtp.tls", "the server offers no STARTTLS");
    }
    auto no = co_await expect(wire_->say("STARTTLS"), 2);
    if (no) co_return no;
    const auto secured = co_await wire_->start_tls(required);
    if (!secured) co_return from_error(secured.error());
    co_return co_await hello();
  }

  Step log_in() {
    if (account_.user.empty()) co_return std::nullopt;
    if (!wire_->tls() && !wire_->loopback())
      co_return unsent(Outcome::permanent, "smtp.tls", "no password without TLS");
    const std::string* auth = offers_.find("AUTH");
    const std::string offered = auth ? *auth + " " : "";
    if (offered.find(" PLAIN ") != std::string::npos) {
      const std::string secret =
          std::string(1, '\0') + account_.user + std::string(1, '\0') + account_.password;
      co_return co_await expect(wire_->say("AUTH PLAIN " + base64(secret)), 2);
    }
    if (offered.find(" LOGIN ") == std::string::npos)
      co_return unsent(Outcome::permanent, "smtp.auth", "the server takes neither PLAIN nor LOGIN");
    auto no = co_await expect(wire_->say("AUTH LOGIN"), 3);
    if (!no) no = co_await expect(wire_->say(base64(account_.user)), 3);
    if (!no) no = co_await expect(wire_->say(base64(account_.password)), 2);
    co_return no;
  }

  Step envelope() {
    const bool utf8 = !is_ascii(mail_.to) || !is_ascii(account_.from);
    if (utf8 && !offers_.has("SMTPUTF8"))
      co_return unsent(Outcome::permanent, "smtp.bad_address",
                       "the server takes ASCII addresses only");
    std::string from = "MAIL FROM:<" + account_.from + ">";
    if (offers_.has("8BITMIME")) from += " BODY=8BITMIME";
    if (utf8) from += " SMTPUTF8";
    auto no = co_await expect(wire_->say(std::move(from)), 2);
    if (!no) no = co_await expect(wire_->say("RCPT TO:<" + mail_.to + ">"), 2);
    co_return no;
  }

  Step content() {
    auto no = co_await expect(wire_->say("DATA"), 3);
    if (no) co_return no;
    const auto sent = co_await wire_->write(dot_stuffed(compose(account_, mail_)));
    if (!sent) co_return from_error(sent.error());
    no = co_await expect(wire_->reply(), 2);
    if (no) co_return no;
    done_ = {Outcome::handed_over, "", std::to_string(reply_.code) + " " + reply_.words(),
             reply_.code};
    co_await wire_->write("QUIT\r\n");  // courtesy; the mail is theirs whatever they answer
    co_return std::nullopt;
  }

  const Account account_;
  const Mail mail_;
  std::shared_ptr<Wire> wire_;
  Reply reply_;
  Offers offers_;
  Report done_{};
};

asio::awaitable<Report> talk(asio::any_io_executor strand, Account account, Mail mail) {
  try {
    Talk conversation(strand, std::move(account), std::move(mail));
    co_return co_await conversation.run();
  } catch (const std::exception& failure) {
    co_return unsent(Outcome::temporary, "smtp.failed", failure.what());
  }
}

}  // namespace

asio::awaitable<Report> send(const Account& account, Mail mail) {
  const auto strand = asio::make_strand(co_await asio::this_coro::executor);
  Report report =
      co_await asio::co_spawn(strand, talk(strand, account, std::move(mail)), asio::use_awaitable);
  co_return report;
}

}  // namespace tocsin::smtp
