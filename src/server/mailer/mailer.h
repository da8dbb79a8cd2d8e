#pragma once
// 发件. Takes what the node wants sent by mail, hands it to the mail server, and reports back what
// became of it. At most a few at a time; one that fails is tried again after 5, 15, 60, 120 seconds
// and given up after the fifth time. Sending twice after a crash is possible and told by the same
// Message-ID; being told twice is harmless, not being told is not.

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "adapter/smtp/client.h"
#include "server/desk/desk.h"
#include "server/link/token.h"

namespace tocsin::server {

struct MailerSettings {
  smtp::Account account;
  std::string public_base_url;  ///< of the link listener, as a phone reaches it
  std::string phone;            ///< of the duty desk
  std::size_t at_once = 8;
  /// Rests between tries, some 70 minutes in all: a server that is down, or one that takes nobody
  /// it has not seen for a while, costs no one his mail.
  std::vector<Duration> retry{Duration(5'000),    Duration(15'000),  Duration(60'000),
                              Duration(120'000),  Duration(300'000), Duration(600'000),
                              Duration(1200'000), Duration(1800'000)};
};

class Mailer {
 public:
  Mailer(asio::any_io_executor executor, Desk& desk, const Clock& clock, LinkKey key,
         MailerSettings settings);
  ~Mailer();

  /// Where the mail server listens, when that is known only later than the rest; before start().
  void send_to_port(std::uint16_t port);
  void start();
  void stop();
  /// Hands over mails that are nobody's call (somebody broke the glass), each with the same tries.
  /// From any thread.
  void tell(std::vector<smtp::Mail> mails);

  struct Stats {
    std::uint64_t handed_over = 0, temporary = 0, permanent = 0;
  };
  Stats stats() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tocsin::server
